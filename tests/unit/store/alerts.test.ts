import { describe, expect, it, onTestFinished } from 'vitest'
import type { AlertInput, AlertStore, Ownership } from '../../../lib/store'
import { openAlertStore, openOperatorWriter } from '../../../lib/store'
import { type TestRecord, testRecord } from './recordFixture'

const startMs = 1_800_000_000_000

async function fixture() {
  let nowMs = startMs
  const clock = { nowMs: () => nowMs, sleep: async () => {} }
  const record = await testRecord(clock)
  const store = await openAlertStore({ databaseUrl: record.databaseUrl, clock })
  const operator = await openOperatorWriter({ databaseUrl: record.databaseUrl, clock })
  onTestFinished(() => store.close())
  onTestFinished(() => operator.close())
  const advance = (ms: number) => {
    nowMs += ms
  }
  return { record, store, operator, advance }
}

const alertOf = (record: TestRecord, given: Partial<AlertInput> = {}): AlertInput => ({
  id: 'f1-1',
  fingerprint: 'f1',
  ruleId: 'builtin-etcdNoLeader',
  rule: 'etcdNoLeader',
  cluster: record.cluster,
  severity: 'critical',
  phase: 'firing',
  activeMs: startMs,
  startsMs: startMs + 60_000,
  endsMs: null,
  evaluatedMs: startMs + 60_000,
  value: 0,
  peak: 0,
  threshold: 0,
  comparison: '==',
  unit: 'ratio',
  labels: { member: 'a' },
  summary: 'a sees no leader',
  annotations: { summary: 'a sees no leader' },
  runbookUrl: null,
  groupKey: 'g',
  supersededBy: null,
  leaderChangeTerm: 2n ** 62n + 1n,
  state: { since: 1 },
  ...given,
})

async function owned(store: AlertStore): Promise<Ownership> {
  const ownership = await store.acquireAlerts('one', 10_000)
  if (ownership === null) throw new Error('the free lease was refused')
  return ownership
}

const step = (kind: 'pending' | 'firing' | 'resolved' | 'cancelled', atMs: number, alertId = 'f1-1') => ({
  alertId,
  kind,
  atMs,
  value: 0,
  summary: `${kind} now`,
})
const outcome = (alerts: AlertInput[], transitions: ReturnType<typeof step>[] = []) => ({
  alerts,
  transitions,
  faults: null,
})

describe('alerts in the store', () => {
  it('come back as they were written, int64 and state included, and announce themselves', async () => {
    const { record, store } = await fixture()
    const ownership = await owned(store)
    await store.writeEvaluation(ownership, outcome([alertOf(record)], [step('firing', startMs + 60_000)]))
    const { state, ...rest } = alertOf(record)
    expect(await record.reader.alerts({}, { limit: 10, after: null })).toEqual([{ ...rest, acknowledged: null }])
    expect(await store.openAlerts()).toEqual([{ ...rest, state }])
    expect((await record.reader.pulses()).map((pulse) => pulse.topic)).toContain('alerts')
    await store.reportEngine(ownership, { evaluatedMs: startMs + 60_000, error: null })
    expect(await record.reader.alertEngine()).toMatchObject({ owner: 'one', evaluatedMs: startMs + 60_000 })
  })

  it('written twice with the same outcome are one alert', async () => {
    const { record, store } = await fixture()
    const ownership = await owned(store)
    await store.writeEvaluation(ownership, outcome([alertOf(record)]))
    await store.writeEvaluation(ownership, outcome([alertOf(record, { phase: 'resolved', endsMs: startMs + 90_000 })]))
    expect(await record.reader.alerts({}, { limit: 10, after: null })).toMatchObject([{ phase: 'resolved' }])
    expect(await store.openAlerts()).toEqual([])
  })

  it('page newest first without losing those of one moment', async () => {
    const { record, store } = await fixture()
    const ownership = await owned(store)
    const all = ['a', 'b', 'c', 'd'].map((id) => alertOf(record, { id, fingerprint: id }))
    await store.writeEvaluation(ownership, outcome([...all, alertOf(record, { id: 'old', activeMs: startMs - 1 })]))
    const first = await record.reader.alerts({}, { limit: 3, after: null })
    const last = first.at(-1)
    const second = await record.reader.alerts({}, { limit: 3, after: last ?? null })
    expect([...first, ...second].map((alert) => alert.id)).toEqual(['d', 'c', 'b', 'a', 'old'])
  })

  it.each([
    [{ phases: ['firing'] as const }, ['f1-1']],
    [{ phases: ['pending', 'resolved'] as const }, ['f2-1']],
    [{ severity: 'warning' as const }, ['f2-1']],
    [{ rule: 'etcdNoLeader' }, ['f2-1', 'f1-1']],
    [{ rule: 'other' }, []],
    [{ clusterId: 999 }, []],
  ])('are found by %j', async (filter, ids) => {
    const { record, store } = await fixture()
    const ownership = await owned(store)
    const second = alertOf(record, { id: 'f2-1', phase: 'pending', severity: 'warning', startsMs: null })
    await store.writeEvaluation(ownership, outcome([alertOf(record), second]))
    const found = await record.reader.alerts(filter, { limit: 10, after: null })
    expect(found.map((alert) => alert.id)).toEqual(ids)
  })
})

