import { Etcd3 } from 'etcd3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningAlerts, startAlerts, testRule } from '../support/alertEngine'
import { type CollectorHarness, createCollectorHarness } from '../support/collectorHarness'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'

/** The engine beside a real collector of a real etcd: changes at once, silence in time, restarts in the middle. */

const rules = [
  testRule('ConfigChanged', {
    measure: { kind: 'changes', where: { prefix: '/config/' }, by: ['key'], windowMs: 60_000 },
  }),
  testRule('Behind', {
    measure: { kind: 'state', state: 'recording-lag-seconds' },
    thresholds: [{ severity: 'warning', value: 10 }],
  }),
  testRule('Unreachable', { measure: { kind: 'state', state: 'source-reachable' }, comparison: '==' }),
  testRule('Slowly', {
    measure: { kind: 'metric', metric: 'up', agg: 'last' },
    comparison: '==',
    thresholds: [{ severity: 'info', value: 1, forMs: 6_000 }],
  }),
]

let cluster: EtcdCluster
let client: Etcd3
let harness: CollectorHarness
let alerts: RunningAlerts

beforeAll(async () => {
  cluster = await startEtcd({ version: '3.4' })
  client = new Etcd3({ hosts: [...cluster.endpoints] })
  harness = await createCollectorHarness(cluster)
  await harness.start()
  alerts = await startAlerts(harness.databaseUrl, rules)
}, 60_000)

afterAll(async () => {
  client?.close()
  await alerts?.stop()
  await harness?.dispose()
  await cluster?.stop()
})

it('an alert that is pending when the engine stops fires once, after its whole hold, under the next one', async () => {
  const pending = await alerts.step('Slowly', 'pending', 0)
  await alerts.stop()
  alerts = await startAlerts(harness.databaseUrl, rules)
  const fired = await alerts.step('Slowly', 'firing', 0)
  expect(fired.alert.id).toBe(pending.alert.id)
  expect(fired.atMs - pending.atMs).toBeGreaterThanOrEqual(6_000)
  const steps = (await alerts.steps()).filter(({ alert }) => alert.rule === 'Slowly')
  expect(steps.map(({ kind }) => kind)).toEqual(['pending', 'firing'])
}, 40_000)

it('each changed key is an alert of its own within half a second of the put', async () => {
  const waits: number[] = []
  for (let i = 0; i < 12; i++) {
    const key = `/config/${i}`
    await client.put(key).value('x').exec()
    const putMs = Date.now()
    const step = await alerts.step('ConfigChanged', 'firing', putMs - 5_000, 5_000, (alert) => alert.labels.key === key)
    waits.push(step.atMs - putMs)
  }
  await client.put('/other').value('x').exec()
  const changed = (await alerts.steps()).filter(
    ({ alert, kind }) => alert.rule === 'ConfigChanged' && kind === 'firing',
  )
  expect(changed).toHaveLength(12)
  // The middle one: the goal is 500 ms for 99 of 100, which the bench measures on a quiet machine.
  expect(waits.sort((a, b) => a - b)[6]).toBeLessThan(500)
}, 60_000)

it('a collector that is gone is told by what it no longer says', async () => {
  const fromMs = Date.now()
  await harness.stop()
  const behind = await alerts.step('Behind', 'firing', fromMs, 40_000)
  expect(behind.value).toBeGreaterThan(10)
  await alerts.step('Unreachable', 'firing', fromMs)
  await harness.start()
  await alerts.step('Behind', 'resolved', fromMs)
  await alerts.step('Unreachable', 'resolved', fromMs)
}, 90_000)
