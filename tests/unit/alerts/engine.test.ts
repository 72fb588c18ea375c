import { describe, expect, it } from 'vitest'
import type { AlertStore } from '../../../lib/store'
import { change } from '../store/recordFixture'
import { engineHarness, intervalMs, rule } from './engineHarness'

const down = [{ labels: { member: 'a' }, value: 0 }]
const up = [{ labels: { member: 'a' }, value: 1 }]

describe('the engine', () => {
  it('tells of an alert once at each step, from pending to resolved', async () => {
    const h = await engineHarness()
    h.start()
    h.measured = down
    await h.clock.advance(intervalMs)
    expect(await h.steps()).toEqual(['pending a'])
    await h.clock.advance(20_000)
    expect(await h.steps()).toEqual(['pending a', 'firing a'])
    h.measured = up
    await h.clock.advance(20_000)
    expect(await h.steps()).toEqual(['pending a', 'firing a', 'resolved a'])
    expect(await h.record.reader.alerts({}, { limit: 10, after: null })).toMatchObject([
      { phase: 'resolved', rule: 'Unreachable', ruleId: 'builtin-Unreachable', peak: 0 },
    ])
  })

  it('tells of the next outbreak of the same series as another alert', async () => {
    const h = await engineHarness()
    h.start()
    for (const measured of [down, up, down]) {
      h.measured = measured
      await h.clock.advance(20_000)
    }
    const alerts = await h.record.reader.alerts({}, { limit: 10, after: null })
    expect(alerts.map(({ phase }) => phase)).toEqual(['firing', 'resolved'])
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(2)
    expect(new Set(alerts.map(({ fingerprint }) => fingerprint)).size).toBe(1)
  })

  it('fills in the texts and keeps the present value current', async () => {
    const h = await engineHarness()
    h.start()
    h.measured = down
    await h.clock.advance(20_000)
    const [alert] = await h.record.reader.alerts({}, { limit: 1, after: null })
    expect(alert).toMatchObject({ summary: 'a of prod says 0', value: 0, unit: 'ratio', labels: { member: 'a' } })
    expect(h.clock.nowMs() - (alert?.evaluatedMs ?? 0)).toBeLessThanOrEqual(2 * intervalMs)
  })

  it.each([
    ['pending', 7_000, ['pending a']],
    ['firing', 20_000, ['pending a', 'firing a']],
  ])('stopped while an alert is %s goes on where it was', async (_phase, ranMs, before) => {
    const h = await engineHarness()
    const first = h.start()
    h.measured = down
    await h.clock.advance(ranMs)
    expect(await h.steps()).toEqual(before)
    await first.end()
    h.start({ owner: 'two' })
    await h.clock.advance(20_000)
    expect(await h.steps()).toEqual(['pending a', 'firing a'])
    const [alert] = await h.record.reader.alerts({}, { limit: 10, after: null })
    const heldMs = (alert?.startsMs ?? 0) - (alert?.activeMs ?? 0)
    expect(heldMs).toBeGreaterThanOrEqual(10_000)
    expect(heldMs).toBeLessThanOrEqual(20_000)
  })

  it('that died is replaced once its lease ran out, and nothing is told twice', async () => {
    const h = await engineHarness()
    const first = h.start()
    h.measured = down
    await h.clock.advance(20_000)
    await first.die()
    h.start({ owner: 'two' })
    await h.clock.advance(5_000)
    expect((await h.record.reader.alertEngine()).owner).toBe('one')
    await h.clock.advance(10_000)
    expect((await h.record.reader.alertEngine()).owner).toBe('two')
    h.measured = up
    await h.clock.advance(10_000)
    expect(await h.steps()).toEqual(['pending a', 'firing a', 'resolved a'])
  })

  it('whose process is known to be gone is replaced at once', async () => {
    const h = await engineHarness()
    const first = h.start()
    await h.clock.advance(1_000)
    await first.die()
    h.start({ owner: 'two', gone: ['one'] })
    await h.clock.advance(100)
    expect((await h.record.reader.alertEngine()).owner).toBe('two')
  })

  it('stands by while another one evaluates, says so once, and takes over when that one ends', async () => {
    const h = await engineHarness()
    const first = h.start()
    await h.clock.advance(100)
    const second = h.start({ owner: 'two' })
    h.measured = down
    await h.clock.advance(20_000)
    expect(await h.steps()).toEqual(['pending a', 'firing a'])
    expect(second.told).toEqual(['another process evaluates the rules, standing by'])
    await first.end()
    await h.clock.advance(5_000)
    expect((await h.record.reader.alertEngine()).owner).toBe('two')
  })

  it('that lost its lease writes nothing more', async () => {
    const h = await engineHarness()
    const first = h.start()
    await h.clock.advance(1_000)
    const taken = await h.store.acquireAlerts('intruder', 3_600_000, () => true)
    h.measured = down
    await h.clock.advance(20_000)
    expect(taken).not.toBeNull()
    expect(await h.steps()).toEqual([])
    expect(first.told).toContain('another process evaluates the rules, standing by')
  })

  it('whose write failed does the same round again: each step is stored once, the failure told once a loop', async () => {
    const h = await engineHarness()
    let failures = 3
    const failing: AlertStore = {
      ...h.store,
      writeEvaluation: (...args) =>
        failures-- > 0 ? Promise.reject(new Error('disk full')) : h.store.writeEvaluation(...args),
    }
    const engine = h.start({ store: failing })
    h.measured = down
    await h.clock.advance(20_000)
    expect(await h.steps()).toEqual(['pending a', 'firing a'])
    expect(engine.told.filter((line) => line.endsWith('not evaluated: disk full'))).toHaveLength(2)
  })

  it('evaluates the other clusters when one cannot be read, and says why it is not', async () => {
    const h = await engineHarness()
    h.broken.add('lab')
    const engine = h.start({ clusters: ['lab', 'prod'] })
    h.measured = down
    await h.clock.advance(20_000)
    const alerts = await h.record.reader.alerts({}, { limit: 10, after: null })
    expect(alerts.map(({ cluster, phase }) => [cluster.name, phase])).toEqual([['prod', 'firing']])
    expect(engine.told).toContain('the rules are not evaluated: lab cannot be read')
    expect((await h.record.reader.alertEngine()).error).toBe('lab cannot be read')
  })

  it('evaluates without any movement of the record: silence is what some rules are about', async () => {
    const h = await engineHarness()
    h.start()
    await h.clock.advance(6 * intervalMs)
    expect(h.rounds.measures).toBeGreaterThanOrEqual(6)
    expect(h.rounds.measures).toBeLessThanOrEqual(8)
  })

  it('evaluates rules about changes within 50 ms of a change, and only these', async () => {
    const h = await engineHarness()
    const onChange = rule({
      name: 'Changed',
      measure: { kind: 'changes', where: { prefix: '/app' } },
      comparison: '>',
      thresholds: [{ severity: 'info', value: 0 }],
    })
    h.start({ builtins: [rule(), onChange] })
    await h.clock.advance(1_000)
    const measuredBefore = h.rounds.measures
    h.changed = [{ labels: {}, value: 1 }]
    await h.record.append([change({ revision: 5n })])
    await h.clock.advance(50)
    expect(await h.steps()).toEqual(['firing'])
    expect(h.rounds.measures).toBe(measuredBefore)
  })
})

