import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtInRules } from '../../../lib/alerts/builtin'
import { type Alert, type AlertRule, type BacktestAnswer, type EndpointName, endpoints } from '../../../lib/contract'
import { systemClock } from '../../../lib/core/clock'
import { provideServing } from '../../../lib/query/serving'
import {
  type AlertInput,
  type AlertStore,
  type ClusterRef,
  openAlertStore,
  openOperatorWriter,
  type RecordWriter,
} from '../../../lib/store'
import { noChannels } from '../../support/fakeOperator'
import { openTemporaryStore } from './recordedStore'
import { ask } from './routes'

/** Rules and alerts over HTTP, on a real database. */

const nowMs = Date.now()
const undo: (() => Promise<void> | void)[] = []
let store: AlertStore
let writer: RecordWriter
let prod: ClusterRef

const alertOf = (id: string, given: Partial<AlertInput> = {}): AlertInput => ({
  id,
  fingerprint: `f-${id}`,
  ruleId: 'rule-x',
  rule: 'etcdNoLeader',
  cluster: { id: 1, name: 'prod' },
  severity: 'critical',
  phase: 'firing',
  activeMs: nowMs - 60_000,
  startsMs: nowMs - 30_000,
  endsMs: null,
  evaluatedMs: nowMs,
  value: 0,
  peak: 0,
  threshold: 0,
  comparison: '==',
  unit: 'ratio',
  labels: { member: 'a "b" \\ c', job: 'etcd' },
  summary: 'a sees no leader',
  annotations: {},
  runbookUrl: null,
  groupKey: 'g',
  supersededBy: null,
  leaderChangeTerm: 7n,
  state: {},
  ...given,
})

beforeAll(async () => {
  const record = await openTemporaryStore()
  const { databaseUrl } = record
  writer = record.writer
  prod = await record.writer.ensureCluster('prod', 'etcd', false)
  store = await openAlertStore({ databaseUrl, clock: systemClock })
  const operator = await openOperatorWriter({ databaseUrl, clock: systemClock })
  const ownership = await store.acquireAlerts('test', 600_000)
  if (ownership === null) throw new Error('the free lease was refused')
  const alerts = [
    alertOf('one', { cluster: prod }),
    alertOf('two', { cluster: prod, phase: 'pending', startsMs: null, severity: 'warning', activeMs: nowMs - 5_000 }),
    alertOf('old', { cluster: prod, phase: 'resolved', endsMs: nowMs - 86_000_000, activeMs: nowMs - 86_400_000 }),
    alertOf('never', { cluster: prod, phase: 'cancelled', endsMs: nowMs - 1, activeMs: nowMs - 2 }),
  ]
  const step = (alertId: string, kind: 'pending' | 'firing' | 'resolved' | 'cancelled') => ({
    alertId,
    kind,
    atMs: nowMs,
    value: 1,
    summary: kind,
  })
  await store.writeEvaluation(ownership, {
    alerts,
    transitions: [step('old', 'resolved'), step('one', 'firing'), step('two', 'pending'), step('never', 'cancelled')],
    faults: [{ ruleId: 'settings-FromFile', clusterId: prod.id, error: 'There is no such metric.', sinceMs: nowMs }],
  })
  await store.replaceSettingsRules(ownership, [
    { id: 'settings-FromFile', name: 'FromFile', document: ruleOf({ name: 'FromFile' }) },
  ])
  await store.reportEngine(ownership, { evaluatedMs: nowMs, error: null })
  const { reader } = record
  undo.push(
    provideServing({
      notify: noChannels,
      reader,
      operator,
      version: '1.0.0',
      startedAtMs: nowMs,
      settings: { databaseUrl: 'file:record.db', clusters: [{ name: 'prod', endpoints: [] }], insecure: false },
    }),
    () => operator.close(),
    () => store.close(),
    record.close,
  )
})

afterAll(async () => {
  for (const step of undo) await step()
})

const ruleOf = (given: Record<string, unknown> = {}) => ({
  name: 'Mine',
  measure: { kind: 'state', state: 'alarm' },
  comparison: '>',
  thresholds: [{ severity: 'critical', value: 0 }],
  ...given,
})

