import { describe, expect, it } from 'vitest'
import { statusOf } from '../../../lib/kubernetes/status/statusOf'

/**
 * kstatus, cell by cell: each rule with the object just short of it and just past it. The reasons are those of
 * https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus.
 */

const nowMs = Date.parse('2026-11-22T12:00:00Z')
const secondsAgo = (seconds: number) => new Date(nowMs - seconds * 1000).toISOString().replace('.000Z', 'Z')

type Parts = { metadata?: object; spec?: unknown; status?: unknown }
const object = (apiVersion: string, kind: string, { metadata = {}, ...rest }: Parts = {}) => ({
  apiVersion,
  kind,
  metadata: { name: 'a', namespace: 'b', ...metadata },
  ...rest,
})
const condition = (type: string, status: string, reason = '', message = '') => ({ type, status, reason, message })
const said = (parts: Record<string, unknown>) => {
  const { status, reason } = statusOf(parts, nowMs)
  return reason === null ? status : `${status} ${reason}`
}
/** What is said of the object → the object. */
type Rows = readonly (readonly [what: string, expected: string, object: Record<string, unknown>])[]

describe('rules for all kinds come first, in their order', () => {
  const any = (parts: Parts) => object('example.org/v1', 'Thing', parts)
  const rows: Rows = [
    [
      'a deletion timestamp is Terminating, whatever else holds',
      'Terminating',
      any({
        metadata: { deletionTimestamp: secondsAgo(5), generation: 2 },
        status: { observedGeneration: 1, conditions: [condition('Stalled', 'True')] },
      }),
    ],
    ['an empty deletion timestamp is none', 'Current', any({ metadata: { deletionTimestamp: '' } })],
    [
      'generation ahead of observedGeneration',
      'InProgress LatestGenerationNotObserved',
      any({ metadata: { generation: 2 }, status: { observedGeneration: 1 } }),
    ],
    [
      'generation behind observedGeneration',
      'InProgress LatestGenerationNotObserved',
      any({ metadata: { generation: 1 }, status: { observedGeneration: 2 } }),
    ],
    ['equal generations', 'Current', any({ metadata: { generation: 2 }, status: { observedGeneration: 2 } })],
    ['no generation', 'Current', any({ status: { observedGeneration: 2 } })],
    ['no observedGeneration', 'Current', any({ metadata: { generation: 2 }, status: {} })],
    [
      'a generation that is no integer counts as absent',
      'Current',
      any({ metadata: { generation: 2.5 }, status: { observedGeneration: 1 } }),
    ],
    [
      'an observedGeneration of text counts as absent',
      'Current',
      any({ metadata: { generation: 2 }, status: { observedGeneration: '1' } }),
    ],
    [
      'generation before Stalled',
      'InProgress LatestGenerationNotObserved',
      any({
        metadata: { generation: 2 },
        status: { observedGeneration: 1, conditions: [condition('Stalled', 'True', 'Bad')] },
      }),
    ],
    [
      'Reconciling=True',
      'InProgress Working',
      any({ status: { conditions: [condition('Reconciling', 'True', 'Working')] } }),
    ],
    [
      'Reconciling=True without a reason',
      'InProgress',
      any({ status: { conditions: [condition('Reconciling', 'True')] } }),
    ],
    ['Reconciling=False', 'Current', any({ status: { conditions: [condition('Reconciling', 'False', 'Done')] } })],
    ['Stalled=True', 'Failed Bad', any({ status: { conditions: [condition('Stalled', 'True', 'Bad')] } })],
    ['Stalled=Unknown', 'Current', any({ status: { conditions: [condition('Stalled', 'Unknown', 'Bad')] } })],
    [
      'the first of the two decides: Reconciling',
      'InProgress A',
      any({ status: { conditions: [condition('Reconciling', 'True', 'A'), condition('Stalled', 'True', 'B')] } }),
    ],
    [
      'the first of the two decides: Stalled',
      'Failed B',
      any({ status: { conditions: [condition('Stalled', 'True', 'B'), condition('Reconciling', 'True', 'A')] } }),
    ],
    [
      'they come before the rule of a kind',
      'Failed B',
      object('v1', 'ConfigMap', { status: { conditions: [condition('Stalled', 'True', 'B')] } }),
    ],
  ]
  it.each(rows)('%s: %s', (_, expected, given) => expect(said(given)).toBe(expected))
})

