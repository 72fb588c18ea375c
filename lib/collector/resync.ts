import type { KeyEvent } from '../etcd'
import type { Describer } from '../kubernetes'
import type { ChangeInput, ClusterRef, Cursor, Ownership, RecordWriter } from '../store'
import { changeOf, textOfBytes } from './describeEvents'

/**
 * What happens at the edge of a gap: the keyspace is read at one pinned revision and the difference to the record is
 * stored. Keys that changed unseen appear at their own mod_revision, keys that vanished as deletes at the pinned
 * revision. Afterwards every state from the pinned revision on is exact; what lies inside the gap is declared lost.
 */

export interface KeyspacePage {
  readonly kvs: readonly KeyEvent[]
  /** Where it begins, when that is not behind the page before: what lies between was not read. */
  readonly fromKey?: Uint8Array
  /** The first key behind this page; null on the last one. */
  readonly nextKey: Uint8Array | null
}

export interface ResyncContext {
  readonly writer: RecordWriter
  readonly describer: Describer
  readonly cluster: ClusterRef
  readonly ownership: Ownership
  readonly nowMs: () => number
}

const EMPTY = new Uint8Array(0)

/**
 * Stores the keyspace as it is at `pinned` and moves the cursor there, declaring `cursor.revision + 1 … pinned` a gap
 * with the reason given. Safe to run again after a cut at any point.
 */
export async function resync(
  pages: AsyncIterable<KeyspacePage>,
  pinned: bigint,
  cursor: Cursor,
  reason: string,
  context: ResyncContext,
): Promise<{ appended: number }> {
  const { writer, cluster, ownership } = context
  const ordinals = new Map<bigint, number>()
  let appended = 0
  let fromKey: Uint8Array = EMPTY
  let floorMs = cursor.lastAtMs

  for await (const page of pages) {
    const known = await writer.liveKeys(cluster, cursor.epoch, page.fromKey ?? fromKey, page.nextKey ?? EMPTY)
    const changes = await pageChanges(page, known, pinned, cursor.epoch, ordinals, floorMs, context)
    floorMs ??= changes.length === 0 ? null : Math.min(...changes.map((c) => c.atMs))
    if (changes.length > 0) {
      appended += (await writer.appendResync({ cluster, epoch: cursor.epoch, ownership, changes })).appended
    }
    if (page.nextKey === null) break
    fromKey = page.nextKey
  }

  await writer.finishResync(cluster, cursor.epoch, ownership, {
    through: pinned,
    gap: { fromRevision: cursor.revision + 1n, toRevision: pinned, reason, atMs: context.nowMs() },
  })
  return { appended }
}

type LiveKey = Awaited<ReturnType<RecordWriter['liveKeys']>>[number]

async function pageChanges(
  page: KeyspacePage,
  known: readonly LiveKey[],
  pinned: bigint,
  epoch: number,
  ordinals: Map<bigint, number>,
  floorMs: number | null,
  context: ResyncContext,
): Promise<ChangeInput[]> {
  const byKey = new Map(known.map((k) => [textOfBytes(k.key), k]))
  const fresh = page.kvs.filter((kv) => byKey.get(textOfBytes(kv.key))?.modRevision !== kv.modRevision)
  const alive = new Set(page.kvs.map((kv) => textOfBytes(kv.key)))
  const vanished = known.filter((k) => !alive.has(textOfBytes(k.key)))

  const previous = await context.writer.newest(
    context.cluster,
    epoch,
    fresh.filter((kv) => byKey.has(textOfBytes(kv.key))).map((kv) => kv.key),
  )
  const previousByKey = new Map(previous.map((p) => [textOfBytes(p.key), p]))
  const nowMs = context.nowMs()

  const describe = (
    event: KeyEvent,
    before: { value: Uint8Array | null; fingerprint: Uint8Array | null } | undefined,
  ) => {
    const described = context.describer.describe({
      op: event.type,
      key: event.key,
      value: event.value,
      created: event.version === 1n,
      leaseId: event.leaseId,
      previous: before?.value ?? null,
      previousFingerprint: before?.fingerprint ?? null,
    })
    const ordinal = ordinals.get(event.modRevision) ?? 0
    ordinals.set(event.modRevision, ordinal + 1)
    return changeOf(event, described, {
      ordinal,
      // finishResync raises these in revision order, so a lower bound is all that is needed here.
      atMs: Math.min(nowMs, described.notBeforeMs ?? floorMs ?? nowMs),
      atSource: 'bound',
      origin: 'resync',
    })
  }

  const puts = fresh.map((kv) => describe(kv, previousByKey.get(textOfBytes(kv.key))))
  const deletes = vanished.map((k) =>
    describe(
      { type: 'delete', key: k.key, value: EMPTY, modRevision: pinned, createRevision: 0n, version: 0n, leaseId: 0n },
      undefined,
    ),
  )
  return [...puts, ...deletes].sort((a, b) =>
    a.revision === b.revision ? a.ordinal - b.ordinal : a.revision < b.revision ? -1 : 1,
  )
}
