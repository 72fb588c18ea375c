/**
 * A recorded object as a document for `kubectl apply`: what its owner wrote, without what the server keeps. Left out:
 *
 * - `status`, and of the metadata uid, resourceVersion, generation, creationTimestamp, deletionTimestamp,
 *   deletionGracePeriodSeconds, selfLink and managedFields: the apiserver sets them and ignores or refuses them;
 * - `ownerReferences`: they name uids, which a re-created owner does not have, and an object that refers to a uid that
 *   is gone is collected as garbage;
 * - the annotations that kubectl and the deployment controller write themselves;
 * - a Service's clusterIP and clusterIPs when no writer is known to have chosen them, because the apiserver allocates
 *   them; `None` and chosen ones stay.
 *
 * Everything else stays as recorded, also what a controller filled in (nodeName, nodePort, volumeName): dropping it
 * could change what the object means. Pure.
 */
import { isJsonObject, type JsonObject } from './decodeObject'
import { managersOf } from './managedFields'

export interface ApplicableObject {
  /** apiVersion, kind, metadata first. */
  readonly object: JsonObject
  /** What a reviewer should know of what was left out; single lines. */
  readonly remarks: readonly string[]
}

const serverMetadata = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
])
const ownAnnotations = new Set([
  'deployment.kubernetes.io/revision',
  'kubectl.kubernetes.io/last-applied-configuration',
])

/** Null: not something that can be applied, having no apiVersion, kind or name. */
export function applicableObject(recorded: JsonObject): ApplicableObject | null {
  const { apiVersion, kind, metadata, status: _status, ...content } = recorded
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isJsonObject(metadata)) return null
  if (typeof metadata.name !== 'string' || metadata.name === '') return null
  const spec = kind === 'Service' ? { spec: serviceSpec(recorded) } : {}
  return {
    object: { apiVersion, kind, metadata: ownMetadata(metadata), ...content, ...spec },
    remarks: [
      ...owners(metadata),
      ...(metadata.deletionTimestamp === undefined
        ? []
        : [`was being deleted since ${oneLine(metadata.deletionTimestamp)}`]),
    ],
  }
}

function ownMetadata(metadata: JsonObject): JsonObject {
  const kept: JsonObject = {}
  for (const [name, value] of Object.entries(metadata)) {
    if (serverMetadata.has(name)) continue
    if (name !== 'annotations' || !isJsonObject(value)) {
      kept[name] = value
      continue
    }
    const annotations = Object.entries(value).filter(([annotation]) => !ownAnnotations.has(annotation))
    if (annotations.length > 0) kept[name] = Object.fromEntries(annotations)
  }
  return kept
}

function serviceSpec(service: JsonObject): unknown {
  const { spec } = service
  if (!isJsonObject(spec) || spec.clusterIP === 'None') return spec
  // Addresses that the apiserver allocated appear in nobody's field set.
  if (managersOf(service).some((entry) => entry.fields.includes('"f:clusterIP"'))) return spec
  const { clusterIP: _one, clusterIPs: _all, ...rest } = spec
  return rest
}

function owners(metadata: JsonObject): string[] {
  if (!Array.isArray(metadata.ownerReferences)) return []
  return metadata.ownerReferences
    .filter(isJsonObject)
    .map(
      ({ kind, name, uid }) =>
        `owned by ${oneLine(kind)} ${oneLine(name)} (uid ${oneLine(uid)}): the reference is left out`,
    )
}

function oneLine(value: unknown): string {
  return String(value ?? 'unknown').replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
}