describe('kinds without a rule, custom resources included', () => {
  const any = (conditions: unknown) => object('db.acme.example/v1', 'Database', { status: { conditions } })
  const rows: Rows = [
    ['nothing at all', 'Current', object('db.acme.example/v1', 'Database')],
    ['no metadata either', 'Current', { apiVersion: 'v1', kind: 'Odd' }],
    ['no kind', 'Current', {}],
    ['Ready=True', 'Current', any([condition('Ready', 'True')])],
    ['Ready=False', 'InProgress Waiting', any([condition('Ready', 'False', 'Waiting')])],
    ['Ready=Unknown', 'InProgress Lost', any([condition('Ready', 'Unknown', 'Lost')])],
    ['Ready of another word is passed over', 'Current', any([condition('Ready', 'Maybe', 'Lost')])],
    ['other conditions say nothing', 'Current', any([condition('Healthy', 'False', 'Sick')])],
    [
      'a Node that is not ready',
      'InProgress KubeletNotReady',
      object('v1', 'Node', { status: { conditions: [condition('Ready', 'False', 'KubeletNotReady')] } }),
    ],
    [
      'a kind of another group has not the rule of its namesake',
      'Current',
      object('example.org/v1', 'Deployment', { spec: { replicas: 3 } }),
    ],
  ]
  it.each(rows)('%s: %s', (_, expected, given) => expect(said(given)).toBe(expected))
})

describe('Deployment', () => {
  const whole = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 }
  const good = [condition('Progressing', 'True', 'NewReplicaSetAvailable'), condition('Available', 'True')]
  const made = (
    status: object,
    spec: object = { replicas: 3, progressDeadlineSeconds: 600 },
    conditions: unknown = good,
  ) => object('apps/v1', 'Deployment', { spec, status: { ...whole, ...status, conditions } })
  const one = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 }
  const rows: Rows = [
    ['all as wanted', 'Current', made({})],
    [
      'the old group has the same rule',
      'InProgress LessReplicas',
      object('extensions/v1beta1', 'Deployment', { spec: { replicas: 1 }, status: {} }),
    ],
    [
      'deadline exceeded comes before every number',
      'Failed ProgressDeadlineExceeded',
      made({}, { replicas: 3 }, [condition('Progressing', 'False', 'ProgressDeadlineExceeded'), ...good]),
    ],
    [
      'the reason elsewhere than at Progressing means nothing',
      'Current',
      made({}, undefined, [...good, condition('Other', 'False', 'ProgressDeadlineExceeded')]),
    ],
    ['fewer replicas', 'InProgress LessReplicas', made({ replicas: 2 })],
    ['no status at all', 'InProgress LessReplicas', object('apps/v1', 'Deployment', { spec: { replicas: 1 } })],
    ['fewer updated', 'InProgress LessUpdated', made({ updatedReplicas: 2 })],
    ['more replicas than wanted', 'InProgress ExtraPods', made({ replicas: 4 })],
    ['fewer available than updated', 'InProgress LessAvailable', made({ availableReplicas: 2 })],
    ['fewer ready than wanted', 'InProgress LessReady', made({ readyReplicas: 2 })],
    ['replicas before updated', 'InProgress LessReplicas', made({ replicas: 2, updatedReplicas: 1 })],
    ['updated before extra', 'InProgress LessUpdated', made({ replicas: 4, updatedReplicas: 1 })],
    ['extra before available', 'InProgress ExtraPods', made({ replicas: 4, availableReplicas: 1 })],
    ['available before ready', 'InProgress LessAvailable', made({ availableReplicas: 1, readyReplicas: 1 })],
    [
      'the new ReplicaSet is not there yet',
      'InProgress ReplicaSetNotAvailable',
      made({}, undefined, [condition('Progressing', 'True', 'ReplicaSetUpdated'), condition('Available', 'True')]),
    ],
    [
      'Progressing=False with the right reason is not enough',
      'InProgress ReplicaSetNotAvailable',
      made({}, undefined, [
        condition('Progressing', 'False', 'NewReplicaSetAvailable'),
        condition('Available', 'True'),
      ]),
    ],
    [
      'without a deadline Progressing is not asked for',
      'Current',
      made({}, { replicas: 3 }, [condition('Available', 'True')]),
    ],
    [
      'the greatest deadline is none',
      'Current',
      made({}, { replicas: 3, progressDeadlineSeconds: 2_147_483_647 }, [condition('Available', 'True')]),
    ],
    [
      'the one below it is one',
      'InProgress ReplicaSetNotAvailable',
      made({}, { replicas: 3, progressDeadlineSeconds: 2_147_483_646 }, [condition('Available', 'True')]),
    ],
    [
      'not available',
      'InProgress DeploymentNotAvailable',
      made({}, undefined, [
        condition('Progressing', 'True', 'NewReplicaSetAvailable'),
        condition('Available', 'False'),
      ]),
    ],
    [
      'no condition Available',
      'InProgress DeploymentNotAvailable',
      made({}, undefined, [condition('Progressing', 'True', 'NewReplicaSetAvailable')]),
    ],
    ['one replica is wanted when none is said', 'Current', made(one, { progressDeadlineSeconds: 600 })],
    [
      'one replica is wanted when the number has a fraction',
      'Current',
      made(one, { replicas: 64.02, progressDeadlineSeconds: 600 }),
    ],
    ['a status number with a fraction counts as zero', 'InProgress LessReplicas', made({ replicas: 3.5 })],
    [
      'zero replicas are as wanted',
      'Current',
      made(
        { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 },
        { replicas: 0, progressDeadlineSeconds: 600 },
      ),
    ],
  ]
  it.each(rows)('%s: %s', (_, expected, given) => expect(said(given)).toBe(expected))
})