/** Asks and holds the answer against its schema. */
async function answer<T>(name: EndpointName, query = {}, options: Parameters<typeof ask>[2] = {}): Promise<T> {
  const response = await ask(name, query, options)
  const body: unknown = await response.json()
  expect(response.status, JSON.stringify(body)).toBe(200)
  return endpoints[name].answer?.parse(body) as T
}

async function refused(name: EndpointName, options: Parameters<typeof ask>[2]) {
  const response = await ask(name, {}, options)
  const { code, parameter } = await response.json()
  return [response.status, code, parameter]
}

type Page<T> = { items: T[]; nextCursor: string | null }

describe('GET /alerts', () => {
  it('lists what is pending, fires or fired, newest first, not what never fired', async () => {
    const { items } = await answer<Page<Alert>>('alerts')
    expect(items.map(({ id, state }) => [id, state])).toEqual([
      ['two', 'pending'],
      ['one', 'firing'],
      ['old', 'resolved'],
    ])
    expect(items[1]).toMatchObject({ leaderChangeTerm: '7', cluster: 'prod', acknowledged: null })
  })

  it.each([
    [{ state: 'firing' }, ['one']],
    [{ severity: 'warning' }, ['two']],
    [{ rule: 'other' }, []],
    [{ cluster: 'prod', state: 'resolved' }, ['old']],
  ])('answers %j', async (query, ids) => {
    const { items } = await answer<Page<Alert>>('alerts', query)
    expect(items.map(({ id }) => id)).toEqual(ids)
  })

  it('pages without losing or repeating any', async () => {
    const ids: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<Alert> = await answer('alerts', { limit: '1', ...(cursor === '' ? {} : { cursor }) })
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(ids).toEqual(['two', 'one', 'old'])
  })

  it.each([
    [{ state: 'burning' }, 400, 'state'],
    [{ cursor: 'forged' }, 400, 'cursor'],
    [{ cluster: 'nowhere' }, 404, 'cluster'],
    [{ colour: 'red' }, 400, 'colour'],
  ])('refuses %j and names what is wrong', async (query, status, parameter) => {
    const response = await ask('alerts', query)
    expect([response.status, (await response.json()).parameter]).toEqual([status, parameter])
  })
})

describe('acknowledging', () => {
  it('is shown with author and note, stands in the history, and changes nothing else', async () => {
    const options = { params: { id: 'one' }, body: { note: 'looking', by: 'ada' } }
    const acked = await answer<Alert>('acknowledgeAlert', {}, options)
    expect(acked).toMatchObject({ id: 'one', state: 'firing', acknowledged: { by: 'ada', note: 'looking' } })
    const history = await answer<Page<{ kind: string; by: string | null }>>('alertHistory', { alert: 'one' })
    expect(history.items.map(({ kind, by }) => [kind, by])).toEqual([
      ['acknowledged', 'ada'],
      ['firing', null],
    ])
  })

  it.each([
    [{ id: 'nothing' }, {}, [404, 'NOT_FOUND', 'id']],
    [{ id: 'one' }, { by: '' }, [400, 'BAD_REQUEST', 'by']],
    [{ id: 'one' }, { notes: 'x' }, [400, 'BAD_REQUEST', 'notes']],
    [{ id: 'one' }, { note: 'x'.repeat(3_000) }, [400, 'BAD_REQUEST', 'note']],
  ])('%j with a wrong body or of no alert is refused', async (params, body, expected) => {
    expect(await refused('acknowledgeAlert', { params, body })).toEqual(expected)
  })
})

