import { describe, expect, test } from 'vitest'
import { backtest } from '../../../lib/alerts/backtest'
import { builtInRules } from '../../../lib/alerts/builtin'
import { evaluateRule, prepareRule } from '../../../lib/alerts/preparedRule'
import { openClusterView } from '../../../lib/alerts/recordView'
import type { RuleState } from '../../../lib/alerts/ruleState'
import { maxStepOf } from '../../../lib/alerts/step'
import { type AlertRuleInput, alertRuleInput } from '../../../lib/contract'
import type { RecordReader } from '../../../lib/store'
import { changeRow } from '../../support/fakeReader'
import { seededRandom } from '../../support/seededRandom'
import { testRecord } from '../store/recordFixture'
import { AlertRecord, atMinute, cluster, gib, memberLabels, minute, minuteOf, start } from './alertRecord'

const sizeRule: AlertRuleInput = alertRuleInput.parse({
  name: 'size',
  measure: { kind: 'metric', metric: 'etcd_mvcc_db_total_size_in_bytes', agg: 'last' },
  comparison: '>',
  thresholds: [{ severity: 'warning', value: 10, forMs: 2 * minute }],
  labels: { team: 'storage' },
})

async function run(reader: RecordReader, rule: AlertRuleInput, options: Partial<Parameters<typeof backtest>[0]> = {}) {
  return await backtest({
    reader,
    cluster,
    rule,
    fromMs: start,
    toMs: atMinute(60),
    intervalMs: minute,
    series: false,
    thresholds: [],
    elapsedMs: () => performance.now(),
    ...options,
  })
}

const sized = (value: (m: number) => number | null) =>
  new AlertRecord().gauge('etcd_mvcc_db_total_size_in_bytes', memberLabels('a'), value)

describe('a backtest', () => {
  test('tells when it would have fired, for how long, and how far it went', async () => {
    const record = sized((m) => (m >= 10 && m < 20 ? 11 + m / 10 : 1))
    const answer = await run(record.reader(), sizeRule, { series: true, thresholds: [12.5, 100] })
    expect(answer.firings).toEqual([
      {
        labels: { member: 'a', member_id: 'id-a', team: 'storage', severity: 'warning' },
        severity: 'warning',
        from: new Date(atMinute(12)).toISOString(),
        to: new Date(atMinute(20)).toISOString(),
        activeFrom: new Date(atMinute(10)).toISOString(),
        peak: 12.9,
      },
    ])
    expect(answer).toMatchObject({ evaluations: 61, openMs: 8 * minute, longestMs: 8 * minute, unit: 'bytes' })
    expect(answer.series?.[0]?.points.slice(9, 12)).toEqual([
      [atMinute(9), 1],
      [atMinute(10), 12],
      [atMinute(11), 12.1],
    ])
    expect(answer.atThresholds).toEqual([
      { value: 12.5, firings: 1, openMs: 2 * minute },
      { value: 100, firings: 0, openMs: 0 },
    ])
  })

  test('knows what held already when its range begins, and leaves open what still fires at its end', async () => {
    const record = sized((m) => (m >= 10 ? 20 : 1))
    const [firing] = (await run(record.reader(), sizeRule, { fromMs: atMinute(30) })).firings
    expect([minuteOf(firing?.from ?? ''), firing?.to]).toEqual([30, null])
    const [held] = (await run(record.reader(), sizeRule, { fromMs: atMinute(11) })).firings
    expect(minuteOf(held?.from ?? '')).toBe(12)
  })

  test('of a series that ends resolves, keeps or fires as the rule says', async () => {
    const ends = sized((m) => (m < 10 ? 20 : null))
    const told = async (missingData: AlertRuleInput['missingData'], record: AlertRecord) =>
      (await run(record.reader(), { ...sizeRule, missingData })).firings.map(({ from, to, peak }) => [
        minuteOf(from),
        to && minuteOf(to),
        peak,
      ])
    // Its last value stands for five minutes.
    expect(await told('resolve', ends)).toEqual([[2, 15, 20]])
    expect(await told('keep', ends)).toEqual([[2, null, 20]])
    expect(await told('fire', ends)).toEqual([[2, null, 20]])
    expect(
      await told(
        'fire',
        sized((m) => (m < 10 ? 1 : null)),
      ),
    ).toEqual([[17, null, null]])
  })

  test('tells members apart that come and go', async () => {
    const record = new AlertRecord()
      .gauge('etcd_mvcc_db_total_size_in_bytes', memberLabels('a'), (m) => (m < 20 ? 20 : null))
      .gauge('etcd_mvcc_db_total_size_in_bytes', memberLabels('b'), (m) => (m >= 15 ? 30 : null))
    const { firings } = await run(record.reader(), sizeRule)
    expect(firings.map(({ labels, from, to }) => [labels.member, minuteOf(from), to && minuteOf(to)])).toEqual([
      ['a', 2, 25],
      ['b', 17, null],
    ])
  })

  test('keeps the value nearest to firing when there are more evaluations than points', async () => {
    const record = sized((m) => (m === 7 ? 99 : 1))
    const answer = await run(record.reader(), sizeRule, { series: true, intervalMs: 1_000 })
    const points = answer.series?.[0]?.points ?? []
    expect(points.length).toBeLessThanOrEqual(2_000)
    expect(Math.max(...points.map(([, value]) => value ?? 0))).toBe(99)
  })

  test('of too many evaluations is refused, naming the interval', async () => {
    await expect(run(sized(() => 1).reader(), sizeRule, { toMs: start + 400 * 86_400_000 })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      subject: 'intervalMs',
    })
  })

  test('ends when it is not wanted any more', async () => {
    const abort = new AbortController()
    abort.abort()
    const elapsed = { ms: 0 }
    const elapsedMs = () => (elapsed.ms += 20)
    await expect(run(sized(() => 1).reader(), sizeRule, { signal: abort.signal, elapsedMs })).rejects.toThrow()
  })
})

