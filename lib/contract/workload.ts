import { z } from 'zod'
import { atParam, clusterName, instantParam, int64, pageParams, time } from './common'
import { point } from './series'

/**
 * Desired versus actual of workloads, at any moment of the record and over time. Listed are Deployments, StatefulSets,
 * DaemonSets, CronJobs, Jobs, ReplicaSets and Pods that no workload owns, ReplicationControllers, and custom resources
 * that report conditions, an observed generation, or replicas.
 */

/** As kstatus names it; Unknown where the object contradicts itself, with the reason. */
export const workloadStatus = z.enum(['Current', 'InProgress', 'Failed', 'Terminating', 'Unknown'])
export type WorkloadStatus = z.infer<typeof workloadStatus>

export const insightKind = z.enum([
  'PodsImage',
  'PodsCrashing',
  'PodsUnschedulable',
  'PodsNotReady',
  'PodsFailed',
  'NodeNotReady',
  'HpaAtLimit',
  'HpaBlind',
  'LoadBalancerPending',
  'EndpointsEmpty',
  'VolumePending',
  'RolloutPaused',
  'CronJobMissed',
  'CronJobFailing',
  'JobLong',
  'Flapping',
  'StaleConfig',
])
export type InsightKind = z.infer<typeof insightKind>

/** Our own remark beside the status, never mixed into it. */
export const insight = z.object({
  kind: insightKind,
  severity: z.enum(['warning', 'info']),
  message: z.string().describe('one sentence for people'),
  objects: z
    .array(z.object({ kind: z.string(), namespace: z.string().nullable(), name: z.string(), key: z.string() }))
    .describe('what it is about, at most ten: pods, the autoscaler, a Service, a claim, a node'),
})
export type Insight = z.infer<typeof insight>

const replicas = z.number().int().nullable().describe('null where the kind has no such number or it is not readable')
/** Pod counts as the object states them, a Job's: desired completions, current active, ready, available succeeded. */
const figures = { desired: replicas, current: replicas, updated: replicas, ready: replicas, available: replicas }

/** Which object: `key` leads to its history and values. */
const identity = {
  kind: z.string(),
  group: z.string().describe("the API group, empty for Kubernetes' core"),
  resource: z.string().describe('as in changes: deployments, or group/plural for a custom resource'),
  namespace: z.string().nullable().describe('null for a cluster-scoped object'),
  name: z.string(),
  key: z.string(),
}

export const rolloutOutcome = z.enum(['in-progress', 'converged', 'superseded', 'failed', 'rolled-back', 'deleted'])
export type RolloutOutcome = z.infer<typeof rolloutOutcome>
export const rolloutCause = z.enum(['create', 'template', 'scale', 'rollback', 'other'])
export type RolloutCause = z.infer<typeof rolloutCause>

/** One change of generation and what became of it. */
const rolloutSpan = {
  generation: int64,
  fromRevision: int64.describe('the change of generation'),
  startedAt: time,
  endedRevision: int64.nullable(),
  endedAt: time.nullable().describe('when it converged, failed, was superseded, rolled back or deleted'),
  convergedMs: z.number().int().nullable().describe('from startedAt to Current; null unless it converged'),
  outcome: rolloutOutcome.describe(
    'failed: the status became Failed before Current; rolled-back: before either, a new generation went back to an ' +
      'earlier template; superseded: before either, any other new generation',
  ),
  cause: rolloutCause.describe(
    'what the generation changed: template; scale: only the number of replicas; rollback: the template, to one that ' +
      'it had before; create: the first; other: the rest of the spec',
  ),
}

/** A step of a workload: from `t` until the next one these are its figures. */
export const workloadStep = z.object({
  t: z.number().int().describe('epoch ms'),
  revision: int64,
  desired: replicas,
  available: replicas,
  status: workloadStatus,
})

export const workloadItem = z.object({
  ...identity,
  ...figures,
  generation: int64.nullable(),
  observedGeneration: int64.nullable(),
  status: workloadStatus,
  reason: z.string().nullable(),
  message: z.string().nullable(),
  insights: z.array(insight),
  since: time.describe('from when on it has this status without a break'),
  usualConvergeMs: z.number().int().nullable().describe('median of its rollouts that had converged by then'),
  revision: int64.describe('the change that brought this state'),
  createdAt: time.nullable().describe('as the object says'),
  owner: z.object({ kind: z.string(), name: z.string() }).nullable(),
  lastRollout: z.object(rolloutSpan).nullable().describe('the newest that had started by then'),
  steps: z
    .array(workloadStep)
    .nullable()
    .describe('for a small chart, with `from`: what held at `from`, then each change up to `at`, the newest 200'),
})
export type WorkloadItem = z.infer<typeof workloadItem>

const listOf = z
  .string()
  .max(2000)
  .transform((text) => text.split(',').filter((part) => part !== ''))
  .optional()

