import type { ChangeOp, InsightKind, RetentionClass, Significance } from '../contract'
import type { ActivityBy, ChangeInput, SampleInput } from './store'
import type { PodStepRow, RolloutRow, StepStatus, StoredCause, TrackedRole } from './workloadStore'

/** Words that the tables keep as small numbers. Their numbers are part of the file format: only add at the end. */
export const opCodes = ['create', 'update', 'delete'] as const satisfies readonly ChangeOp[]
export const significanceCodes = [
  'spec',
  'status',
  'metadata',
  'heartbeat',
  'none',
] as const satisfies readonly Significance[]
export const originCodes = ['watch', 'resync'] as const satisfies readonly ChangeInput['origin'][]
export const atSourceCodes = ['observed', 'bound'] as const satisfies readonly ChangeInput['atSource'][]
export const kindCodes = ['gauge', 'counter', 'histogram'] as const satisfies readonly SampleInput['kind'][]
export const dimensionCodes = [
  'resource',
  'namespace',
  'manager',
  'op',
  'significance',
] as const satisfies readonly Exclude<ActivityBy, 'key'>[]
/**
 * Links of the hash chain. append, resync and adopted (stored before there was a chain) cover changes in order; late
 * those that a re-sync stored below the cursor; epoch, named and gap are our own actions, and so are horizon (what will
 * not be kept) and retention (what was removed). thinned stands where links stood that retention has been over.
 */
export const linkCodes = [
  'epoch',
  'named',
  'gap',
  'append',
  'resync',
  'late',
  'adopted',
  'horizon',
  'retention',
  'thinned',
] as const
export type LinkKind = (typeof linkCodes)[number]

export const roleCodes = ['workload', 'service', 'node'] as const satisfies readonly TrackedRole[]
export const stepStatusCodes = [
  'Current',
  'InProgress',
  'Failed',
  'Terminating',
  'Unknown',
  'gone',
  'unrecorded',
] as const satisfies readonly StepStatus[]
export const podPhaseCodes = [
  'pending',
  'notReady',
  'ready',
  'waiting',
  'terminating',
  'succeeded',
  'failed',
  'unknown',
] as const satisfies readonly PodStepRow['phase'][]
export const outcomeCodes = [
  'in-progress',
  'converged',
  'superseded',
  'failed',
  'rolled-back',
  'deleted',
] as const satisfies readonly RolloutRow['outcome'][]
export const causeCodes = [
  'create',
  'template',
  'scale',
  'rollback',
  'other',
  'baseline',
  'run',
] as const satisfies readonly StoredCause[]
export const insightCodes = [
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
] as const satisfies readonly InsightKind[]
/** The least important first. */
export const classCodes = [
  'heartbeats',
  'events',
  'status',
  'configuration',
] as const satisfies readonly RetentionClass[]
/** By significance code; every change of an Event is of the class events. */
export const classOfSignificance = [3, 2, 3, 0, 0] as const
export const CLASS_EVENTS = 1
export const eventsResource = 'events'

export const OP_DELETE = 2
/** Step status codes from here on are no status of an object: gone, unrecorded. */
export const FIRST_NO_STATUS = 5
export const ORIGIN_WATCH = 0
export const ORIGIN_RESYNC = 1
/** Significance codes from here on change nothing that matters: heartbeat, none. */
export const FIRST_MEANINGLESS = 3

export function codeOf<T extends string>(words: readonly T[], word: T): number {
  const code = words.indexOf(word)
  if (code < 0) throw new RangeError(`no code for "${word}"`)
  return code
}

export function wordOf<T extends string>(words: readonly T[], code: number): T {
  const word = words[code]
  if (word === undefined) throw new RangeError(`no word for code ${code} among ${words.join(', ')}`)
  return word
}
