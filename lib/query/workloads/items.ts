import type { WorkloadItem } from '../../contract'
import { decodeValue } from '../../kubernetes/decodedObjects'
import { isJsonObject } from '../../kubernetes/decodeObject'
import { statusOf } from '../../kubernetes/status/statusOf'
import { controllerOf, metadataOf, timeAt } from '../../kubernetes/workload/identity'
import type { ClusterRow } from '../../store/store'
import type { TrackedRow, WorkloadStepRow } from '../../store/workloadStore'
import { timeOf, timeOrNull } from '../instant'
import type { Scope } from '../scope'
import { insightItem, insightsAt } from './insightItems'
import { convergedBy, rolloutsBy, spanOfRollout, usualOf } from './rolloutSpans'
import type { TimedMoment } from './span'

/** Listed workloads as the interface shows them, at one moment. */

const stepsShown = 200

export async function workloadItems(
  scope: Scope,
  cluster: ClusterRow,
  moment: TimedMoment,
  rows: readonly TrackedRow[],
  stepsFrom: bigint | null,
): Promise<WorkloadItem[]> {
  const { reader } = scope
  const { epoch, revision, atMs } = moment
  const about = rows.flatMap(({ step }) => insightsAt(step.insights, atMs).flatMap(({ keyIds }) => keyIds))
  const names = await reader.keyNames(about)
  const rollouts = await reader.rollouts(
    cluster,
    epoch,
    rows.map(({ keyId }) => keyId),
    revision,
  )
  const ofKey = groupedBy(rollouts, ({ keyId }) => keyId)
  const items: WorkloadItem[] = []
  for (const row of rows) {
    const own = rolloutsBy(ofKey.get(row.keyId) ?? [], revision)
    const last = own.at(-1)
    items.push({
      ...identityOf(row),
      ...figuresOf(row.step),
      generation: textOrNull(row.step.generation),
      observedGeneration: textOrNull(row.step.observedGeneration),
      status: shownStatus(row.step.status),
      reason: row.step.reason,
      ...(await objectParts(scope, cluster, moment, row)),
      insights: insightsAt(row.step.insights, atMs).map((one) => insightItem(one, names)),
      since: timeOf(row.step.sinceMs),
      usualConvergeMs: usualOf(convergedBy(own, revision)),
      revision: String(row.step.revision),
      lastRollout: last === undefined ? null : spanOfRollout(last),
      steps: stepsFrom === null ? null : await shownSteps(scope, cluster, moment, row.keyId, stepsFrom),
    })
  }
  return items
}

export function identityOf({ kind, group, resource, namespace, name, key }: Omit<TrackedRow, 'step' | 'keyId'>) {
  return {
    kind,
    group,
    resource: resource ?? '',
    namespace,
    name: name ?? '',
    key: Buffer.from(key).toString('utf8'),
  }
}

export function figuresOf({ desired, current, updated, ready, available }: WorkloadStepRow) {
  return { desired, current, updated, ready, available }
}

/** A step that tells of no object counts as Unknown. */
export function shownStatus(status: WorkloadStepRow['status']): WorkloadItem['status'] {
  return status === 'gone' || status === 'unrecorded' ? 'Unknown' : status
}

/** The contract's int64 are not negative; a generation that is counts as not readable. */
export function textOrNull(value: number | null): string | null {
  return value === null || value < 0 ? null : String(value)
}

/** What only the object itself says. */
async function objectParts(
  { reader }: Scope,
  cluster: ClusterRow,
  { epoch, revision }: TimedMoment,
  { key }: TrackedRow,
): Promise<Pick<WorkloadItem, 'message' | 'createdAt' | 'owner'>> {
  const version = await reader.valueAt(cluster, epoch, key, revision)
  const object = version?.value ? decodeValue(version.value).object : null
  if (version === null || !isJsonObject(object)) return { message: null, createdAt: null, owner: null }
  const owner = controllerOf(object)
  return {
    message: statusOf(object, version.atMs).message,
    createdAt: timeOrNull(timeAt(metadataOf(object), 'creationTimestamp')),
    owner: owner && { kind: owner.kind, name: owner.name },
  }
}

async function shownSteps(
  { reader }: Scope,
  cluster: ClusterRow,
  { epoch, revision }: TimedMoment,
  keyId: number,
  from: bigint,
): Promise<WorkloadItem['steps']> {
  const steps = await reader.workloadSteps(cluster, epoch, keyId, { from, to: revision, limit: stepsShown })
  return steps.map((step) => ({
    t: step.atMs,
    revision: String(step.revision),
    desired: step.desired,
    available: step.available,
    status: shownStatus(step.status),
  }))
}

export function groupedBy<K, V>(values: readonly V[], keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}