describe('the steps of alerts', () => {
  it('are numbered in order; a reader goes on from the last number that it took', async () => {
    const { record, store } = await fixture()
    const ownership = await owned(store)
    await store.writeEvaluation(ownership, outcome([alertOf(record)], [step('pending', 1), step('firing', 2)]))
    const first = await record.reader.transitionsAfter(0, 10)
    expect(first.map(({ kind, alert }) => [kind, alert.labels])).toEqual([
      ['pending', { member: 'a' }],
      ['firing', { member: 'a' }],
    ])
    const taken = first.at(-1)?.seq ?? 0
    await store.writeEvaluation(ownership, outcome([alertOf(record)], [step('resolved', 3)]))
    expect((await record.reader.transitionsAfter(taken, 10)).map(({ kind }) => kind)).toEqual(['resolved'])
  })

  it('keep growing when old outbreaks are dropped, so that no number is used twice', async () => {
    const { record, store } = await fixture()
    const ownership = await owned(store)
    const over = alertOf(record, { phase: 'resolved', endsMs: 5 })
    await store.writeEvaluation(ownership, outcome([over], [step('resolved', 5)]))
    const [last] = await record.reader.transitionsAfter(0, 10)
    expect(await store.dropAlerts(ownership, { resolvedMs: 5, cancelledMs: 5 })).toBe(0)
    expect(await store.dropAlerts(ownership, { resolvedMs: 6, cancelledMs: 0 })).toBe(1)
    expect(await record.reader.alertHistory({}, { limit: 10, beforeSeq: null })).toEqual([])
    await store.writeEvaluation(ownership, outcome([alertOf(record)], [step('firing', 9)]))
    expect((await record.reader.transitionsAfter(0, 10))[0]?.seq).toBeGreaterThan(last?.seq ?? 0)
  })

  it('hold the acknowledgement with its author and note, and the alert carries the last one', async () => {
    const { record, store, operator, advance } = await fixture()
    await store.writeEvaluation(await owned(store), outcome([alertOf(record)], [step('firing', startMs)]))
    advance(1_000)
    expect(await operator.acknowledgeAlert('f1-1', { by: 'ada', note: 'on it' })).toBe(true)
    expect(await operator.acknowledgeAlert('f1-1', { by: 'bob', note: 'me now' })).toBe(true)
    expect(await operator.acknowledgeAlert('no such', { by: 'bob', note: '' })).toBe(false)
    expect(await record.reader.alert('f1-1')).toMatchObject({ acknowledged: { by: 'bob', atMs: startMs + 1_000 } })
    const history = await record.reader.alertHistory({ alertId: 'f1-1' }, { limit: 2, beforeSeq: null })
    expect(history.map(({ kind, by, note }) => [kind, by, note])).toEqual([
      ['acknowledged', 'bob', 'me now'],
      ['acknowledged', 'ada', 'on it'],
    ])
    const older = await record.reader.alertHistory({}, { limit: 2, beforeSeq: history[1]?.seq ?? 0 })
    expect(older.map(({ kind }) => kind)).toEqual(['firing'])
  })
})