describe('StatefulSet', () => {
  const whole = {
    replicas: 3,
    readyReplicas: 3,
    currentReplicas: 3,
    updatedReplicas: 3,
    currentRevision: 'r1',
    updateRevision: 'r1',
  }
  const made = (status: object, spec: object = {}) =>
    object('apps/v1', 'StatefulSet', { spec: { replicas: 3, ...spec }, status: { ...whole, ...status } })
  const partition = (value: unknown) => ({
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: value } },
  })
  const rows: Rows = [
    ['all as wanted', 'Current', made({})],
    [
      'OnDelete is Current whatever the numbers',
      'Current',
      made({ replicas: 0, readyReplicas: 0 }, { updateStrategy: { type: 'OnDelete' } }),
    ],
    ['fewer replicas', 'InProgress LessReplicas', made({ replicas: 2 })],
    ['fewer ready', 'InProgress LessReady', made({ readyReplicas: 2 })],
    ['more replicas', 'InProgress ExtraPods', made({ replicas: 4 })],
    ['replicas before ready', 'InProgress LessReplicas', made({ replicas: 2, readyReplicas: 1 })],
    ['ready before extra', 'InProgress LessReady', made({ replicas: 4, readyReplicas: 2 })],
    ['a partition still to be updated', 'InProgress PartitionRollout', made({ updatedReplicas: 0 }, partition(2))],
    ['a partition just reached', 'Current', made({ updatedReplicas: 1, currentRevision: 'r0' }, partition(2))],
    [
      'a partition above the replicas asks for nothing',
      'Current',
      made({ updatedReplicas: 0, currentReplicas: 0, currentRevision: 'r0' }, partition(4)),
    ],
    ['a partition of zero asks for all', 'InProgress PartitionRollout', made({ updatedReplicas: 2 }, partition(0))],
    ['a partition of minus one is none', 'InProgress RevisionMismatch', made({ currentRevision: 'r0' }, partition(-1))],
    [
      'a partition with a fraction is none',
      'InProgress RevisionMismatch',
      made({ currentRevision: 'r0' }, partition(1.5)),
    ],
    ['fewer of the current revision', 'InProgress LessCurrent', made({ currentReplicas: 2 })],
    ['two revisions', 'InProgress RevisionMismatch', made({ updateRevision: 'r2' })],
    ['no revisions are equal ones', 'Current', made({ currentRevision: undefined, updateRevision: undefined })],
    ['current before revisions', 'InProgress LessCurrent', made({ currentReplicas: 2, updateRevision: 'r2' })],
    [
      'one replica is wanted when none is said',
      'Current',
      made({ ...whole, replicas: 1, readyReplicas: 1, currentReplicas: 1 }, { replicas: undefined }),
    ],
  ]
  it.each(rows)('%s: %s', (_, expected, given) => expect(said(given)).toBe(expected))
})

