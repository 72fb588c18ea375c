import { expect, it } from 'vitest'
import { conditionsOf } from '../../../lib/kubernetes/status/fields'
import { podStateOf } from '../../../lib/kubernetes/workload/podState'

/** What a Pod is doing, in a word, and what is wrong with it. */

const created = '2026-11-22T12:00:00Z'
const createdMs = Date.parse(created)
const made = (status: object, metadata: object = {}) => ({
  metadata: { creationTimestamp: created, ...metadata },
  status,
})
const container = (state: object, more: object = {}) => ({
  name: 'app',
  image: 'app:1',
  ready: false,
  restartCount: 0,
  state,
  ...more,
})
const unready = {
  type: 'Ready',
  status: 'False',
  reason: 'ContainersNotReady',
  lastTransitionTime: '2026-11-22T12:10:00Z',
}
const waitsFor = (reason: string, more: object = {}) =>
  made({ phase: 'Pending', containerStatuses: [container({ waiting: { reason } }, more)] })

it.each<[string, object, string, string | null, string | null]>([
  ['just created', made({ phase: 'Pending' }), 'pending', null, 'PodsNotReady'],
  [
    'no node found',
    made({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
    }),
    'pending',
    'Unschedulable',
    'PodsUnschedulable',
  ],
  ['its containers are made', waitsFor('ContainerCreating'), 'pending', 'ContainerCreating', 'PodsNotReady'],
  ['its image cannot be pulled', waitsFor('ImagePullBackOff'), 'waiting', 'ImagePullBackOff', 'PodsImage'],
  ['its image has no name', waitsFor('InvalidImageName'), 'waiting', 'InvalidImageName', 'PodsImage'],
  [
    'its configuration is missing',
    waitsFor('CreateContainerConfigError'),
    'waiting',
    'CreateContainerConfigError',
    'PodsNotReady',
  ],
  ['it crashes', waitsFor('CrashLoopBackOff'), 'waiting', 'CrashLoopBackOff', 'PodsCrashing'],
  [
    'an init container crashes',
    made({ phase: 'Pending', initContainerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })] }),
    'waiting',
    'CrashLoopBackOff',
    'PodsCrashing',
  ],
  [
    'it runs and is not ready',
    made({ phase: 'Running', conditions: [unready], containerStatuses: [container({ running: {} })] }),
    'notReady',
    'ContainersNotReady',
    'PodsNotReady',
  ],
  [
    'a container was killed',
    made({
      phase: 'Running',
      conditions: [unready],
      containerStatuses: [container({ terminated: { reason: 'OOMKilled', exitCode: 137 } })],
    }),
    'notReady',
    'OOMKilled',
    'PodsNotReady',
  ],
  [
    'a container has ended well',
    made({
      phase: 'Running',
      conditions: [unready],
      containerStatuses: [container({ terminated: { reason: 'Completed', exitCode: 0 } })],
    }),
    'notReady',
    'ContainersNotReady',
    'PodsNotReady',
  ],
  [
    'it is ready',
    made({ phase: 'Running', conditions: [{ ...unready, status: 'True', reason: '' }] }),
    'ready',
    null,
    null,
  ],
  ['it has succeeded', made({ phase: 'Succeeded' }), 'succeeded', null, null],
  [
    'it was evicted',
    made({ phase: 'Failed', reason: 'Evicted', message: 'low on memory' }),
    'failed',
    'Evicted',
    'PodsFailed',
  ],
  [
    'it failed',
    made({ phase: 'Failed', containerStatuses: [container({ terminated: { reason: 'Error', exitCode: 3 } })] }),
    'failed',
    'Error',
    'PodsFailed',
  ],
  [
    'it is being deleted, whatever else',
    made({ phase: 'Failed' }, { deletionTimestamp: created }),
    'terminating',
    null,
    null,
  ],
  ['its node is silent', made({ phase: 'Unknown', reason: 'NodeLost' }), 'unknown', 'NodeLost', null],
  ['it says nothing', made({}), 'unknown', null, null],
])('%s', (_, pod, phase, reason, problem) => {
  const state = podStateOf({ ...pod }, conditionsOf({ ...pod }) ?? [])
  expect([state.phase, state.reason, state.problem?.kind ?? null]).toEqual([phase, reason, problem])
})

it.each<[string, object, number | null]>([
  [
    'a Pod without a node: 15 s after its creation',
    made({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] }),
    createdMs + 15_000,
  ],
  ['a Pod that does not start: 5 min after it', waitsFor('ContainerCreating'), createdMs + 300_000],
  [
    'a Pod that is not ready: a minute after it was',
    made({ phase: 'Running', conditions: [unready] }),
    Date.parse('2026-11-22T12:11:00Z'),
  ],
  ['a Pod that crashes: at once', waitsFor('CrashLoopBackOff'), null],
])('is a problem from its time on: %s', (_, pod, fromMs) => {
  expect(podStateOf({ ...pod }, conditionsOf({ ...pod }) ?? []).problem?.fromMs).toBe(fromMs)
})

it('says how it crashed, and counts the restarts of all containers', () => {
  const crashed = { lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } }, restartCount: 4 }
  const pod = made({
    phase: 'Running',
    containerStatuses: [
      container({ waiting: { reason: 'CrashLoopBackOff' } }, crashed),
      container({ running: {} }, { name: 'side', restartCount: 2 }),
    ],
  })
  const { problem, restarts } = podStateOf(pod, [])
  expect(problem?.detail).toBe('container app, OOMKilled, exit code 137')
  expect(restarts).toBe(6)
})
