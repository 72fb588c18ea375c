import type { InsightKind, PodPhase } from '../../contract'
import type { JsonObject } from '../decodeObject'
import { type Condition, integerAt, objectAt, objectsAt, textAt } from '../status/fields'
import { metadataOf, timeAt } from './identity'

/**
 * What a Pod is doing, in one word with a reason, and what is wrong with it. Pure: times come from the object, so the
 * same version always says the same.
 */

export interface PodState {
  readonly phase: PodPhase
  readonly reason: string | null
  /** Of all its containers. */
  readonly restarts: number
  readonly problem: PodProblem | null
}

export interface PodProblem {
  readonly kind: InsightKind
  readonly reason: string
  /** A few words more: the image, the exit code, the scheduler's sentence. */
  readonly detail: string
  /** It is no problem before this; null: at once. */
  readonly fromMs: number | null
}

/** A Pod younger than this may still find a node; kstatus waits as long. */
const scheduleWindowMs = 15_000
/** Running without being ready is how every Pod begins. */
const readyWindowMs = 60_000
/** Pulling a large image or attaching a volume takes its time. */
const startWindowMs = 300_000
const maxDetailLength = 160

const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
])
const crashReasons = new Set(['CrashLoopBackOff', 'RunContainerError', 'StartError', 'PostStartHookError'])
/** Waiting that is no trouble: the kubelet is at work. */
const quietReasons = new Set(['', 'ContainerCreating', 'PodInitializing'])

interface ContainerState {
  readonly name: string
  readonly image: string
  readonly restarts: number
  readonly waiting: string | null
  readonly waitingMessage: string
  readonly terminated: string | null
  readonly exitCode: number | null
  readonly lastReason: string | null
  readonly lastExitCode: number | null
  readonly ready: boolean
}

export function podStateOf(pod: JsonObject, conditions: readonly Condition[]): PodState {
  const status = objectAt(pod, 'status')
  const containers = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses']
    .flatMap((list) => objectsAt(status, list))
    .map(containerOf)
  const restarts = containers.reduce((sum, one) => sum + one.restarts, 0)
  return { ...stateOf(pod, status, conditions, containers), restarts }
}

function stateOf(
  pod: JsonObject,
  status: JsonObject,
  conditions: readonly Condition[],
  containers: readonly ContainerState[],
): Omit<PodState, 'restarts'> {
  const phase = textAt(status, 'phase') ?? ''
  if (textAt(metadataOf(pod), 'deletionTimestamp')) {
    return { phase: 'terminating', reason: textAt(status, 'reason'), problem: null }
  }
  if (phase === 'Succeeded') return { phase: 'succeeded', reason: null, problem: null }
  if (phase === 'Failed') return failedState(status, containers)
  const stuck = containers.find((one) => one.waiting !== null && !quietReasons.has(one.waiting))
  if (stuck !== undefined) return waitingState(stuck)
  if (phase === 'Pending') return pendingState(pod, conditions, containers)
  if (phase === 'Running') return runningState(pod, conditions, containers)
  return { phase: 'unknown', reason: textAt(status, 'reason'), problem: null }
}

function failedState(status: JsonObject, containers: readonly ContainerState[]): Omit<PodState, 'restarts'> {
  const ended = containers.find((one) => one.terminated !== null && one.exitCode !== 0)
  const reason = textAt(status, 'reason') ?? ended?.terminated ?? 'Failed'
  const detail = textAt(status, 'message') ?? exitWords(ended?.exitCode ?? null)
  return { phase: 'failed', reason, problem: problem('PodsFailed', reason, detail, null) }
}

function waitingState(stuck: ContainerState): Omit<PodState, 'restarts'> {
  const reason = stuck.waiting ?? ''
  if (imageReasons.has(reason)) {
    return { phase: 'waiting', reason, problem: problem('PodsImage', reason, stuck.image, null) }
  }
  if (crashReasons.has(reason)) {
    const before = stuck.lastReason === null || stuck.lastReason === 'Error' ? '' : stuck.lastReason
    const detail = [`container ${stuck.name}`, before, exitWords(stuck.lastExitCode)].filter((word) => word !== '')
    return { phase: 'waiting', reason, problem: problem('PodsCrashing', reason, detail.join(', '), null) }
  }
  return { phase: 'waiting', reason, problem: problem('PodsNotReady', reason, stuck.waitingMessage, null) }
}