describe('DaemonSet', () => {
  const whole = {
    desiredNumberScheduled: 3,
    currentNumberScheduled: 3,
    updatedNumberScheduled: 3,
    numberAvailable: 3,
    numberReady: 3,
    observedGeneration: 4,
  }
  const made = (status: object, metadata: object = { generation: 4 }) =>
    object('apps/v1', 'DaemonSet', { metadata, status: { ...whole, ...status } })
  const rows: Rows = [
    ['all as wanted', 'Current', made({})],
    ['no generation', 'InProgress NoGeneration', made({}, {})],
    ['no observedGeneration', 'InProgress NoObservedGeneration', made({ observedGeneration: undefined })],
    ['no desired number', 'InProgress NoDesiredNumber', made({ desiredNumberScheduled: undefined })],
    ['a desired number with a fraction', 'InProgress NoDesiredNumber', made({ desiredNumberScheduled: 2.5 })],
    ['a desired number of minus one', 'InProgress NoDesiredNumber', made({ desiredNumberScheduled: -1 })],
    [
      'no node to run on',
      'Current',
      made({
        desiredNumberScheduled: 0,
        currentNumberScheduled: 0,
        updatedNumberScheduled: 0,
        numberAvailable: 0,
        numberReady: 0,
      }),
    ],
    ['fewer scheduled', 'InProgress LessCurrent', made({ currentNumberScheduled: 2 })],
    ['fewer updated', 'InProgress LessUpdated', made({ updatedNumberScheduled: 2 })],
    ['fewer available', 'InProgress LessAvailable', made({ numberAvailable: 2 })],
    ['fewer ready', 'InProgress LessReady', made({ numberReady: 2 })],
    [
      'scheduled before updated',
      'InProgress LessCurrent',
      made({ currentNumberScheduled: 2, updatedNumberScheduled: 1 }),
    ],
    ['updated before available', 'InProgress LessUpdated', made({ updatedNumberScheduled: 2, numberAvailable: 1 })],
    ['available before ready', 'InProgress LessAvailable', made({ numberAvailable: 2, numberReady: 1 })],
  ]
  it.each(rows)('%s: %s', (_, expected, given) => expect(said(given)).toBe(expected))
})

describe('ReplicaSet', () => {
  const whole = { replicas: 2, fullyLabeledReplicas: 2, availableReplicas: 2, readyReplicas: 2 }
  const made = (status: object, spec: object = { replicas: 2 }) =>
    object('apps/v1', 'ReplicaSet', { spec, status: { ...whole, ...status } })
  const rows: Rows = [
    ['all as wanted', 'Current', made({})],
    [
      'ReplicaFailure comes before every number',
      'InProgress ReplicaFailure',
      made({ conditions: [condition('ReplicaFailure', 'True', 'FailedCreate')] }),
    ],
    ['ReplicaFailure=False', 'Current', made({ conditions: [condition('ReplicaFailure', 'False')] })],
    ['fewer labelled', 'InProgress LessLabelled', made({ fullyLabeledReplicas: 1 })],
    ['fewer available', 'InProgress LessAvailable', made({ availableReplicas: 1 })],
    ['fewer ready', 'InProgress LessReady', made({ readyReplicas: 1 })],
    ['more replicas', 'InProgress ExtraPods', made({ replicas: 3 })],
    ['labelled before available', 'InProgress LessLabelled', made({ fullyLabeledReplicas: 1, availableReplicas: 1 })],
    ['available before ready', 'InProgress LessAvailable', made({ availableReplicas: 1, readyReplicas: 1 })],
    ['ready before extra', 'InProgress LessReady', made({ readyReplicas: 1, replicas: 3 })],
    [
      'one replica is wanted when none is said',
      'Current',
      made({ replicas: 1, fullyLabeledReplicas: 1, availableReplicas: 1, readyReplicas: 1 }, {}),
    ],
  ]
  it.each(rows)('%s: %s', (_, expected, given) => expect(said(given)).toBe(expected))
})

