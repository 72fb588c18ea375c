import type { WorkloadAnswer } from '../../contract'
import { decodeValue } from '../../kubernetes/decodedObjects'
import { objectAt, textAt } from '../../kubernetes/status/fields'
import { labelsIn, metadataOf, selects } from '../../kubernetes/workload/identity'
import type { ClusterRow } from '../../store/store'
import type { KeyName, WorkloadStepRow } from '../../store/workloadStore'
import { timeOf, timeOrNull } from '../instant'
import type { Scope } from '../scope'
import type { Span } from './span'

/** Services that take a workload's Pods: their endpoints over time, and what took the last ready one away. */

type ServiceItem = WorkloadAnswer['services'][number]

const stepsShown = 5_000

export async function workloadServices(
  scope: Scope,
  cluster: ClusterRow,
  span: Span,
  workload: KeyName,
): Promise<ServiceItem[]> {
  const { reader } = scope
  const version = await reader.valueAt(cluster, span.epoch, workload.key, span.to)
  const object = version?.value ? decodeValue(version.value).object : null
  if (object === null) return []
  const template = objectAt(objectAt(object, 'spec'), 'template')
  const labels = labelsIn(metadataOf(workload.resource === 'pods' ? object : template), 'labels')
  const all = await reader.trackedAt(cluster, span.epoch, span.to, 'service')
  const items: ServiceItem[] = []
  for (const service of all.filter(({ namespace }) => namespace === workload.namespace)) {
    const stored = await reader.valueAt(cluster, span.epoch, service.key, span.to)
    const spec = objectAt((stored?.value && decodeValue(stored.value).object) || {}, 'spec')
    if (!selects(labelsIn(spec, 'selector'), labels)) continue
    const steps = await reader.workloadSteps(cluster, span.epoch, service.keyId, { ...span, limit: stepsShown })
    items.push({
      namespace: service.namespace,
      name: service.name ?? '',
      key: Buffer.from(service.key).toString('utf8'),
      type: textAt(spec, 'type') ?? 'ClusterIP',
      steps: steps.map(({ atMs, revision, current, ready }) => ({
        t: atMs,
        revision: String(revision),
        ready: ready ?? 0,
        notReady: Math.max(0, (current ?? 0) - (ready ?? 0)),
      })),
      emptied: await emptiedOf(scope, cluster, span, steps),
    })
  }
  return items
}

async function emptiedOf(
  scope: Scope,
  cluster: ClusterRow,
  span: Span,
  steps: readonly WorkloadStepRow[],
): Promise<ServiceItem['emptied']> {
  const found: ServiceItem['emptied'] = []
  for (const [at, step] of steps.entries()) {
    if (step.ready !== 0 || (steps[at - 1]?.ready ?? 0) === 0) continue
    const slice = await sliceChanged(scope, cluster, span, step.revision)
    found.push({
      at: timeOf(step.atMs),
      revision: String(step.revision),
      key: slice === null ? '' : Buffer.from(slice).toString('utf8'),
      until: timeOrNull(steps.slice(at + 1).find(({ ready }) => (ready ?? 0) > 0)?.atMs ?? null),
      cause: slice === null ? null : await causeOf(scope, cluster, span, slice, step.revision),
    })
  }
  return found
}

async function sliceChanged({ reader }: Scope, cluster: ClusterRow, { epoch }: Span, revision: bigint) {
  const [change] = await reader.changes(
    cluster,
    { epoch, fromRevision: revision, toRevision: revision, resources: ['endpointslices'] },
    { order: 'asc', limit: 1, after: null },
  )
  return change?.key ?? null
}

/** The newest change of a Pod that was a ready endpoint until then. */
async function causeOf(
  { reader }: Scope,
  cluster: ClusterRow,
  { epoch }: Span,
  slice: Uint8Array,
  revision: bigint,
): Promise<ServiceItem['emptied'][number]['cause']> {
  const before = await reader.valueAt(cluster, epoch, slice, revision - 1n)
  const object = before?.value ? decodeValue(before.value).object : null
  const pods = readyPodsOf(object)
  const prefix = Buffer.from(slice)
    .toString('utf8')
    .replace(/endpointslices\/.*$/, '')
  let newest: Awaited<ReturnType<typeof reader.history>>[number] | null = null
  for (const { namespace, name } of pods) {
    const key = Buffer.from(`${prefix}pods/${namespace}/${name}`)
    const [change] = await reader.changes(
      cluster,
      { key, epoch, toRevision: revision },
      { order: 'desc', limit: 1, after: null },
    )
    if (change !== undefined && (newest === null || change.revision > newest.revision)) newest = change
  }
  return (
    newest && {
      revision: String(newest.revision),
      at: timeOf(newest.atMs),
      key: Buffer.from(newest.key).toString('utf8'),
      summary: newest.summary ?? newest.op,
      manager: newest.manager,
    }
  )
}

function readyPodsOf(slice: Record<string, unknown> | null): { namespace: string; name: string }[] {
  const endpoints = Array.isArray(slice?.endpoints) ? slice.endpoints : []
  return endpoints.flatMap((endpoint) => {
    const target = objectAt(endpoint, 'targetRef')
    const [namespace, name] = [textAt(target, 'namespace'), textAt(target, 'name')]
    const ready = objectAt(endpoint, 'conditions').ready !== false
    return ready && textAt(target, 'kind') === 'Pod' && namespace !== null && name !== null ? [{ namespace, name }] : []
  })
}
