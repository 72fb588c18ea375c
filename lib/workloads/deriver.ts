import type { Clock } from '../core/clock'
import { sentenceOf } from '../core/errors'
import { maxBigInt, minBigInt } from '../core/int64'
import { noisyResources, workloadResources } from '../kubernetes/workload/relevance'
import type { ClusterRef, DerivationEpoch, ObjectFilter, ObjectRow, Ownership, RecordWriter } from '../store'
import { Derivation } from './derivation'
import { flapWindowMs } from './insights'

/**
 * Follows the stored changes of one cluster from where it stopped last and stores what they say of its workloads:
 * live, after a back-fill, for a database that is older than this, and for imported archives alike. Bounded steps,
 * between which everything else gets its turn. Invariant: rows and `derivedThrough` move in one transaction.
 */

export interface DeriverContext {
  readonly cluster: ClusterRef
  readonly writer: RecordWriter
  readonly ownership: () => Ownership
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: (message: string) => void
}

export interface Deriver {
  /** Something was stored. */
  wake(): void
  /** Reads everything that is stored by now; resolves when it has, or when the signal aborts. */
  catchUp(): Promise<void>
  /** Catches up whenever it is woken, until the signal aborts. */
  run(): Promise<void>
}

/** Versions between two turns of the event loop: some 10 ms. */
const rowsPerTurn = 150
/** Rows of one transaction: each costs an fsync. */
const turnsPerWrite = 20
/** What comes in while one look is gathered costs one transaction. */
const gatherMs = 200
/** A step back reads every object anew: while streams keep coming late, this often at most. */
const stepBackEveryMs = 5_000
/** A cursor that moved over nothing of ours is written this often at most. */
const idleWriteMs = 1_000
const retryMs = 5_000

const filter: ObjectFilter = { resources: workloadResources, custom: true, withHeartbeats: noisyResources }

interface Position {
  readonly epoch: number
  readonly derivation: Derivation
  through: bigint
  written: bigint
  /** What came late is taken in up to this link. */
  chainSeq: number
}