export const workloadsQuery = z.object({
  at: atParam.default('now'),
  epoch: z.coerce.number().int().min(1).optional(),
  kind: listOf.describe('several with commas, case ignored'),
  namespace: listOf.describe('several with commas; -name leaves one out'),
  status: listOf.describe('several with commas; notCurrent stands for all but Current'),
  insight: z.enum(['true']).optional().describe('only those with an insight'),
  q: z.string().max(200).optional().describe('part of kind, namespace, name, reason or insight, case ignored'),
  from: instantParam.optional().describe('steps of each item from this instant on'),
  ...pageParams,
})

/** How many have which status. */
export const statusCounts = z.object({
  total: z.number().int(),
  Current: z.number().int(),
  InProgress: z.number().int(),
  Failed: z.number().int(),
  Terminating: z.number().int(),
  Unknown: z.number().int(),
})
export type StatusCounts = z.infer<typeof statusCounts>

const derivedThrough = int64.describe(
  'workload states are derived up to this revision; below `revision` only while an older database is being read again',
)

/** Ordered: not Current first (Failed before the others), then with an insight, then by namespace and name. */
export const workloadsAnswer = z.object({
  revision: int64,
  at: time,
  counts: statusCounts.describe('under the filters kind, namespace and q'),
  withInsight: z.number().int().describe('under the same filters'),
  derivedThrough,
  items: z.array(workloadItem),
  nextCursor: z.string().nullable(),
})
export type WorkloadsAnswer = z.infer<typeof workloadsAnswer>

export const workloadParams = z.object({
  cluster: clusterName,
  kind: z.string().min(1).max(300).describe('Deployment; Kind.group where two groups share a kind'),
  namespace: z.string().min(1).max(300).describe('- for a cluster-scoped object'),
  name: z.string().min(1).max(300),
})

export const workloadQuery = z.object({
  from: instantParam.optional().describe('default: the start of the record'),
  to: instantParam.default('now'),
  epoch: z.coerce.number().int().min(1).optional(),
})

/** What held from this revision until the next; a step only where something differs. */
export const timelineStep = z.object({
  revision: int64,
  at: time,
  ...figures,
  status: workloadStatus,
  reason: z.string().nullable(),
  generation: int64.nullable(),
  observedGeneration: int64.nullable(),
})

export const rollout = z.object({
  ...rolloutSpan,
  manager: z.string().nullable(),
  summary: z.string().describe('what the change of generation changed'),
  podsReplaced: z.number().int().describe('pods of it that were there at the start and were deleted by the end'),
  failures: z
    .array(
      z.object({ at: time, revision: int64, object: z.string(), reason: z.string(), message: z.string().nullable() }),
    )
    .describe('on the way: of the workload itself and of its pods, each reason once a pod, at most 50'),
  usualMs: z.number().int().nullable().describe('median of the rollouts that had converged before it started'),
  ratio: z.number().nullable().describe('its time, up to the end of the range while it runs, over usualMs'),
})
export type Rollout = z.infer<typeof rollout>

/** Of times to converge; null where there are none. */
export const percentiles = z.object({
  count: z.number().int(),
  p50Ms: z.number().int().nullable(),
  p90Ms: z.number().int().nullable(),
  p99Ms: z.number().int().nullable(),
})

/**
 * pending: not started; notReady: runs without being ready; ready; waiting: a container waits after a crash, for an
 * image or its configuration; terminating: deletion was asked for; succeeded and failed: ended.
 */
export const podPhase = z.enum([
  'pending',
  'notReady',
  'ready',
  'waiting',
  'terminating',
  'succeeded',
  'failed',
  'unknown',
])
export type PodPhase = z.infer<typeof podPhase>

/** A pod of the workload that lived in the range: one lane. */
export const workloadPod = z.object({
  namespace: z.string().nullable(),
  name: z.string(),
  key: z.string(),
  owner: z.object({ kind: z.string(), name: z.string() }).nullable().describe('its ReplicaSet or Job, for instance'),
  node: z.string().nullable(),
  from: time.describe('first seen'),
  to: time.nullable().describe('deleted; null when it was still there at the end of the range'),
  stretches: z.array(
    z.object({
      from: time,
      to: time.nullable().describe('null: goes on at the end of the range'),
      revision: int64,
      phase: podPhase,
      reason: z.string().nullable().describe('CrashLoopBackOff, OOMKilled, ImagePullBackOff, Unschedulable, …'),
    }),
  ),
  restarts: z.number().int().describe('of all its containers, at the end of the range'),
  status: workloadStatus,
  reason: z.string().nullable(),
  message: z.string().nullable(),
})
export type WorkloadPod = z.infer<typeof workloadPod>

export const workloadEvent = z.object({
  at: time.describe('last seen'),
  firstAt: time,
  count: z.number().int(),
  type: z.string().describe('Normal or Warning'),
  reason: z.string(),
  message: z.string(),
  regarding: z.object({ kind: z.string(), namespace: z.string().nullable(), name: z.string() }),
  source: z.string().nullable().describe('the component that reported it'),
  key: z.string(),
  revision: int64,
})

