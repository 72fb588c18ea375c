import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { builtInRules } from '../../../lib/alerts/builtin'
import { printMeasure } from '../../../lib/alerts/promql'
import { ruleFileOf } from '../../../lib/alerts/ruleFile'
import { type AlertMeasure, alertRuleInput } from '../../../lib/contract'

const job = 'job=~".*etcd.*"'
const metric = (overrides: object) =>
  ({
    kind: 'metric',
    metric: 'up',
    where: [],
    agg: 'last',
    windowMs: 300_000,
    across: 'each',
    ...overrides,
  }) as AlertMeasure // as the editor writes it

describe('a measure in PromQL', () => {
  test.each<[AlertMeasure, string]>([
    [metric({}), `up{${job}}`],
    [metric({ where: [{ name: 'member', op: '=~', value: 'a"b' }] }), `up{${job}, instance=~"a\\"b"}`],
    [metric({ agg: 'avg', windowMs: 5_400_000 }), `avg_over_time(up{${job}}[1h30m])`],
    [
      metric({ metric: 'etcd_mvcc_put_total', agg: 'rate', across: 'sum', by: ['member'] }),
      `sum by (job, instance) (rate(etcd_mvcc_put_total{${job}}[5m]))`,
    ],
    [
      metric({ metric: 'etcd_disk_wal_fsync_duration_seconds', agg: 'p99' }),
      `histogram_quantile(0.99, rate(etcd_disk_wal_fsync_duration_seconds_bucket{${job}}[5m]))`,
    ],
    [
      metric({ metric: 'etcd_disk_wal_fsync_duration_seconds', agg: 'p50', across: 'sum' }),
      `histogram_quantile(0.5, sum by (job, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket{${job}}[5m])))`,
    ],
    [
      metric({ metric: 'etcd_disk_wal_fsync_duration_seconds', agg: 'rate' }),
      `rate(etcd_disk_wal_fsync_duration_seconds_count{${job}}[5m])`,
    ],
  ])('%o', (measure, text) => {
    expect(printMeasure({ measure })).toEqual({ text, promql: true })
  })

  test.each<[AlertMeasure, string]>([
    [{ kind: 'state', state: 'leader-changes', windowMs: 900_000 }, 'changes of leader, by terms within 15m'],
    [
      { kind: 'changes', where: { resources: ['pods'], namespaces: ['a'] }, by: ['name'], windowMs: 60_000 },
      'changes of pods in a within 1m, for each name',
    ],
    [metric({ metric: 'etcdscope_raft_term' }), 'etcdscope_raft_term'],
  ])('or in words where it has none: %o', (measure, text) => {
    expect(printMeasure({ measure })).toEqual({ text, promql: false })
  })
})

describe('the Prometheus rule file', () => {
  const file = ruleFileOf(builtInRules)
  const rules: {
    alert: string
    expr: string
    for?: string
    labels: { severity: string }
    annotations: Record<string, string>
  }[] = parse(file).groups[0].rules

  test('holds the field’s rules, one alert a severity, with their holds', () => {
    const fsync = rules.filter(({ alert }) => alert === 'etcdHighFsyncDurations')
    expect(fsync.map(({ expr, for: hold, labels }) => [expr, hold, labels.severity])).toEqual([
      [
        `(histogram_quantile(0.99, rate(etcd_disk_wal_fsync_duration_seconds_bucket{${job}}[5m]))) > 0.5`,
        '10m',
        'warning',
      ],
      [
        `(histogram_quantile(0.99, rate(etcd_disk_wal_fsync_duration_seconds_bucket{${job}}[5m]))) > 1`,
        '10m',
        'critical',
      ],
    ])
  })

  test('names every rule that it cannot hold', () => {
    const there = new Set(rules.map(({ alert }) => alert))
    for (const { name } of builtInRules) expect(there.has(name) || file.includes(`#   ${name}: `)).toBe(true)
  })

  test('speaks the templates of Prometheus', () => {
    const noLeader = rules.find(({ alert }) => alert === 'etcdNoLeader')
    expect(noLeader?.annotations.summary).toBe('{{ $labels.job }}: {{ $labels.instance }} has no leader')
  })

  test('says nothing of what is disabled', () => {
    const rule = alertRuleInput.parse({ ...builtInRules[0], enabled: false })
    expect(parse(ruleFileOf([rule])).groups[0].rules).toEqual([])
  })
})
