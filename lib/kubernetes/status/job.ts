import type { JsonObject } from '../decodeObject'
import { type Condition, integerAt, objectAt, textAt } from './fields'
import { current, failed, inProgress, type ObjectStatus } from './result'

/** A Job that runs is as it should be: Current, not InProgress. */
export function jobStatus(object: JsonObject, conditions: readonly Condition[]): ObjectStatus {
  const [spec, status] = [objectAt(object, 'spec'), objectAt(object, 'status')]
  const completions = integerAt(spec, 'completions') ?? integerAt(spec, 'parallelism') ?? 1
  const succeeded = integerAt(status, 'succeeded') ?? 0
  const failures = integerAt(status, 'failed') ?? 0
  for (const condition of conditions) {
    if (condition.status !== 'True') continue
    if (condition.type === 'Complete') return current(`Job Completed. succeeded: ${succeeded}/${completions}`)
    if (condition.type === 'Failed') return failed('JobFailed', `Job Failed. failed: ${failures}/${completions}`)
    if (condition.type === 'Suspended' && spec.suspend === true) return current('Job is suspended')
  }
  if ((textAt(status, 'startTime') ?? '') === '') return inProgress('JobNotStarted', 'Job not started')
  const active = integerAt(status, 'active') ?? 0
  return current(`Job in progress. success:${succeeded}, active: ${active}, failed: ${failures}`)
}
