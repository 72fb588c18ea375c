import { type Alert, type AlertRule, alert, alertRule, type BacktestAnswer } from '../../../lib/contract'

/** Alerts and rules as the API answers them; each is checked against the contract. */

export function alertOf(overrides: Partial<Alert> = {}): Alert {
  return alert.parse({
    id: 'a1',
    fingerprint: 'f1',
    rule: 'etcdHighFsyncDurations',
    ruleId: 'r1',
    severity: 'warning',
    state: 'firing',
    cluster: 'prod',
    labels: { member: 'etcd-1', member_id: 'ab', severity: 'warning' },
    value: 0.7,
    peak: 0.9,
    threshold: 0.5,
    comparison: '>',
    unit: 'seconds',
    activeAt: '2026-11-28T12:00:00.000Z',
    startsAt: '2026-11-28T12:10:00.000Z',
    endsAt: null,
    evaluatedAt: '2026-11-28T12:20:00.000Z',
    summary: 'etcd-1: WAL fsync p99 is 700 ms',
    annotations: {},
    runbookUrl: null,
    groupKey: 'g',
    silencedBy: null,
    supersededBy: null,
    acknowledged: null,
    notified: [],
    leaderChangeTerm: null,
    ...overrides,
  })
}

export function ruleOf(overrides: Partial<AlertRule> = {}): AlertRule {
  return alertRule.parse({
    id: 'r1',
    name: 'etcdHighFsyncDurations',
    measure: { kind: 'metric', metric: 'etcd_disk_wal_fsync_duration_seconds', where: [], agg: 'p99' },
    comparison: '>',
    thresholds: [
      { severity: 'warning', value: 0.5, forMs: 600_000 },
      { severity: 'critical', value: 1, forMs: 600_000 },
    ],
    source: 'builtin',
    readOnly: false,
    modified: false,
    unit: 'seconds',
    expression: 'histogram_quantile(0.99, …)',
    promql: true,
    state: 'inactive',
    firing: 0,
    evaluatedAt: null,
    error: null,
    updatedAt: null,
    ...overrides,
  })
}

export function backtestOf(overrides: Partial<BacktestAnswer> = {}): BacktestAnswer {
  return {
    firings: [],
    from: '2026-11-28T00:00:00.000Z',
    to: '2026-11-28T12:00:00.000Z',
    intervalMs: 60_000,
    evaluations: 721,
    openMs: 0,
    longestMs: 0,
    unit: 'seconds',
    series: [],
    atThresholds: [],
    tookMs: 1,
    ...overrides,
  }
}