describe('rules over HTTP', () => {
  it('are created, read by id or name, changed and deleted', async () => {
    const made = await answer<AlertRule>('createAlertRule', {}, { body: ruleOf() })
    expect(made).toMatchObject({ name: 'Mine', source: 'database', readOnly: false, modified: false, enabled: true })
    const byName = await answer<AlertRule>('alertRule', {}, { params: { id: 'Mine' } })
    expect(byName.id).toBe(made.id)
    const body = ruleOf({ name: 'Renamed', enabled: false })
    const changed = await answer<AlertRule>('changeAlertRule', {}, { params: { id: made.id }, body })
    expect(changed).toMatchObject({ id: made.id, name: 'Renamed', state: 'disabled' })
    expect(await answer('deleteAlertRule', {}, { params: { id: made.id } })).toEqual({ rule: null })
    expect(await refused('alertRule', { params: { id: made.id } })).toEqual([404, 'NOT_FOUND', 'id'])
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['no name', { name: '' }, 'name'],
    ['a name with a line break', { name: 'a\nb' }, 'name'],
    ['no threshold', { thresholds: [] }, 'thresholds'],
    ['a threshold that is no number', { thresholds: [{ severity: 'info', value: 'high' }] }, 'thresholds.0.value'],
    ['a severity that there is not', { thresholds: [{ severity: 'bad', value: 1 }] }, 'thresholds.0.severity'],
    ['a negative hold', { thresholds: [{ severity: 'info', value: 1, forMs: -1 }] }, 'thresholds.0.forMs'],
    ['a comparison that there is not', { comparison: '=>' }, 'comparison'],
    ['a state that there is not', { measure: { kind: 'state', state: 'mood' } }, 'measure.state'],
    ['an empty window', { measure: { kind: 'metric', metric: 'up', agg: 'avg', windowMs: 0 } }, 'measure.windowMs'],
    ['a metric name that is none', { measure: { kind: 'metric', metric: 'a b', agg: 'last' } }, 'measure.metric'],
    ['an unknown field', { severity: 'info' }, 'severity'],
    ['an unknown metric', { measure: { kind: 'metric', metric: 'no_such_metric', agg: 'last' } }, 'measure.metric'],
    ['an unknown cluster', { clusters: ['prod', 'nowhere'] }, 'clusters.1'],
    [
      'thresholds that contradict each other',
      {
        thresholds: [
          { severity: 'warning', value: 5 },
          { severity: 'critical', value: 1 },
        ],
      },
      'thresholds.1.value',
    ],
    ['a text with a place that there is not', { annotations: { summary: '{{ colour }}' } }, 'annotations.summary'],
    ['a run-book that is a script', { runbookUrl: 'javascript:alert(1)' }, 'runbookUrl'],
  ])('%s is refused, names the field and stores nothing', async (_what, given, field) => {
    const body = ruleOf({ name: 'Wrong', ...given })
    expect(await refused('createAlertRule', { body })).toEqual([400, 'BAD_REQUEST', field])
    expect(await refused('alertRule', { params: { id: 'Wrong' } })).toEqual([404, 'NOT_FOUND', 'id'])
  })

  it('NaN cannot even be written', async () => {
    const body = JSON.stringify(ruleOf()).replace('"value":0', '"value":NaN')
    expect(await refused('createAlertRule', { body })).toEqual([400, 'BAD_REQUEST', 'body'])
  })

  it('of a name that is taken are refused, whoever has it', async () => {
    for (const name of ['FromFile', builtInRules[0]?.name ?? 'FromFile']) {
      expect(await refused('createAlertRule', { body: ruleOf({ name }) })).toEqual([400, 'BAD_REQUEST', 'name'])
    }
  })

  it('that are built in are edited under their name, and deleting the edit brings the original back', async () => {
    const original = await answer<AlertRule>('alertRule', {}, { params: { id: 'etcdNoLeader' } })
    expect(original).toMatchObject({ source: 'builtin', modified: false, updatedAt: null })
    const options = { params: { id: original.id } }
    const body = ruleOf({ name: original.name, thresholds: [{ severity: 'info', value: 1 }] })
    expect(await refused('changeAlertRule', { ...options, body: ruleOf({ name: 'Other' }) })).toEqual([
      400,
      'BAD_REQUEST',
      'name',
    ])
    const edited = await answer<AlertRule>('changeAlertRule', {}, { ...options, body })
    expect(edited).toMatchObject({ id: original.id, source: 'builtin', modified: true })
    expect(edited.thresholds).toEqual([{ severity: 'info', value: 1, forMs: 0 }])
    expect(await answer('deleteAlertRule', {}, options)).toMatchObject({ rule: original })
    expect(await answer('alertRule', {}, options)).toEqual(original)
  })

  it('of the settings file are shown with their fault and cannot be changed or deleted', async () => {
    const { items } = await answer<Page<AlertRule>>('alertRules')
    expect(items.find(({ name }) => name === 'FromFile')).toMatchObject({
      source: 'settings',
      readOnly: true,
      error: 'There is no such metric.',
    })
    const options = { params: { id: 'settings-FromFile' } }
    const expected = [403, 'PERMISSION_DENIED', 'id']
    expect(await refused('changeAlertRule', { ...options, body: ruleOf({ name: 'FromFile' }) })).toEqual(expected)
    expect(await refused('deleteAlertRule', options)).toEqual(expected)
  })
})