describe('Pod', () => {
  const made = (status: object, createdSecondsAgo = 60) =>
    object('v1', 'Pod', { metadata: { creationTimestamp: secondsAgo(createdSecondsAgo) }, status })
  const unplaced = { phase: 'Pending', conditions: [condition('PodScheduled', 'False', 'Unschedulable')] }
  const waiting = (reason: string) => ({
    phase: 'Running',
    containerStatuses: [{ name: 'app', state: { waiting: { reason } } }],
  })
  const rows: Rows = [
    ['Succeeded', 'Current', made({ phase: 'Succeeded' })],
    ['Failed has completed', 'Current', made({ phase: 'Failed' })],
    ['Running and ready', 'Current', made({ phase: 'Running', conditions: [condition('Ready', 'True')] })],
    [
      'ready wins over a crashing container',
      'Current',
      made({ ...waiting('CrashLoopBackOff'), conditions: [condition('Ready', 'True')] }),
    ],
    ['a container crashes', 'Failed ContainerCrashLooping', made(waiting('CrashLoopBackOff'))],
    ['a container waits for another reason', 'InProgress PodRunningNotReady', made(waiting('ImagePullBackOff'))],
    [
      'Running and not ready',
      'InProgress PodRunningNotReady',
      made({ phase: 'Running', conditions: [condition('Ready', 'False')] }),
    ],
    ['unschedulable at 14.999 s', 'InProgress PodNotScheduled', made(unplaced, 14.999)],
    ['unschedulable at 15 s', 'Failed PodUnschedulable', made(unplaced, 15)],
    ['unschedulable at 16 s', 'Failed PodUnschedulable', made(unplaced, 16)],
    [
      'not scheduled for another reason',
      'InProgress PodPending',
      made({ phase: 'Pending', conditions: [condition('PodScheduled', 'False', 'SchedulerError')] }),
    ],
    [
      'scheduled and pending',
      'InProgress PodPending',
      made({ phase: 'Pending', conditions: [condition('PodScheduled', 'True')] }),
    ],
    ['pending without conditions', 'InProgress PodPending', made({ phase: 'Pending' })],
    ['no phase', 'InProgress PodNotObserved', made({})],
    ['an unknown phase is an error', 'Unknown UnknownPhase', made({ phase: 'Dreaming' })],
  ]
  it.each(rows)('%s: %s', (_, expected, given) => expect(said(given)).toBe(expected))
})

describe('Job', () => {
  const made = (status: object, spec: object = {}) => object('batch/v1', 'Job', { spec, status })
  const started = { startTime: secondsAgo(60) }
  const rows: Rows = [
    ['Complete', 'Current', made({ ...started, conditions: [condition('Complete', 'True')] })],
    [
      'Failed',
      'Failed JobFailed',
      made({ ...started, conditions: [condition('Failed', 'True', 'BackoffLimitExceeded')] }),
    ],
    [
      'the first of the two decides',
      'Current',
      made({ conditions: [condition('Complete', 'True'), condition('Failed', 'True')] }),
    ],
    [
      'the first of the two decides, the other way',
      'Failed JobFailed',
      made({ conditions: [condition('Failed', 'True'), condition('Complete', 'True')] }),
    ],
    ['Complete=False says nothing', 'InProgress JobNotStarted', made({ conditions: [condition('Complete', 'False')] })],
    ['suspended on purpose', 'Current', made({ conditions: [condition('Suspended', 'True')] }, { suspend: true })],
    ['suspended against its spec', 'InProgress JobNotStarted', made({ conditions: [condition('Suspended', 'True')] })],
    ['not started', 'InProgress JobNotStarted', made({})],
    ['an empty start time is none', 'InProgress JobNotStarted', made({ startTime: '' })],
    ['running is as it should be', 'Current', made({ ...started, active: 1 })],
  ]
  it.each(rows)('%s: %s', (_, expected, given) => expect(said(given)).toBe(expected))
})

