import type { OwnedObject, WorkloadAnswer } from '../../contract'
import { integerAt, objectAt, objectsAt, textAt } from '../../kubernetes/status/fields'
import { statusOf } from '../../kubernetes/status/statusOf'
import { factsOf, sliceFactsOf } from '../../kubernetes/workload/facts'
import { groupOf } from '../../kubernetes/workload/identity'
import type { ClusterRow } from '../../store/store'
import type { KeyName, OwnedRow } from '../../store/workloadStore'
import { timeOf, timeOrNull } from '../instant'
import { prefixRange } from '../keyBytes'
import type { Scope } from '../scope'
import { type Belongings, endedBy, textOfKey } from './belongings'
import { prefixOf } from './events'
import { type ObjectsThen, objectsThen } from './objectsThen'
import { ownersOf } from './owners'
import type { Span } from './span'

/** What a workload belongs to, what belongs to it, and what it hangs together with otherwise, deleted objects included. */

const objectsRead = 300
const autoscalersRead = 500
const slicesRead = 100

type Relatives = Pick<WorkloadAnswer, 'ownership' | 'autoscaler' | 'volumes'>

export async function relativesOf(
  scope: Scope,
  cluster: ClusterRow,
  span: Span,
  workload: KeyName & { kind: string },
  belongings: Belongings,
  services: WorkloadAnswer['services'],
): Promise<Relatives> {
  const objects = objectsThen(scope, cluster, span)
  const prefix = prefixOf(workload) ?? ''
  const autoscaler = await autoscalerOf(scope, cluster, span, objects, workload, prefix)
  const living = belongings.pods.filter((row) => !endedBy(row, span.to))
  const volumes = await volumesOf(objects, living, belongings, prefix)
  const own = textOfKey(workload)
  const related = async (how: OwnedObject['relation'], keys: readonly string[]) =>
    (await Promise.all(keys.map((key) => relation(objects, how, key, own, span)))).flat()
  const keysOf = (list: readonly { readonly key: string }[]) => list.map(({ key }) => key)
  const ownership = [
    ...(await ownersOf(scope, cluster, span, objects, workload)),
    ...(await ownedItems(objects, span, belongings)),
    ...(await related('autoscaler', autoscaler === null ? [] : [autoscaler.key])),
    ...(await related('service', keysOf(services))),
    ...(await endpointItems(scope, cluster, span, objects, services, prefix)),
    ...(await related('volume', keysOf(volumes))),
    ...(await nodeItems(objects, living, belongings, prefix)),
  ]
  return { ownership, autoscaler, volumes }
}

async function ownedItems(
  objects: ObjectsThen,
  span: Span,
  { between, pods, names }: Belongings,
): Promise<OwnedObject[]> {
  const items: OwnedObject[] = []
  const rows = [...between, ...pods].filter(({ ownerId, keyId }) => ownerId !== keyId)
  for (const [at, row] of rows.entries()) {
    const key = textOfKey(names.get(row.keyId))
    const ended = endedBy(row, span.to)
    items.push({
      ...(await described(at < objectsRead ? objects : null, key, names.get(row.keyId), !ended)),
      relation: names.get(row.keyId)?.resource === 'endpointslices' ? 'endpoints' : 'owned',
      of: textOfKey(names.get(row.ownerId)),
      from: timeOf(row.fromMs),
      to: ended ? timeOrNull(row.toMs) : null,
    })
  }
  return items
}

type Described = Omit<OwnedObject, 'relation' | 'of' | 'from' | 'to'>

/** Who an object is, and its status while it is there. */
async function described(
  objects: ObjectsThen | null,
  key: string,
  name: KeyName | undefined,
  isThere: boolean,
): Promise<Described> {
  const found = objects === null ? null : await objects.read(key)
  const status = found === null || !isThere ? null : statusOf(found.object, found.row.atMs)
  return {
    kind: (found && textAt(found.object, 'kind')) ?? name?.resource ?? found?.row.resource ?? '',
    group: found === null ? '' : groupOf(found.object.apiVersion),
    resource: name?.resource ?? found?.row.resource ?? '',
    namespace: name?.namespace ?? found?.row.namespace ?? null,
    name: name?.name ?? found?.row.name ?? '',
    key,
    status: status?.status ?? null,
    reason: status?.reason ?? null,
  }
}