export function createDeriver(context: DeriverContext): Deriver {
  const { cluster, writer, clock, signal, log } = context
  let at: Position | null = null
  let writtenAtMs = Number.NEGATIVE_INFINITY
  let steppedBackMs = Number.NEGATIVE_INFINITY
  let nap = new AbortController()
  let woken = true
  /** Up to this time the record is known to be whole. */
  let seenMs = Number.NEGATIVE_INFINITY

  /** What was derived but not written is gone with a failure: it is derived again. */
  async function catchUp(): Promise<void> {
    try {
      await followAll()
    } catch (error) {
      at = null
      throw error
    }
  }

  async function followAll(): Promise<void> {
    for (const epoch of await writer.derivation(cluster, filter, at)) {
      const through = at?.epoch === epoch.epoch ? at.through : (epoch.derivedThrough ?? -1n)
      if (epoch.lateFrom !== null && epoch.lateFrom <= through) {
        // Until then nothing more is derived of a record that is known to hold more.
        if (clock.nowMs() < steppedBackMs + stepBackEveryMs) return
        await stepBack(epoch, epoch.lateFrom - 1n)
        return followAll()
      }
      if (at?.epoch === epoch.epoch) at.chainSeq = epoch.chainSeq
      if (through >= epoch.storedRevision) continue
      await follow(epoch)
      if (signal.aborted) return
    }
  }

  /** To before what came late, never into a gap: behind one everything begins anew. */
  async function stepBack({ epoch, gaps, chainSeq }: DerivationEpoch, below: bigint): Promise<void> {
    const around = gaps.find((gap) => gap.fromRevision <= below && below < gap.toRevision)
    const through = around === undefined ? below : around.fromRevision - 1n
    at = null
    await writer.stepBackDerived({ cluster, epoch, ownership: context.ownership(), through, chainSeq })
    steppedBackMs = clock.nowMs()
  }

  async function follow(epoch: DerivationEpoch): Promise<void> {
    if (at?.epoch !== epoch.epoch) at = await resume(epoch)
    for (;;) {
      const { through } = at
      const gap = epoch.gaps.find(({ toRevision }) => toRevision > through)
      const end = gap === undefined ? epoch.storedRevision : minBigInt(gap.fromRevision - 1n, epoch.storedRevision)
      await changesUpTo(at, end)
      if (signal.aborted || gap === undefined || gap.toRevision > epoch.storedRevision) return
      at.derivation.breakOff({ revision: gap.fromRevision, atMs: gap.beforeMs ?? gap.atMs })
      // Through the gap's start and no further: stopped here, it begins behind the gap again.
      await write(at, maxBigInt(at.through, gap.fromRevision - 1n))
      at = await beginBehind(epoch, gap)
    }
  }

  async function resume(epoch: DerivationEpoch): Promise<Position> {
    const derivation = new Derivation()
    const through = epoch.derivedThrough ?? 0n
    if (through > 0n) {
      const rest = await writer.derivationRest(cluster, epoch.epoch, flapWindowMs)
      const gaps = epoch.gaps.filter((gap) => gap.toRevision <= through)
      await loadObjects(derivation, epoch.epoch, through)
      derivation.restore(rest, gaps)
    }
    return { epoch: epoch.epoch, derivation, through, written: through, chainSeq: epoch.chainSeq }
  }

  async function beginBehind(epoch: DerivationEpoch, gap: DerivationEpoch['gaps'][number]): Promise<Position> {
    const derivation = new Derivation()
    const rest = await writer.derivationRest(cluster, epoch.epoch, 0)
    const revision = gap.toRevision
    await loadObjects(derivation, epoch.epoch, revision)
    derivation.begin(rest, { revision, atMs: gap.atMs })
    const position = { epoch: epoch.epoch, derivation, through: revision, written: -1n, chainSeq: epoch.chainSeq }
    await write(position, revision)
    return position
  }

  async function loadObjects(derivation: Derivation, epoch: number, revision: bigint): Promise<void> {
    for await (const page of writer.objectsAt(cluster, epoch, revision, filter)) derivation.load(page)
  }

  async function changesUpTo(position: Position, end: bigint): Promise<void> {
    let turns = 0
    while (position.through < end && !signal.aborted) {
      const range = { after: position.through, through: end }
      const { rows, through } = await writer.objectChanges(cluster, position.epoch, range, filter, rowsPerTurn)
      for (const revision of byRevision(rows)) position.derivation.apply(revision)
      position.through = through
      if (++turns % turnsPerWrite === 0) await write(position, through)
      if (position.through < end) await new Promise(setImmediate)
    }
    await write(position, position.through)
  }

  async function write(position: Position, through: bigint): Promise<void> {
    const derived = position.derivation.take()
    const isEmpty = Object.values(derived).every((rows) => rows.length === 0)
    if (through <= position.written && isEmpty) return
    if (isEmpty && clock.nowMs() - writtenAtMs < idleWriteMs) return
    const { epoch, chainSeq } = position
    await writer.writeDerived({ cluster, epoch, ownership: context.ownership(), through, chainSeq, ...derived })
    position.written = through
    writtenAtMs = clock.nowMs()
  }

  return {
    wake() {
      woken = true
      seenMs = clock.nowMs()
      nap.abort()
    },
    async catchUp() {
      steppedBackMs = Number.NEGATIVE_INFINITY
      await catchUp()
      if (at !== null) {
        writtenAtMs = Number.NEGATIVE_INFINITY
        await write(at, at.through)
      }
    },
    async run() {
      while (!signal.aborted) {
        woken = false
        try {
          const untilMs = seenMs
          await catchUp()
          if (at !== null) {
            at.derivation.advance(untilMs)
            await write(at, at.through)
          }
        } catch (error) {
          at = null
          // The recording goes on; whoever took the cluster over derives it.
          log(`workloads of ${cluster.name}: ${sentenceOf(error)}`)
          await clock.sleep(retryMs, signal)
        }
        await clock.sleep(gatherMs, signal)
        if (woken || signal.aborted) continue
        nap = new AbortController()
        // Late enough to be cheap, early enough that the cursor over nothing of ours is written.
        await clock.sleep(idleWriteMs, AbortSignal.any([signal, nap.signal]))
      }
    },
  }
}

function* byRevision(rows: readonly ObjectRow[]): Generator<ObjectRow[]> {
  let revision: ObjectRow[] = []
  for (const row of rows) {
    if (revision[0] !== undefined && revision[0].revision !== row.revision) {
      yield revision
      revision = []
    }
    revision.push(row)
  }
  if (revision.length > 0) yield revision
}
