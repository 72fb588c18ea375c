import { z } from 'zod'
import type { AnswerOf, CompareItem, InputOf } from '../contract'
import { describeNet, type NetSide } from '../kubernetes/netSummary'
import type { ChangeRow, ClusterRow, DifferenceRow, RevisionAt } from '../store/store'
import { timeOrNull } from './instant'
import { keyFieldsOf, prefixOf, prefixRange, textOfBytes } from './keyBytes'
import { coveredMoment } from './moment'
import { digits, readCursor, writeCursor } from './pageCursor'
import { clusterOf, type Scope } from './scope'
import { thinnedAt } from './thinned'

/** The cursor pins both moments, so that pages up to `now` belong together while writes go on. */
const end = z.number().int().min(0)
const cursorShape = z.tuple([end, digits, end, digits, z.string().regex(/^[A-Za-z0-9_-]*$/)])

/**
 * What leads from the keyspace under a prefix at one moment to that at another, key by key. Rejects with NOT_COVERED
 * when the whole state at either is not known.
 */
export async function compare(scope: Scope, input: InputOf<'compare'>): Promise<AnswerOf<'compare'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const cursor = readCursor(input.cursor, 'compare', cursorShape)
  const between = cursor
    ? {
        from: { epoch: cursor[0], revision: BigInt(cursor[1]) },
        to: { epoch: cursor[2], revision: BigInt(cursor[3]) },
      }
    : await momentsOf(scope, cluster, input)
  const { rows, nextKey } = await scope.reader.differences(cluster, between, prefixRange(prefixOf(input)), {
    limit: input.limit,
    fromKey: cursor ? new Uint8Array(Buffer.from(cursor[4], 'base64url')) : null,
  })
  const items: CompareItem[] = []
  // One after the other: each may reconstruct two values, and no more than two need be in memory.
  for (const row of rows) items.push(await itemOf(scope, cluster, row))
  const { from, to } = between
  const [fromMs, toMs] = await Promise.all(
    [from, to].map((moment) => scope.reader.timeOf(cluster, moment.epoch, moment.revision)),
  )
  return {
    from: { epoch: from.epoch, revision: String(from.revision), at: timeOrNull(fromMs ?? null) },
    to: { epoch: to.epoch, revision: String(to.revision), at: timeOrNull(toMs ?? null) },
    items,
    thinned: await thinnedAt(scope, cluster, [from, to]),
    nextCursor:
      nextKey &&
      writeCursor('compare', [
        from.epoch,
        String(from.revision),
        to.epoch,
        String(to.revision),
        Buffer.from(nextKey).toString('base64url'),
      ]),
  }
}

async function momentsOf(
  scope: Scope,
  cluster: ClusterRow,
  input: InputOf<'compare'>,
): Promise<{ from: RevisionAt; to: RevisionAt }> {
  const { epoch } = input
  const from = await coveredMoment(scope, cluster, input.from, { parameter: 'from', epoch })
  const to = await coveredMoment(scope, cluster, input.to, { parameter: 'to', epoch })
  return { from, to }
}

async function itemOf(scope: Scope, cluster: ClusterRow, row: DifferenceRow): Promise<CompareItem> {
  const [before, after] = [alive(row.before), alive(row.after)]
  // One side is there, or there would be no difference.
  const named = row.after ?? row.before
  const key = named?.key ?? new Uint8Array(0)
  return {
    ...keyFieldsOf(key),
    op: row.unknown ? 'unknown' : before === null ? 'create' : after === null ? 'delete' : 'update',
    fromRevision: before && String(before.revision),
    toRevision: row.after && String(row.after.revision),
    resource: named?.resource ?? null,
    namespace: named?.namespace ?? null,
    name: named?.name ?? null,
    redacted: [before, after].some((side) => side !== null && side.fingerprint !== null),
    ...(await describe(scope, cluster, row)),
  }
}

function alive(row: ChangeRow | null): ChangeRow | null {
  return row === null || row.op === 'delete' ? null : row
}

/** The one change's own words where there was just one: it was described when it was seen. */
async function describe(
  scope: Scope,
  cluster: ClusterRow,
  row: DifferenceRow,
): Promise<Pick<CompareItem, 'summary' | 'significance'>> {
  if (row.unknown) {
    return {
      summary: 'not known: its changes around one of the moments were removed',
      significance: significanceOf(row),
    }
  }
  if (row.single && row.after !== null && row.after.summary !== null) {
    return { summary: row.after.summary, significance: row.after.significance }
  }
  const { key, resource, name } = row.after ?? row.before ?? { key: new Uint8Array(0), resource: null, name: null }
  const [before, after] = [await sideOf(scope, cluster, row.before), await sideOf(scope, cluster, row.after)]
  return describeNet({ key: textOfBytes(key) ?? '', resource, name }, before, after)
}

/** Of what is kept nearest: where heartbeats are gone, what is left of the key is mostly one. */
function significanceOf({ before, after }: DifferenceRow): CompareItem['significance'] {
  return (after ?? before)?.significance ?? 'none'
}

async function sideOf(scope: Scope, cluster: ClusterRow, row: ChangeRow | null): Promise<NetSide> {
  if (row === null || row.op === 'delete') return { value: null, fingerprint: null }
  const found = await scope.reader.valueAt(cluster, row.epoch, row.key, row.revision)
  const value = found?.value ?? null
  return { value, fingerprint: value === null ? row.fingerprint : null }
}