describe('backtests over HTTP', () => {
  const question = { rule: 'SourceUp', cluster: 'prod', from: String(nowMs - 600_000), to: String(nowMs) }

  beforeAll(async () => {
    for (let at = 0; at <= 600_000; at += 10_000) {
      const value = at >= 120_000 && at < 300_000 ? 0 : 1
      const labels = { member: 'm1', member_id: 'a1' }
      await writer.writeSamples(prod, nowMs - 600_000 + at, [{ metric: 'up', labels, kind: 'gauge', value, spanMs: 0 }])
    }
  })

  const upRule = ruleOf({
    name: 'SourceUp',
    measure: { kind: 'metric', metric: 'up', agg: 'last' },
    comparison: '==',
    thresholds: [{ severity: 'warning', value: 0, forMs: 60_000 }],
  })

  it('tell when a whole rule would have fired, with the hold, and when it would have resolved', async () => {
    const body = { ...question, rule: upRule, intervalMs: 10_000 }
    const { firings } = await answer<BacktestAnswer>('backtestAlertRule', {}, { body })
    const seconds = (time: string | null | undefined) => (Date.parse(time ?? '') - (nowMs - 600_000)) / 1000
    expect(firings).toHaveLength(1)
    expect(seconds(firings[0]?.from)).toBeGreaterThan(170)
    expect(seconds(firings[0]?.from)).toBeLessThanOrEqual(200)
    expect(seconds(firings[0]?.to)).toBeGreaterThanOrEqual(290)
    expect(seconds(firings[0]?.to)).toBeLessThanOrEqual(310)
  })

  it('take a rule in force by its name', async () => {
    const { evaluations } = await answer<BacktestAnswer>(
      'backtestAlertRule',
      {},
      { body: { ...question, rule: 'etcdNoLeader' } },
    )
    expect(evaluations).toBeGreaterThanOrEqual(10)
  })

  it.each<[string, Record<string, unknown>, [number, string, string]]>([
    ['no such rule', { rule: 'Nothing' }, [404, 'NOT_FOUND', 'rule']],
    ['no such cluster', { rule: upRule, cluster: 'nowhere' }, [404, 'NOT_FOUND', 'cluster']],
    ['a range that ends before it begins', { rule: upRule, from: 'now', to: '-1h' }, [400, 'BAD_REQUEST', 'from']],
    ['too many evaluations', { rule: upRule, from: '-30d', intervalMs: 1_000 }, [400, 'BAD_REQUEST', 'intervalMs']],
    ['no interval', { rule: upRule, intervalMs: 0 }, [400, 'BAD_REQUEST', 'intervalMs']],
  ])('%s is refused and named', async (_what, given, expected) => {
    expect(await refused('backtestAlertRule', { body: { ...question, ...given } })).toEqual(expected)
  })

  it('end when the client goes away', async () => {
    const gone = AbortSignal.abort()
    const body = { ...question, rule: upRule, from: '-7d', intervalMs: 10_000 }
    expect((await ask('backtestAlertRule', {}, { body, signal: gone })).status).toBe(500)
  })
})

describe('ALERTS on /metrics', () => {
  it('has each open alert once, in the form in which Prometheus writes its own', async () => {
    const text = await (await ask('exposition')).text()
    const lines = text.split('\n').filter((line) => line.startsWith('ALERTS'))
    expect(lines).toEqual([
      'ALERTS{member="a \\"b\\" \\\\ c",job="etcd",alertname="etcdNoLeader",alertstate="pending",severity="warning",cluster="prod"} 1',
      'ALERTS{member="a \\"b\\" \\\\ c",job="etcd",alertname="etcdNoLeader",alertstate="firing",severity="critical",cluster="prod"} 1',
    ])
    expect(text).toContain(`etcdscope_alerts_evaluated_timestamp_seconds ${nowMs / 1000}`)
  })
})
