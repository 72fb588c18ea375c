import type { AlertStateName, ChangeSelector } from '../contract'
import { ScopeError } from '../core/errors'
import type { ClusterRef, RecordReader } from '../store'
import { ChangeFeed, type FedTally } from './changeFeed'
import { changedPath } from './changeInspection'
import { ChangeTally, groupingBy, selectorTest } from './changeTally'
import type { Measured } from './measured'
import { lookbackMs, type Needs } from './needs'
import { SampleStore } from './sampleStore'
import type { MomentReader } from './states/state'
import { stateTable } from './states/stateTable'
import type { ClusterView, View } from './view'

/**
 * The view of one cluster, fed from the record: samples and changes are read once, as time goes on, and shared by all
 * rules. Live (`aheadMs` 0) each moment reads what is new; a backtest reads some hours at once and steps through them.
 * Moments must not go back.
 */

export interface FeedOptions {
  /** How far beyond the moment is read at once. */
  readonly aheadMs: number
}

/** Rows that states read are read anew this often; live they hold for one look only. */
const liveStateMs = 1_000

export function openClusterView(
  reader: RecordReader,
  cluster: ClusterRef,
  { aheadMs }: FeedOptions = { aheadMs: 0 },
): ClusterView {
  const samples = new SampleStore(reader, cluster, aheadMs)
  let needs = collect([])
  let changeFeed = new ChangeFeed(reader, cluster, [], null)
  let tallies = new Map<string, ChangeTally>()
  const moments = new Map<string, { readonly untilMs: number; readonly read: MomentReader }>()

  async function readStates(nowMs: number): Promise<void> {
    for (const { state, windowMs } of needs.states.values()) {
      const source = stateTable[state]
      const id = stateId(state, windowMs)
      const known = moments.get(id)
      if (source.kind !== 'record' || (known !== undefined && nowMs <= known.untilMs)) continue
      const range = { fromMs: nowMs, toMs: nowMs + Math.max(aheadMs, liveStateMs - 1), windowMs }
      const read = await source.read(reader, cluster, range)
      moments.set(id, { untilMs: range.toMs, read })
    }
  }

  return {
    cover(wanted) {
      needs = collect(wanted)
      samples.cover(needs.metrics)
      // Tallies of what is still wanted would have to be told apart from new ones: rules change seldom, all begin anew.
      if (sameKeys(tallies, needs.tallies)) return
      const fed: FedTally[] = []
      tallies = new Map()
      for (const [id, make] of needs.tallies) {
        const of = make(reader, cluster)
        const tally = new ChangeTally(of)
        tallies.set(id, tally)
        fed.push({ tally, windowMs: of.windowMs })
      }
      changeFeed = new ChangeFeed(reader, cluster, fed, needs.resources)
    },

    async at(nowMs, signal) {
      await samples.readThrough(nowMs, signal)
      await changeFeed.readThrough(nowMs, aheadMs > 0, signal)
      await readStates(nowMs)
      const view: View = {
        nowMs,
        memo: new Map<string, readonly Measured[]>(),
        series: (metric) => samples.of(metric),
        changes: (where, by, windowMs) => tallyOf(changesId(where, by, windowMs)).at(nowMs),
        state(state, windowMs) {
          const source = stateTable[state]
          if (source.kind === 'samples') return source.at(view, windowMs)
          if (source.kind === 'changes') return tallyOf(stateId(state, windowMs)).at(nowMs)
          const read = moments.get(stateId(state, windowMs))?.read
          if (read === undefined) throw notCovered(state)
          return read(view)
        },
      }
      return view
    },
  }

  function tallyOf(id: string): ChangeTally {
    const tally = tallies.get(id)
    if (tally === undefined) throw notCovered(id)
    return tally
  }
}

function notCovered(what: string): ScopeError {
  return new ScopeError('INTERNAL', `A rule reads ${what}, which the view was not told to cover.`)
}

const changesId = (where: ChangeSelector, by: readonly string[], windowMs: number) =>
  JSON.stringify([where, by, windowMs])
const stateId = (state: AlertStateName, windowMs: number) => `${state} ${windowMs}`

type MakeTally = (reader: RecordReader, cluster: ClusterRef) => ConstructorParameters<typeof ChangeTally>[0]

interface Collected {
  readonly metrics: Map<string, number>
  readonly states: Map<string, Needs['states'][number]>
  readonly tallies: Map<string, MakeTally>
  readonly resources: readonly string[] | null
}

function collect(wanted: readonly Needs[]): Collected {
  // Whether a member answers decides whether its last values still stand.
  const metrics = new Map<string, number>([['up', lookbackMs]])
  const states = new Map<string, Needs['states'][number]>()
  const tallies = new Map<string, MakeTally>()
  const resources: (readonly string[] | null)[] = []
  const metric = (name: string, windowMs: number) => metrics.set(name, Math.max(windowMs, metrics.get(name) ?? 0))
  for (const needs of wanted) {
    for (const [name, windowMs] of needs.metrics) metric(name, windowMs)
    for (const { where, by, windowMs } of needs.changes) {
      resources.push(where.resources ?? null)
      tallies.set(changesId(where, by, windowMs), (reader, cluster) => ({
        means: selectorTest(where),
        groupOf: groupingBy(by),
        windowMs,
        zero: by.length === 0,
        ...(where.path === undefined ? {} : { inspect: changedPath(reader, cluster, where.path) }),
      }))
    }
    for (const state of needs.states) {
      const source = stateTable[state.state]
      states.set(stateId(state.state, state.windowMs), state)
      if (source.kind === 'changes') {
        resources.push(source.resources)
        tallies.set(stateId(state.state, state.windowMs), (reader, cluster) =>
          source.tally(reader, cluster, state.windowMs),
        )
      } else {
        for (const [name, windowMs] of Object.entries(source.metrics(state.windowMs))) metric(name, windowMs)
      }
    }
  }
  const narrowed = resources.every((list) => list !== null)
  return {
    metrics,
    states,
    tallies,
    resources: narrowed ? [...new Set(resources.flatMap((list) => list ?? []))] : null,
  }
}

function sameKeys(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key))
}