async function relation(
  objects: ObjectsThen,
  how: OwnedObject['relation'],
  key: string,
  of: string,
  span: Span,
): Promise<OwnedObject[]> {
  const found = await objects.read(key)
  if (found === null) return []
  const createdMs = factsOf(found.row.resource ?? '', found.object, found.row.atMs, null)?.createdMs
  return [
    {
      ...(await described(objects, key, undefined, true)),
      relation: how,
      of,
      from: timeOf(createdMs ?? span.fromMs),
      to: null,
    },
  ]
}

/** The slices of its Services at the end of the range: their names begin with the Service's. */
async function endpointItems(
  { reader }: Scope,
  cluster: ClusterRow,
  span: Span,
  objects: ObjectsThen,
  services: WorkloadAnswer['services'],
  prefix: string,
): Promise<OwnedObject[]> {
  const items: OwnedObject[] = []
  for (const service of services) {
    const range = prefixRange(`${prefix}endpointslices/${service.namespace ?? ''}/${service.name}`)
    const keys = await reader.keysAt(cluster, span.epoch, span.to, range, { limit: slicesRead, afterKey: null })
    for (const key of keys.map((row) => Buffer.from(row.key).toString('utf8'))) {
      const found = await objects.read(key)
      if (found === null || sliceFactsOf(found.object).service !== service.name) continue
      items.push(...(await relation(objects, 'endpoints', key, service.key, span)))
    }
  }
  return items
}

async function nodeItems(
  objects: ObjectsThen,
  living: readonly OwnedRow[],
  { names }: Belongings,
  prefix: string,
): Promise<OwnedObject[]> {
  const items: OwnedObject[] = []
  for (const row of living) {
    if (row.node === null) continue
    const own = await described(objects, `${prefix}minions/${row.node}`, undefined, true)
    items.push({
      ...own,
      kind: 'Node',
      name: row.node,
      relation: 'node',
      of: textOfKey(names.get(row.keyId)),
      from: timeOf(row.fromMs),
      to: null,
    })
  }
  return items
}

async function autoscalerOf(
  { reader }: Scope,
  cluster: ClusterRow,
  { epoch, to }: Span,
  objects: ObjectsThen,
  workload: KeyName & { kind: string },
  prefix: string,
): Promise<WorkloadAnswer['autoscaler']> {
  const range = prefixRange(`${prefix}horizontalpodautoscalers/${workload.namespace ?? ''}/`)
  for (const { key } of await reader.keysAt(cluster, epoch, to, range, { limit: autoscalersRead, afterKey: null })) {
    const text = Buffer.from(key).toString('utf8')
    const found = await objects.read(text)
    if (found === null) continue
    const facts = factsOf('horizontalpodautoscalers', found.object, found.row.atMs, null)?.autoscaler
    if (facts?.targetKind !== workload.kind || facts.targetName !== workload.name) continue
    const [spec, status] = [objectAt(found.object, 'spec'), objectAt(found.object, 'status')]
    return {
      name: found.row.name ?? '',
      key: text,
      min: integerAt(spec, 'minReplicas') ?? 1,
      max: integerAt(spec, 'maxReplicas'),
      current: integerAt(status, 'currentReplicas'),
      desired: integerAt(status, 'desiredReplicas'),
      atLimit: facts.atLimit,
      blind: facts.blind,
      message: facts.message || null,
    }
  }
  return null
}

async function volumesOf(
  objects: ObjectsThen,
  living: readonly OwnedRow[],
  { names }: Belongings,
  prefix: string,
): Promise<WorkloadAnswer['volumes']> {
  const mounted = new Map<string, { claim: string; pods: string[] }>()
  for (const row of living.slice(-objectsRead)) {
    const name = names.get(row.keyId)
    const pod = await objects.read(textOfKey(name))
    for (const volume of pod === null ? [] : objectsAt(objectAt(pod.object, 'spec'), 'volumes')) {
      const claim = textAt(objectAt(volume, 'persistentVolumeClaim'), 'claimName')
      if (claim === null) continue
      const key = `${prefix}persistentvolumeclaims/${name?.namespace ?? ''}/${claim}`
      const known = mounted.get(key) ?? { claim, pods: [] }
      mounted.set(key, known)
      known.pods.push(name?.name ?? '')
    }
  }
  const items: WorkloadAnswer['volumes'] = []
  for (const [key, { claim, pods }] of mounted) {
    const found = await objects.read(key)
    const status = found === null ? null : statusOf(found.object, found.row.atMs)
    items.push({
      claim,
      key,
      phase: found === null ? null : textAt(objectAt(found.object, 'status'), 'phase'),
      status: status?.status ?? 'Unknown',
      reason: found === null ? 'NotRecorded' : (status?.reason ?? null),
      pods,
    })
  }
  return items
}
