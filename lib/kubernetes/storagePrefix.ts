import { builtInResources } from './builtInResources'

/** The paths of built-in kinds by group and resource. */
const paths = new Map([...builtInResources].map(([path, { group, resource }]) => [`${group}/${resource}`, path]))
const builtInGroups = new Set([...builtInResources.values()].map(({ group }) => group))

/**
 * Where the apiserver keeps the objects of a resource in etcd: the inverse of `parseKey`. `group` is empty for the core
 * group; a group without a dot, or one that built-in kinds stand in, is not part of the path.
 */
export function storagePrefix(prefix: string, { group, plural }: { readonly group: string; readonly plural: string }) {
  const path = paths.get(`${group}/${plural}`)
  return `${prefix.replace(/\/+$/, '')}/${path ?? (isBuiltIn(group) ? plural : `${group}/${plural}`)}/`
}

/** What changes call the resource: `parseKey`'s word for its keys. */
export function recordedResource({ group, plural }: { readonly group: string; readonly plural: string }): string {
  return isBuiltIn(group) ? plural : `${plural}.${group}`
}

function isBuiltIn(group: string): boolean {
  return !group.includes('.') || builtInGroups.has(group)
}
