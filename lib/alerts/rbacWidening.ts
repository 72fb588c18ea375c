import { isJsonObject, type JsonObject } from '../kubernetes/decodeObject'

/**
 * Whether a subject may do more after a change of a Role, ClusterRole or binding. A new role alone gives nobody
 * anything; a new binding does, and so do a rule or a subject more. A role of a name that a binding already waited for
 * is not seen as widening.
 */
export function widensAccess(before: JsonObject | null, after: JsonObject): boolean {
  if (Array.isArray(after.rules) || isJsonObject(after.aggregationRule)) {
    return before !== null && rulesWidened(permissionsOf(before), permissionsOf(after))
  }
  if (!isJsonObject(after.roleRef)) return false
  const added = subjectsOf(after)
  if (before === null || JSON.stringify(before.roleRef) !== JSON.stringify(after.roleRef)) return added.size > 0
  const known = subjectsOf(before)
  return [...added].some((subject) => !known.has(subject))
}

interface Permission {
  readonly group: string
  readonly resource: string
  readonly verb: string
  readonly name: string
  readonly url: string
}

/** `*` where everything is meant, '' where the field is of no concern. */
function permissionsOf(role: JsonObject): Permission[] {
  const rules = Array.isArray(role.rules) ? role.rules.filter(isJsonObject) : []
  return rules.flatMap((rule) => {
    const verbs = textsOf(rule.verbs)
    const urls = textsOf(rule.nonResourceURLs)
    const names = textsOf(rule.resourceNames)
    const resources = textsOf(rule.resources).flatMap((resource) =>
      textsOf(rule.apiGroups).flatMap((group) =>
        (names.length === 0 ? ['*'] : names).map((name) => ({ group, resource, name, url: '' })),
      ),
    )
    const places = [...resources, ...urls.map((url) => ({ group: '', resource: '', name: '', url }))]
    return places.flatMap((place) => verbs.map((verb) => ({ ...place, verb })))
  })
}

function rulesWidened(before: readonly Permission[], after: readonly Permission[]): boolean {
  return after.some((wanted) => !before.some((given) => covers(given, wanted)))
}

function covers(given: Permission, wanted: Permission): boolean {
  return (
    allows(given.verb, wanted.verb) &&
    allows(given.group, wanted.group) &&
    resourceAllows(given.resource, wanted.resource) &&
    allows(given.name, wanted.name) &&
    (given.url === wanted.url || (given.url.endsWith('*') && wanted.url.startsWith(given.url.slice(0, -1))))
  )
}

const allows = (given: string, wanted: string) => given === '*' || given === wanted

/** A star is every resource; a star before a slash and a name is that subresource of every one. */
function resourceAllows(given: string, wanted: string): boolean {
  if (allows(given, wanted)) return wanted !== '' || given === ''
  return given.startsWith('*/') && wanted.endsWith(given.slice(1))
}

function subjectsOf(binding: JsonObject): Set<string> {
  const subjects = Array.isArray(binding.subjects) ? binding.subjects.filter(isJsonObject) : []
  return new Set(subjects.map(({ kind, namespace, name }) => JSON.stringify([kind, namespace, name])))
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []
}