/** Config at start, summed over the pods of one container; see pod-config for each pod. */
export const workloadConfig = z.object({
  container: z.string(),
  kind: z.enum(['ConfigMap', 'Secret']),
  name: z.string(),
  key: z.string(),
  revisionAtStart: int64.nullable().describe('the oldest among the pods'),
  currentRevision: int64.nullable(),
  stale: z.boolean().nullable().describe('true when it is for at least one pod'),
  pods: z.number().int(),
  stalePods: z.number().int(),
  reason: z.string(),
})

/** An object that belongs to the workload, or that it belongs to. `of` is the key of the object it hangs on. */
export const ownedObject = z.object({
  ...identity,
  relation: z.enum(['owner', 'owned', 'autoscaler', 'service', 'endpoints', 'volume', 'node']),
  of: z.string().describe('key of the object that the relation is to'),
  from: time,
  to: time.nullable().describe('deleted, or let go; null when it still holds at the end of the range'),
  status: workloadStatus.nullable(),
  reason: z.string().nullable(),
})
export type OwnedObject = z.infer<typeof ownedObject>

/** A Service whose selector takes the workload's pods, and its endpoints over all its slices. */
export const workloadService = z.object({
  namespace: z.string().nullable(),
  name: z.string(),
  key: z.string(),
  type: z.string(),
  steps: z.array(
    z.object({ t: z.number().int(), revision: int64, ready: z.number().int(), notReady: z.number().int() }),
  ),
  emptied: z
    .array(
      z.object({
        at: time,
        revision: int64.describe('the change of the slice that took the last ready endpoint away'),
        key: z.string(),
        until: time.nullable().describe('when an endpoint was ready again'),
        cause: z
          .object({ revision: int64, at: time, key: z.string(), summary: z.string(), manager: z.string().nullable() })
          .nullable()
          .describe('the change of the last ready pod that came before it'),
      }),
    )
    .describe('each time that no endpoint was ready any more, oldest first'),
})
export type WorkloadService = z.infer<typeof workloadService>

export const workloadAutoscaler = z.object({
  name: z.string(),
  key: z.string(),
  min: replicas,
  max: replicas,
  current: replicas,
  desired: replicas,
  atLimit: z.boolean(),
  blind: z.boolean().describe('it cannot read its metrics'),
  message: z.string().nullable(),
})

export const workloadVolume = z.object({
  claim: z.string(),
  key: z.string(),
  phase: z.string().nullable(),
  status: workloadStatus,
  reason: z.string().nullable(),
  pods: z.array(z.string()).describe('names of the pods that mount it'),
})

export const workloadAnswer = z.object({
  ...identity,
  epoch: z.number().int(),
  revision: int64.describe('the end of the range'),
  derivedThrough,
  current: workloadItem.nullable().describe('its state at the end of the range; null when it was deleted by then'),
  deletedAt: time.nullable(),
  timeline: z.array(timelineStep).describe('oldest first, the first is what held at `from`'),
  truncated: z.boolean().describe('the range has more than 20,000 steps: the newest are here'),
  rollouts: z.array(rollout).describe('newest first: those that touch the range'),
  converge: percentiles.describe('of all its rollouts that had converged by the end of the range'),
  pods: z.array(workloadPod).describe('oldest first, at most 500, the newest when there are more'),
  podsTotal: z.number().int(),
  events: z.array(workloadEvent).describe('about it and what it owns, newest first, at most 200'),
  config: z.array(workloadConfig),
  ownership: z.array(ownedObject).describe('owners first; pods that ended before the range are left out'),
  services: z.array(workloadService),
  autoscaler: workloadAutoscaler.nullable(),
  volumes: z.array(workloadVolume),
})
export type WorkloadAnswer = z.infer<typeof workloadAnswer>

/** Roll-ups: how many workloads are not Current, over time, and how long rollouts take. */
export const workloadSummaryQuery = z.object({
  from: instantParam.default('-24h'),
  to: instantParam.default('now'),
  by: z.enum(['namespace', 'kind']).default('namespace'),
  epoch: z.coerce.number().int().min(1).optional(),
})

export const workloadGroup = z.object({
  label: z.string().nullable().describe('the namespace or kind; null for cluster-scoped objects'),
  counts: statusCounts.describe('at the end of the range'),
  notCurrent: z
    .array(point)
    .describe('steps: [epoch ms, workloads that were not Current from then on]; at most 2,000, beyond that the maxima'),
  converge: percentiles.describe('of the rollouts that converged in the range'),
  outcomes: z.record(rolloutOutcome, z.number().int()).describe('of the rollouts that ended in the range or still run'),
})
export type WorkloadGroup = z.infer<typeof workloadGroup>

export const workloadSummaryAnswer = z.object({
  revision: int64,
  at: time,
  derivedThrough,
  cluster: workloadGroup.omit({ label: true }),
  groups: z.array(workloadGroup).describe('those with most not Current first, then by label'),
})
export type WorkloadSummaryAnswer = z.infer<typeof workloadSummaryAnswer>
