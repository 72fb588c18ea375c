import { onTestFinished } from 'vitest'
import { runAlertEngine } from '../../../lib/alerts/engine'
import type { Measured } from '../../../lib/alerts/measured'
import type { ClusterView } from '../../../lib/alerts/view'
import { type AlertRuleInput, alertRuleInput } from '../../../lib/contract'
import { type AlertStore, type OperatorWriter, openAlertStore, openOperatorWriter } from '../../../lib/store'
import { FakeClock } from '../../support/fakeReaderClock'
import { type TestRecord, testRecord } from '../store/recordFixture'

/** An engine over a real store, with time and what it measures in the test's hands. */
export interface EngineHarness {
  readonly clock: FakeClock
  readonly record: TestRecord
  readonly store: AlertStore
  readonly operator: OperatorWriter
  /** What every state gives from now on; an error: it cannot be read. */
  measured: readonly Measured[] | Error
  /** Of changes, the same. */
  changed: readonly Measured[]
  /** Clusters whose record cannot be read. */
  readonly broken: Set<string>
  /** Rounds so far, of each of the two groups of rules. */
  readonly rounds: { events: number; measures: number }
  /** Starts one more engine; `end` lets it stop in order, `die` only ever leaves its lease behind. */
  start(options?: StartOptions): RunningEngine
  steps(): Promise<string[]>
}

export interface RunningEngine {
  end(): Promise<void>
  die(): Promise<void>
  readonly told: string[]
}

interface StartOptions {
  owner?: string
  store?: AlertStore
  builtins?: readonly AlertRuleInput[]
  settingsRules?: readonly AlertRuleInput[]
  clusters?: readonly string[]
  gone?: readonly string[]
}

export const intervalMs = 5_000

export function rule(given: Record<string, unknown> = {}): AlertRuleInput {
  return alertRuleInput.parse({
    name: 'Unreachable',
    measure: { kind: 'state', state: 'source-reachable' },
    comparison: '==',
    thresholds: [{ severity: 'critical', value: 0, forMs: 10_000 }],
    annotations: { summary: '{{ labels.member }} of {{ cluster }} says {{ value }}' },
    ...given,
  })
}

export async function engineHarness(): Promise<EngineHarness> {
  const clock = new FakeClock()
  const record = await testRecord(clock)
  const databaseUrl = record.databaseUrl
  const store = await openAlertStore({ databaseUrl, clock })
  const operator = await openOperatorWriter({ databaseUrl, clock })
  onTestFinished(() => store.close())
  onTestFinished(() => operator.close())
  // Prisma answers after real time, which the test's clock knows nothing of.
  await record.writer.ensureCluster('lab', 'etcd', false)
  const rows = await record.reader.clusters()
  const reader = { ...record.reader, clusters: async () => rows }
  const harness: EngineHarness = {
    clock,
    record,
    store,
    operator,
    measured: [],
    changed: [],
    broken: new Set(),
    rounds: { events: 0, measures: 0 },
    start(options = {}) {
      const abort = new AbortController()
      const told: string[] = []
      const used = options.store ?? store
      let dead = false
      const running = runAlertEngine({
        reader,
        // One that died writes no more, not even that it is gone.
        store: new Proxy(used, {
          get: (target, verb: keyof AlertStore) =>
            dead ? () => Promise.reject(new Error('dead')) : target[verb].bind(target),
        }),
        clock,
        signal: abort.signal,
        owner: options.owner ?? 'one',
        isOwnerGone: (owner) => options.gone?.includes(owner) ?? false,
        clusters: options.clusters ?? ['prod'],
        builtins: options.builtins ?? [rule()],
        settingsRules: options.settingsRules ?? [],
        intervalMs,
        openView: (cluster) => viewOf(harness, cluster.name),
        log: (message) => told.push(message),
      })
      onTestFinished(async () => {
        abort.abort()
        await running.catch(() => {})
      })
      return {
        told,
        async end() {
          abort.abort()
          await running
        },
        async die() {
          dead = true
          abort.abort()
          await running.catch(() => {})
        },
      }
    },
    async steps() {
      const all = await record.reader.transitionsAfter(0, 1_000)
      return all.map(({ kind, alert }) => `${kind} ${Object.values(alert.labels).join(' ')}`.trim())
    },
  }
  return harness
}

function viewOf(harness: EngineHarness, cluster: string): ClusterView {
  return {
    cover: () => {},
    async at(nowMs) {
      if (harness.broken.has(cluster)) throw new Error(`${cluster} cannot be read`)
      return {
        nowMs,
        series: () => [],
        changes: () => {
          harness.rounds.events++
          return harness.changed
        },
        state: () => {
          harness.rounds.measures++
          if (harness.measured instanceof Error) throw harness.measured
          return harness.measured
        },
        memo: new Map(),
      }
    },
  }
}
