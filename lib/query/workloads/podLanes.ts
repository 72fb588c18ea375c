import type { WorkloadPod } from '../../contract'
import { decodeValue } from '../../kubernetes/decodedObjects'
import { statusOf } from '../../kubernetes/status/statusOf'
import type { ClusterRow } from '../../store/store'
import type { OwnedRow, PodStepRow } from '../../store/workloadStore'
import { timeOf, timeOrNull } from '../instant'
import type { Scope } from '../scope'
import { type Belongings, endedBy, textOfKey } from './belongings'
import { kindOfResource } from './insightItems'
import { groupedBy } from './items'
import type { Span } from './span'

/** A lane for each life of a Pod: what it was doing when, and how it ended. */

/** Sentences come from the objects themselves: read for so many that are not as they should be. */
const messagesRead = 50

export async function podLanes(
  scope: Scope,
  cluster: ClusterRow,
  span: Span,
  { pods, names }: Belongings,
): Promise<WorkloadPod[]> {
  const keyIds = [...new Set(pods.map(({ keyId }) => keyId))]
  const steps = groupedBy(await scope.reader.podSteps(cluster, span.epoch, keyIds, span.to), ({ keyId }) => keyId)
  const lanes: WorkloadPod[] = []
  let left = messagesRead
  for (const life of pods) {
    const own = stepsOf(life, steps.get(life.keyId) ?? [])
    const last = own.at(-1)
    const name = names.get(life.keyId)
    const owner = life.ownerId === life.keyId ? undefined : names.get(life.ownerId)
    const ended = endedBy(life, span.to)
    const asksWhy = last !== undefined && last.status !== 'Current' && !ended && left > 0
    if (asksWhy) left--
    lanes.push({
      namespace: name?.namespace ?? null,
      name: name?.name ?? '',
      key: textOfKey(name),
      owner: owner === undefined ? null : { kind: kindOfResource(owner.resource), name: owner.name ?? '' },
      node: life.node,
      from: timeOf(life.fromMs),
      to: ended ? timeOrNull(life.toMs) : null,
      stretches: stretchesOf(own, ended ? life.toMs : null),
      restarts: last?.restarts ?? 0,
      status: last?.status ?? 'Unknown',
      reason: last?.reason ?? null,
      message: asksWhy && name !== undefined ? await messageOf(scope, cluster, span, name.key) : null,
    })
  }
  return lanes
}

/** What held when it began to belong, and what came until it ended. */
function stepsOf(life: OwnedRow, steps: readonly PodStepRow[]): PodStepRow[] {
  const within = steps.filter(
    ({ revision }) => revision >= life.fromRevision && (life.toRevision === null || revision < life.toRevision),
  )
  const before = steps.findLast(({ revision }) => revision < life.fromRevision)
  return within[0]?.revision === life.fromRevision || before === undefined
    ? within
    : [{ ...before, revision: life.fromRevision, atMs: life.fromMs }, ...within]
}

function stretchesOf(steps: readonly PodStepRow[], endMs: number | null): WorkloadPod['stretches'] {
  const shown = steps.filter((step, at) => {
    const before = steps[at - 1]
    return before === undefined || before.phase !== step.phase || before.reason !== step.reason
  })
  return shown.map((step, at) => ({
    from: timeOf(step.atMs),
    to: timeOrNull(shown[at + 1]?.atMs ?? endMs),
    revision: String(step.revision),
    phase: step.phase,
    reason: step.reason,
  }))
}

async function messageOf({ reader }: Scope, cluster: ClusterRow, span: Span, key: Uint8Array): Promise<string | null> {
  const version = await reader.valueAt(cluster, span.epoch, key, span.to)
  const object = version?.value ? decodeValue(version.value).object : null
  return version === null || object === null ? null : statusOf(object, version.atMs).message
}
