/** Which ConfigMaps and Secrets the containers of a Pod read, by which way, and since when each container runs. Pure. */
import { isJsonObject, type JsonObject } from './decodeObject'

export type ConfigKind = 'ConfigMap' | 'Secret'
export type ConfigWay = 'env' | 'envFrom' | 'volume' | 'subPath' | 'imagePullSecrets'

export interface ConfigUse {
  readonly container: string
  /** RFC 3339, as the kubelet reported it. */
  readonly startedAt: string
  readonly kind: ConfigKind
  readonly name: string
  readonly way: ConfigWay
}

/** Of the containers that run now; a container that waits or has ended uses nothing. */
export function configUsesOf(pod: JsonObject): ConfigUse[] {
  const [spec, status] = [objectIn(pod, 'spec'), objectIn(pod, 'status')]
  const statuses = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'].flatMap((list) =>
    objectsIn(status, list),
  )
  const startedAt = new Map<string, string>()
  for (const one of statuses) {
    const running = objectIn(objectIn(one, 'state'), 'running')
    if (typeof one.name === 'string' && typeof running.startedAt === 'string')
      startedAt.set(one.name, running.startedAt)
  }
  const volumes = new Map(objectsIn(spec, 'volumes').map((volume) => [String(volume.name), sourcesOf(volume)]))
  const pull = objectsIn(spec, 'imagePullSecrets').flatMap((one) => refOf('Secret', one.name))
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => objectsIn(spec, list))
  return containers.flatMap((container) => {
    const name = String(container.name)
    const since = startedAt.get(name)
    if (since === undefined) return []
    const found = [
      ...envOf(container),
      ...mountsOf(container, volumes),
      ...pull.map((ref) => ({ ...ref, way: 'imagePullSecrets' as const })),
    ]
    const unique = new Map(found.map((use) => [`${use.kind} ${use.name} ${use.way}`, use]))
    return [...unique.values()].map((use) => ({ container: name, startedAt: since, ...use }))
  })
}

type Ref = Pick<ConfigUse, 'kind' | 'name'>
type Use = Ref & Pick<ConfigUse, 'way'>

function envOf(container: JsonObject): Use[] {
  const single = objectsIn(container, 'env').flatMap((one) => {
    const from = objectIn(one, 'valueFrom')
    return [
      ...refOf('ConfigMap', objectIn(from, 'configMapKeyRef').name),
      ...refOf('Secret', objectIn(from, 'secretKeyRef').name),
    ].map((ref) => ({ ...ref, way: 'env' as const }))
  })
  const whole = objectsIn(container, 'envFrom').flatMap((one) =>
    [
      ...refOf('ConfigMap', objectIn(one, 'configMapRef').name),
      ...refOf('Secret', objectIn(one, 'secretRef').name),
    ].map((ref) => ({ ...ref, way: 'envFrom' as const })),
  )
  return [...single, ...whole]
}

/** A file mounted by subPath is never refreshed; a mounted volume is, within a minute or two. */
function mountsOf(container: JsonObject, volumes: ReadonlyMap<string, readonly Ref[]>): Use[] {
  return objectsIn(container, 'volumeMounts').flatMap((mount) => {
    const pinned = [mount.subPath, mount.subPathExpr].some((path) => typeof path === 'string' && path !== '')
    const way: ConfigWay = pinned ? 'subPath' : 'volume'
    return (volumes.get(String(mount.name)) ?? []).map((ref) => ({ ...ref, way }))
  })
}

function sourcesOf(volume: JsonObject): Ref[] {
  const projected = objectsIn(objectIn(volume, 'projected'), 'sources')
  return [
    ...refOf('ConfigMap', objectIn(volume, 'configMap').name),
    ...refOf('Secret', objectIn(volume, 'secret').secretName),
    ...projected.flatMap((source) => [
      ...refOf('ConfigMap', objectIn(source, 'configMap').name),
      ...refOf('Secret', objectIn(source, 'secret').name),
    ]),
  ]
}

function refOf(kind: ConfigKind, name: unknown): Ref[] {
  return typeof name === 'string' && name !== '' ? [{ kind, name }] : []
}

function objectIn(parent: JsonObject, name: string): JsonObject {
  const value = parent[name]
  return isJsonObject(value) ? value : {}
}

function objectsIn(parent: JsonObject, name: string): JsonObject[] {
  const value = parent[name]
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}