function pendingState(
  pod: JsonObject,
  conditions: readonly Condition[],
  containers: readonly ContainerState[],
): Omit<PodState, 'restarts'> {
  const createdMs = timeAt(metadataOf(pod), 'creationTimestamp')
  const unplaced = conditions.find((one) => one.type === 'PodScheduled' && one.status === 'False')
  if (unplaced !== undefined) {
    const reason = unplaced.reason || 'Unschedulable'
    const fromMs = createdMs === null ? null : createdMs + scheduleWindowMs
    return { phase: 'pending', reason, problem: problem('PodsUnschedulable', reason, unplaced.message, fromMs) }
  }
  const reason = containers.find((one) => one.waiting)?.waiting ?? null
  const fromMs = createdMs === null ? null : createdMs + startWindowMs
  const late = fromMs === null ? null : problem('PodsNotReady', reason ?? 'Pending', 'it does not start', fromMs)
  return { phase: 'pending', reason, problem: late }
}

function runningState(
  pod: JsonObject,
  conditions: readonly Condition[],
  containers: readonly ContainerState[],
): Omit<PodState, 'restarts'> {
  const ready = conditions.find((one) => one.type === 'Ready')
  if (ready?.status === 'True') return { phase: 'ready', reason: null, problem: null }
  const ended = containers.find((one) => one.terminated !== null && one.exitCode !== 0)
  const reason = ended?.terminated ?? ready?.reason ?? null
  const unready = containers.filter((one) => !one.ready && one.terminated === null).map((one) => one.name)
  const detail =
    ended === undefined ? `not ready: ${unready.join(', ') || 'its readiness gates'}` : exitWords(ended.exitCode)
  const sinceMs = readySinceMs(pod)
  const fromMs = sinceMs === null ? null : sinceMs + readyWindowMs
  return {
    phase: 'notReady',
    reason: reason || null,
    problem: problem('PodsNotReady', reason || 'NotReady', detail, fromMs),
  }
}

function readySinceMs(pod: JsonObject): number | null {
  const ready = objectsAt(objectAt(pod, 'status'), 'conditions').find((one) => one.type === 'Ready')
  return (
    (ready === undefined ? null : timeAt(ready, 'lastTransitionTime')) ?? timeAt(metadataOf(pod), 'creationTimestamp')
  )
}

function containerOf(status: JsonObject): ContainerState {
  const [state, last] = [objectAt(status, 'state'), objectAt(status, 'lastState')]
  const [waiting, ended, before] = [
    objectAt(state, 'waiting'),
    objectAt(state, 'terminated'),
    objectAt(last, 'terminated'),
  ]
  return {
    name: textAt(status, 'name') ?? '',
    image: textAt(status, 'image') ?? '',
    restarts: Math.max(0, integerAt(status, 'restartCount') ?? 0),
    waiting: state.waiting === undefined ? null : (textAt(waiting, 'reason') ?? ''),
    waitingMessage: textAt(waiting, 'message') ?? '',
    terminated: state.terminated === undefined ? null : (textAt(ended, 'reason') ?? 'Error'),
    exitCode: integerAt(ended, 'exitCode') ?? 0,
    lastReason: textAt(before, 'reason'),
    lastExitCode: integerAt(before, 'exitCode'),
    ready: status.ready === true,
  }
}

function exitWords(code: number | null): string {
  return code === null ? '' : `exit code ${code}`
}

function problem(kind: InsightKind, reason: string, detail: string, fromMs: number | null): PodProblem {
  const line = detail.replace(/\s+/g, ' ')
  return {
    kind,
    reason,
    detail: line.length > maxDetailLength ? `${line.slice(0, maxDetailLength - 1)}…` : line,
    fromMs,
  }
}