describe('the live engine and the backtest', () => {
  /** Each rule evaluated as the engine does: at each moment with what the record held by then. */
  async function live(record: AlertRecord, rule: AlertRuleInput): Promise<string[]> {
    const prepared = prepareRule(rule)
    const clock = { nowMs: start }
    const full = record.reader()
    const reader: RecordReader = {
      ...full,
      samples: (of, query, signal) => full.samples(of, { ...query, toMs: Math.min(query.toMs, clock.nowMs) }, signal),
      changes: async (of, filter, page) =>
        (await full.changes(of, filter, page)).filter(({ atMs }) => atMs <= clock.nowMs),
    }
    const view = openClusterView(reader, cluster)
    view.cover([prepared.needs])
    let state: RuleState | null = null
    const seen: string[] = []
    for (; clock.nowMs <= atMinute(60); clock.nowMs += minute) {
      const stepped = evaluateRule(prepared, await view.at(clock.nowMs), state, { maxStepMs: maxStepOf(minute) })
      state = stepped.state
      for (const { kind, alert } of stepped.transitions) {
        if (kind !== 'pending' && kind !== 'cancelled')
          seen.push(
            `${minuteOf(new Date(clock.nowMs).toISOString())} ${kind} ${alert.severity} ${JSON.stringify(alert.labels)}`,
          )
      }
    }
    return seen.sort()
  }

  test.each([1, 2, 3])(
    'decide the same at the same moments, rule for rule, on a cluster in random trouble (seed %i)',
    async (seed) => {
      const random = seededRandom(seed)
      const record = new AlertRecord(60)
      for (const member of ['a', 'b', 'c']) {
        const jumpy = (calm: number, wild: number) => {
          let [until, value] = [0, calm]
          return (m: number) => {
            if (m >= until) [until, value] = [m + random() * 25, random() < 0.5 ? calm : wild]
            return random() < 0.02 ? null : value
          }
        }
        record
          .gauge('up', memberLabels(member), jumpy(1, 0))
          .gauge('etcd_server_has_leader', memberLabels(member), jumpy(1, 0))
          .gauge('etcd_mvcc_db_total_size_in_bytes', memberLabels(member), jumpy(gib, 7.9 * gib))
          .gauge('etcd_server_quota_backend_bytes', memberLabels(member), () => 8 * gib)
          .gauge('etcdscope_raft_lag_entries', memberLabels(member), jumpy(1, 9_000))
          .counter('etcd_server_proposals_failed_total', memberLabels(member), jumpy(0, 40))
          .histogram('etcd_disk_wal_fsync_duration_seconds', memberLabels(member), [0.01, 0.6, 2], jumpy(0, 2))
      }
      record.gauge('etcdscope_source_reachable', {}, (m) => (m < 5 || m % 17 < 9 ? 1 : 0))
      for (let revision = 1; revision < 20; revision++) {
        record.record.rows.push(
          changeRow('/registry/configmaps/kube-system/x', revision, {
            resource: 'configmaps',
            namespace: 'kube-system',
            name: 'x',
            atMs: atMinute(revision * 3 + random()),
          }),
        )
      }
      for (let at = 5; at < 60; at += random() * 10) record.leaderChange(at)
      for (const rule of builtInRules) {
        const { firings } = await run(record.reader(), rule)
        const told = firings.flatMap(({ severity, labels, from, to }) => {
          const { severity: _, ...own } = labels
          return [
            `${minuteOf(from)} firing ${severity} ${JSON.stringify(own)}`,
            ...(to === null ? [] : [`${minuteOf(to)} resolved ${severity} ${JSON.stringify(own)}`]),
          ]
        })
        expect({ rule: rule.name, told: told.sort() }).toEqual({ rule: rule.name, told: await live(record, rule) })
      }
    },
  )
})

test('samples that SQLite holds are evaluated as those in memory', async () => {
  const stored = await testRecord()
  const memory = new AlertRecord(60)
    .counter('etcd_server_proposals_failed_total', memberLabels('a'), (m) => (m > 20 && m <= 50 ? 12 : 0))
    .histogram('etcd_disk_wal_fsync_duration_seconds', memberLabels('a'), [0.01, 0.6, 2], (m) =>
      m > 20 && m <= 50 ? 2 : 0,
    )
  for (const { metric, labels, kind, bounds, samples } of memory.series) {
    for (const { atMs, value, spanMs, counts } of samples) {
      const histogram = counts === undefined ? {} : { histogram: { bounds, counts, sum: 0 } }
      await stored.writer.writeSamples(stored.cluster, atMs, [{ metric, labels, kind, value, spanMs, ...histogram }])
    }
  }
  for (const name of ['etcdHighFsyncDurations', 'etcdHighNumberOfFailedProposals']) {
    const rule = builtInRules.find((one) => one.name === name)
    if (rule === undefined) throw new Error(`no rule ${name}`)
    const inMemory = await run(memory.reader(), rule)
    const inStore = await run(stored.reader, rule, { cluster: stored.cluster })
    expect(inStore.firings.length).toBeGreaterThan(0)
    expect(inStore.firings).toEqual(inMemory.firings)
  }
})
