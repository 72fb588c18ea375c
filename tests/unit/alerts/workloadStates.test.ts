import { afterAll, beforeAll, expect, it } from 'vitest'
import { nodeNotReady, rolloutFailed, workloadUnconvergedSeconds } from '../../../lib/alerts/states/workloadStates'
import { openWorkloadRecord, type WorkloadRecord } from '../../support/workloadRecord'
import { change, deployment, node, timeOf } from '../workloads/madeObjects'

/** What rules see of workloads at a moment: everything up to it, nothing later. */

let record: WorkloadRecord
beforeAll(async () => {
  record = await openWorkloadRecord()
  const version = (generation: number, more: object) =>
    deployment('web', { generation, observed: generation, replicas: 2, ready: 2, ...more })
  await record.append([
    change(1, 'nodes', node('node-1', true), 'node-1', { op: 'create' }),
    change(2, 'deployments', version(1, {}), 'web', { op: 'create' }),
    change(10, 'deployments', version(2, { observed: 1, image: 'app:2' }), 'web'),
    change(20, 'nodes', node('node-1', false), 'node-1'),
    change(30, 'deployments', version(2, { image: 'app:2', deadline: true }), 'web'),
    change(40, 'nodes', node('node-1', true), 'node-1'),
    change(50, 'deployments', version(3, {}), 'web'),
  ])
  await record.derive()
})
afterAll(() => record.close())

const labels = { kind: 'Deployment', namespace: 'shop', name: 'web' }

it.each<[number, number | null, boolean, boolean]>([
  [5, null, false, false],
  [15, 5, false, false],
  [25, 15, false, true],
  // Failed is another status: it is counted from when it came.
  [35, 5, true, true],
  [45, 15, true, false],
  [55, null, false, false],
])('at second %i: unconverged for %s s, rollout failed %s, node lost %s', async (second, seconds, failed, lost) => {
  const view = { nowMs: timeOf(second), series: () => [] }
  const range = { fromMs: timeOf(second), toMs: timeOf(second), windowMs: 0 }
  for (const whole of [range, { fromMs: timeOf(0), toMs: timeOf(60), windowMs: 0 }]) {
    const read = async (state: typeof nodeNotReady) => (await state.read(record.reader, record.cluster, whole))(view)
    const strip = (found: Awaited<ReturnType<typeof read>>) =>
      found.map((one) => ({ labels: one.labels, value: one.value }))
    expect(strip(await read(workloadUnconvergedSeconds))).toEqual(seconds === null ? [] : [{ labels, value: seconds }])
    expect(strip(await read(rolloutFailed))).toEqual(failed ? [{ labels, value: 1 }] : [])
    expect(strip(await read(nodeNotReady))).toEqual(lost ? [{ labels: { name: 'node-1' }, value: 1 }] : [])
  }
})