describe('the lease of evaluation', () => {
  it('is held by one, goes to the next when it ran out or its holder is gone, and then refuses the old one', async () => {
    const { record, store, advance } = await fixture()
    const old = await owned(store)
    expect(await store.acquireAlerts('two', 10_000)).toBeNull()
    expect((await store.acquireAlerts('one', 10_000))?.token).toBe(old.token)
    advance(10_001)
    const next = await store.acquireAlerts('two', 10_000)
    expect(next?.token).toBeGreaterThan(old.token)
    await expect(store.writeEvaluation(old, outcome([alertOf(record)]))).rejects.toMatchObject({ code: 'NOT_OWNER' })
    await expect(store.replaceSettingsRules(old, [])).rejects.toMatchObject({ code: 'NOT_OWNER' })
    expect(await record.reader.alerts({}, { limit: 1, after: null })).toEqual([])
    await store.releaseAlerts(old)
    expect(await store.acquireAlerts('three', 10_000)).toBeNull()
    expect(await store.acquireAlerts('three', 10_000, (owner) => owner === 'two')).not.toBeNull()
  })
})

describe('rules in the store', () => {
  const rule = { id: 'r1', name: 'Mine', source: 'database' as const, document: { name: 'Mine', thresholds: [1] } }

  it('are saved, replaced and deleted; each change moves the revision and announces itself', async () => {
    const { record, operator } = await fixture()
    const revision = async () => (await record.reader.alertEngine()).rulesRevision
    await operator.saveAlertRule(rule)
    await operator.saveAlertRule({ ...rule, document: { name: 'Mine', thresholds: [2] } })
    expect(await record.reader.alertRules()).toEqual([
      { ...rule, document: { name: 'Mine', thresholds: [2] }, updatedMs: startMs },
    ])
    expect(await revision()).toBe(2)
    expect(await operator.deleteAlertRule('r1')).toBe(true)
    expect(await operator.deleteAlertRule('r1')).toBe(false)
    expect(await revision()).toBe(3)
    expect((await record.reader.pulses()).map((pulse) => pulse.topic)).toContain('alerts')
  })

  it('have one name each: a second one is refused and names the field', async () => {
    const { operator } = await fixture()
    await operator.saveAlertRule(rule)
    await expect(operator.saveAlertRule({ ...rule, id: 'r2' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      subject: 'name',
    })
  })

  it('of the settings file follow the file, cannot be deleted here, and stay untouched when nothing changed', async () => {
    const { record, store, operator } = await fixture()
    const ownership = await owned(store)
    const names = async () => (await record.reader.alertRules()).map(({ name }) => name)
    await operator.saveAlertRule(rule)
    await store.replaceSettingsRules(ownership, [
      { id: 'settings-B', name: 'B', document: {} },
      { id: 'settings-A', name: 'A', document: {} },
    ])
    expect(await names()).toEqual(['A', 'B', 'Mine'])
    const { rulesRevision } = await record.reader.alertEngine()
    await store.replaceSettingsRules(ownership, [
      { id: 'settings-A', name: 'A', document: {} },
      { id: 'settings-B', name: 'B', document: {} },
    ])
    expect((await record.reader.alertEngine()).rulesRevision).toBe(rulesRevision)
    expect(await operator.deleteAlertRule('settings-A')).toBe(false)
    await store.replaceSettingsRules(ownership, [{ id: 'settings-A', name: 'A', document: {} }])
    expect(await names()).toEqual(['A', 'Mine'])
  })

  it('that cannot be evaluated keep their reason until the list is written anew', async () => {
    const { record, store } = await fixture()
    const ownership = await owned(store)
    const fault = { ruleId: 'r1', clusterId: record.cluster.id, error: 'No such metric.', sinceMs: 5 }
    await store.writeEvaluation(ownership, { ...outcome([]), faults: [fault] })
    await store.writeEvaluation(ownership, outcome([]))
    expect(await record.reader.ruleFaults()).toEqual([fault])
    await store.writeEvaluation(ownership, { ...outcome([]), faults: [] })
    expect(await record.reader.ruleFaults()).toEqual([])
  })
})
