import { ScopeError } from '../core/errors'
import type { ApiClient } from './apiClient'
import type { ApiResource } from './apiEvent'
import { isJson, type Json } from './parseObject'

/**
 * Every kind that can be listed and watched, each group in its preferred version: from the aggregated discovery
 * documents (1.26 and later) in two requests, otherwise a request a group and version.
 */
export interface Discovered {
  readonly resources: readonly ApiResource[]
  /** Groups whose discovery failed or is stale: that they lack a resource means nothing. */
  readonly unknownGroups: ReadonlySet<string>
}

const aggregated =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,' +
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'

/** The same objects under a second name: the first is the one that etcd's keys are called by. */
const secondNames = new Set(['events.k8s.io', 'extensions'])

export async function discover(client: ApiClient, signal: AbortSignal): Promise<Discovered> {
  const roots = await Promise.all(
    ['/api', '/apis'].map(async (root) => ({ root, answer: await client.json(root, {}, signal, aggregated) })),
  )
  const resources: ApiResource[] = []
  const unknownGroups = new Set<string>()
  for (const { root, answer } of roots) {
    if (answer.kind === 'APIGroupDiscoveryList') readAggregated(answer, resources, unknownGroups)
    else await readPlain(root, answer, client, signal, resources, unknownGroups)
  }
  return { resources: resources.filter(({ group }) => !secondNames.has(group)), unknownGroups }
}

function readAggregated(answer: Json, resources: ApiResource[], unknownGroups: Set<string>): void {
  for (const group of list(answer.items)) {
    const name = isJson(group.metadata) && typeof group.metadata.name === 'string' ? group.metadata.name : ''
    const taken = new Set<string>()
    // Versions stand in order of preference; an older one may still be the only one that serves a resource.
    for (const version of list(group.versions)) {
      if (version.freshness === 'Stale') unknownGroups.add(name)
      for (const entry of list(version.resources)) {
        const scope = entry.scope === 'Namespaced'
        const kind = isJson(entry.responseKind) ? entry.responseKind.kind : undefined
        add({ ...entry, name: entry.resource, kind, namespaced: scope }, name, version.version, taken, resources)
      }
    }
  }
}

async function readPlain(
  root: string,
  answer: Json,
  client: ApiClient,
  signal: AbortSignal,
  resources: ApiResource[],
  unknownGroups: Set<string>,
): Promise<void> {
  for (const { group, versions } of plainGroups(root, answer)) {
    const taken = new Set<string>()
    for (const version of versions) {
      const path = group === '' ? `${root}/${version}` : `${root}/${group}/${version}`
      try {
        const listed = await client.json(path, {}, signal)
        for (const entry of list(listed.resources)) add(entry, group, version, taken, resources)
      } catch (error) {
        if (signal.aborted || (error instanceof ScopeError && error.code === 'UNAUTHENTICATED')) throw error
        unknownGroups.add(group)
      }
    }
  }
}

function plainGroups(root: string, answer: Json): { group: string; versions: string[] }[] {
  if (root === '/api') return [{ group: '', versions: texts(answer.versions) }]
  return list(answer.groups).map((group) => {
    const versions = list(group.versions).flatMap(({ version }) => texts([version]))
    const preferred = isJson(group.preferredVersion) ? texts([group.preferredVersion.version]) : []
    return { group: String(group.name ?? ''), versions: [...new Set([...preferred, ...versions])] }
  })
}

function add(entry: Json, group: string, version: unknown, taken: Set<string>, resources: ApiResource[]): void {
  const { name, kind, namespaced, shortNames, verbs } = entry
  if (typeof name !== 'string' || typeof kind !== 'string' || typeof version !== 'string') return
  const can = texts(verbs)
  // A slash: status, scale and the like, parts of objects that are watched already.
  if (name.includes('/') || taken.has(name) || !can.includes('list') || !can.includes('watch')) return
  taken.add(name)
  resources.push({ group, version, plural: name, kind, namespaced: namespaced === true, shortNames: texts(shortNames) })
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : [])
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
