import type { StoredSample, StoredSeries } from '../../../lib/store'
import type { LeaderChangeInput, RecordReader } from '../../../lib/store/store'
import type { RolloutRow, StatusLane, StepStatus } from '../../../lib/store/workloadStore'
import { clusterRow, emptyRecord, epochRow, type FakeRecord, fakeReader } from '../../support/fakeReader'

/** A record in memory for rules to be evaluated on: samples each 15 s from `start` on, in minutes since then. */

export const start = Date.UTC(2026, 0, 5)
export const minute = 60_000
export const gib = 1024 ** 3
export const cluster = { id: 1, name: 'prod' }
const everyMs = 15_000

export const atMinute = (minutes: number) => start + minutes * minute
export const minuteOf = (time: string) => (Date.parse(time) - start) / minute

export const memberLabels = (member: string) => ({ member, member_id: `id-${member}` })

type Value = (minutes: number) => number | null

export class AlertRecord {
  readonly record: FakeRecord = { ...emptyRecord(), clusters: [clusterRow({ epochs: [epochRow({ firstMs: start })] })] }
  readonly series: StoredSeries[] = []
  readonly minutes: number
  readonly #lanes: StatusLane[] = []
  readonly #rollouts: RolloutRow[] = []

  constructor(minutes = 120) {
    this.minutes = minutes
  }

  gauge(metric: string, labels: Record<string, string>, value: Value): this {
    return this.#add(metric, labels, 'gauge', [], (minutes) => {
      const now = value(minutes)
      return now === null ? null : { value: now, spanMs: 0 }
    })
  }

  /** `perSecond` of the 15 seconds that end there. */
  counter(metric: string, labels: Record<string, string>, perSecond: Value): this {
    return this.#add(metric, labels, 'counter', [], (minutes) => {
      const now = perSecond(minutes)
      return now === null ? null : { value: (now * everyMs) / 1000, spanMs: everyMs }
    })
  }

  /** 100 observations each 15 s, all in the bucket of that index. */
  histogram(metric: string, labels: Record<string, string>, bounds: readonly number[], bucket: Value): this {
    return this.#add(metric, labels, 'histogram', [...bounds, Number.POSITIVE_INFINITY], (minutes) => {
      const at = bucket(minutes)
      if (at === null) return null
      return { value: 100, spanMs: everyMs, counts: [...bounds, 0].map((_, index) => (index === at ? 100 : 0)) }
    })
  }

  /** Steps of status of one workload or Node, by minute. */
  lane(kind: string, name: string, steps: readonly (readonly [minutes: number, status: StepStatus])[]): this {
    const keyId = this.#lanes.length + 1
    const rows = steps.map(([minutes, status], at) => {
      const atMs = atMinute(minutes)
      return { atMs, sinceMs: atMs, revision: BigInt(at + 1), status, reason: null }
    })
    this.#lanes.push({ keyId, kind, namespace: kind === 'Node' ? null : 'shop', name, steps: rows })
    return this
  }

  /** The rollout of the newest lane that failed then. */
  failedRollout(minutes: number): this {
    this.#rollouts.push({
      keyId: this.#lanes.length,
      fromRevision: 1n,
      generation: 2,
      startedMs: atMinute(minutes - 5),
      cause: 'template',
      outcome: 'failed',
      endedRevision: 2n,
      endedMs: atMinute(minutes),
      convergedMs: null,
      replacedAt: [],
      template: null,
      failures: [],
    })
    return this
  }

  leaderChange(minutes: number, change: Partial<LeaderChangeInput> = {}): this {
    const term = BigInt(this.record.leaderChanges.length + 2)
    this.record.leaderChanges.push({
      atMs: atMinute(minutes),
      term,
      fromMemberId: 'id-a',
      fromName: 'a',
      toMemberId: 'id-b',
      toName: 'b',
      leaderlessMs: 1_200,
      planned: false,
      elections: 1,
      revision: null,
      ...change,
    })
    return this
  }

  reader(): RecordReader {
    return {
      ...fakeReader(this.record),
      samples: async (_cluster, { metrics, afterMs, toMs }) =>
        this.series.flatMap((one) => {
          const samples = one.samples.filter(({ atMs }) => atMs > afterMs && atMs <= toMs)
          return metrics.includes(one.metric) && samples.length > 0 ? [{ ...one, samples }] : []
        }),
      revisionAt: async () => 99n,
      statusSteps: async (_cluster, _epoch, role) =>
        this.#lanes.filter(({ kind }) => (kind === 'Node') === (role === 'node')),
      rollouts: async () => this.#rollouts,
      leaderChanges: async (_cluster, fromMs, toMs) =>
        this.record.leaderChanges.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
    }
  }

  #add(
    metric: string,
    labels: Record<string, string>,
    kind: StoredSeries['kind'],
    bounds: readonly number[],
    sampleAt: (minutes: number) => Omit<StoredSample, 'atMs'> | null,
  ): this {
    const samples: StoredSample[] = []
    for (let atMs = start; atMs <= atMinute(this.minutes); atMs += everyMs) {
      const sample = sampleAt((atMs - start) / minute)
      if (sample !== null) samples.push({ atMs, ...sample })
    }
    this.series.push({ id: this.series.length + 1, metric, labels, kind, bounds, samples })
    return this
  }
}