describe('rules that change while the engine runs', () => {
  it('are used at once: a new one, an edit, and its end ends its alerts', async () => {
    const h = await engineHarness()
    h.start({ builtins: [] })
    h.measured = down
    await h.clock.advance(10_000)
    const document = rule({ name: 'Mine', thresholds: [{ severity: 'warning', value: 0 }] })
    await h.operator.saveAlertRule({ id: 'r1', name: 'Mine', source: 'database', document })
    await h.clock.advance(300)
    expect(await h.steps()).toEqual(['firing a'])
    await h.operator.saveAlertRule({
      id: 'r1',
      name: 'Mine',
      source: 'database',
      document: { ...document, thresholds: [{ severity: 'warning', value: 1, forMs: 0 }] },
    })
    await h.clock.advance(300)
    expect(await h.steps()).toEqual(['firing a', 'resolved a'])
    h.measured = up
    await h.clock.advance(2 * intervalMs)
    await h.operator.deleteAlertRule('r1')
    await h.clock.advance(300)
    expect(await h.steps()).toEqual(['firing a', 'resolved a', 'firing a', 'resolved a'])
  })

  it('of the settings file replace built-in ones of the same name, and are told to the record', async () => {
    const h = await engineHarness()
    h.start({ settingsRules: [rule({ thresholds: [{ severity: 'info', value: 0 }] })] })
    h.measured = down
    await h.clock.advance(20_000)
    expect(await h.record.reader.alerts({}, { limit: 10, after: null })).toMatchObject([
      { severity: 'info', ruleId: 'settings-Unreachable' },
    ])
    expect(await h.record.reader.alertRules()).toMatchObject([{ id: 'settings-Unreachable', source: 'settings' }])
  })

  it('that are disabled or meant for another cluster are not evaluated', async () => {
    const h = await engineHarness()
    h.start({ builtins: [rule({ enabled: false }), rule({ name: 'Other', clusters: ['elsewhere'] })] })
    h.measured = down
    await h.clock.advance(20_000)
    expect(await h.steps()).toEqual([])
  })

  it('that cannot be evaluated say why, resolve nothing, and go on when they can', async () => {
    const h = await engineHarness()
    h.start()
    h.measured = down
    await h.clock.advance(20_000)
    h.measured = new Error('no such state')
    await h.clock.advance(20_000)
    const [fault] = await h.record.reader.ruleFaults()
    expect(fault).toMatchObject({ ruleId: 'builtin-Unreachable', error: 'no such state' })
    expect(await h.steps()).toEqual(['pending a', 'firing a'])
    h.measured = up
    await h.clock.advance(20_000)
    expect(await h.record.reader.ruleFaults()).toEqual([])
    expect(await h.steps()).toEqual(['pending a', 'firing a', 'resolved a'])
  })
})

describe('clusters that the settings no longer name', () => {
  it('have their open alerts ended by the next engine', async () => {
    const h = await engineHarness()
    const first = h.start()
    h.measured = down
    await h.clock.advance(20_000)
    await first.end()
    h.start({ owner: 'two', clusters: [] })
    await h.clock.advance(1_000)
    expect(await h.steps()).toEqual(['pending a', 'firing a', 'resolved a'])
  })
})