describe('the other kinds', () => {
  const claim = (status: object) => object('v1', 'PersistentVolumeClaim', { status })
  const service = (spec: object) => object('v1', 'Service', { spec })
  const definition = (...conditions: object[]) =>
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { status: { conditions } })
  const notReady = { status: { conditions: [condition('Ready', 'False', 'No')] } }
  const late = { metadata: { generation: 2 }, status: { observedGeneration: 1 } }
  const rows: Rows = [
    ['a bound claim', 'Current', claim({ phase: 'Bound' })],
    ['a pending claim', 'InProgress NotBound', claim({ phase: 'Pending' })],
    ['a claim without a phase', 'InProgress NotBound', claim({})],
    ['a Service', 'Current', service({ type: 'ClusterIP' })],
    ['a load balancer with a cluster IP', 'Current', service({ type: 'LoadBalancer', clusterIP: '10.0.0.1' })],
    ['a load balancer without one', 'InProgress NoIPAssigned', service({ type: 'LoadBalancer' })],
    ['a load balancer with an empty one', 'InProgress NoIPAssigned', service({ type: 'LoadBalancer', clusterIP: '' })],
    [
      'a definition that is established',
      'Current',
      definition(condition('NamesAccepted', 'True'), condition('Established', 'True')),
    ],
    ['its names are refused', 'Failed Conflict', definition(condition('NamesAccepted', 'False', 'Conflict'))],
    [
      'it is being installed',
      'InProgress Installing',
      definition(condition('NamesAccepted', 'True'), condition('Established', 'False', 'Installing')),
    ],
    ['it cannot be installed', 'Failed Broken', definition(condition('Established', 'False', 'Broken'))],
    ['it says nothing yet', 'InProgress Installing', definition()],
    ['a ConfigMap', 'Current', object('v1', 'ConfigMap', notReady)],
    ['a Secret', 'Current', object('v1', 'Secret', notReady)],
    ['a CronJob', 'Current', object('batch/v1', 'CronJob', notReady)],
    ['a PodDisruptionBudget', 'Current', object('policy/v1', 'PodDisruptionBudget', notReady)],
    [
      'a PodDisruptionBudget whose generation was not observed',
      'InProgress LatestGenerationNotObserved',
      object('policy/v1', 'PodDisruptionBudget', late),
    ],
    [
      'a CronJob whose generation was not observed',
      'InProgress LatestGenerationNotObserved',
      object('batch/v1', 'CronJob', late),
    ],
  ]
  it.each(rows)('%s: %s', (_, expected, given) => expect(said(given)).toBe(expected))
})

describe('what cannot be an object is Unknown with a reason, never an exception', () => {
  const rows: readonly [string, Record<string, unknown>][] = [
    ['metadata of text', { kind: 'Pod', apiVersion: 'v1', metadata: 'no' }],
    ['metadata of null', { kind: 'Pod', apiVersion: 'v1', metadata: null }],
    ['a deletion timestamp that is a number', object('v1', 'Pod', { metadata: { deletionTimestamp: 5 } })],
    ['a status of text', object('apps/v1', 'Deployment', { status: 'fine' })],
    ['conditions that are no list', object('apps/v1', 'Deployment', { status: { conditions: {} } })],
    ['a condition of null', object('apps/v1', 'Deployment', { status: { conditions: [null] } })],
    [
      'a condition with a number as its status',
      object('v1', 'Thing', { status: { conditions: [{ type: 'Ready', status: 1 }] } }),
    ],
  ]
  it.each(rows)('%s', (_, given) => {
    const { status, reason, message } = statusOf(given, nowMs)
    expect([status, reason]).toEqual(['Unknown', 'Unreadable'])
    expect(message).toMatch(/^The object cannot be evaluated: /)
  })

  it.each<[string, Record<string, unknown>]>([
    ['negative replicas', object('apps/v1', 'Deployment', { spec: { replicas: -3 }, status: {} })],
    [
      'replicas beyond every integer',
      object('apps/v1', 'Deployment', { spec: { replicas: 1e300 }, status: { replicas: 1e300 } }),
    ],
    [
      'not a number',
      object('apps/v1', 'StatefulSet', { spec: { replicas: Number.NaN }, status: { replicas: Number.NaN } }),
    ],
    ['a status without a spec', object('apps/v1', 'Deployment', { status: { replicas: 2 } })],
    ['a spec of text', object('apps/v1', 'Deployment', { spec: 'three', status: {} })],
    ['lists where maps belong', object('v1', 'Pod', { spec: [], status: { phase: ['Running'] } })],
    [
      'containers of null',
      object('v1', 'Pod', { status: { phase: 'Running', containerStatuses: [null, 7, { state: [] }] } }),
    ],
  ])('%s gives a status', (_, given) => {
    expect(['Current', 'InProgress', 'Failed', 'Unknown']).toContain(statusOf(given, nowMs).status)
  })
})
