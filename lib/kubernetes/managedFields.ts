/**
 * Which manager wrote a version, as far as metadata.managedFields tells. Times there have whole seconds, so two
 * writes within one second need a second look at who owns the fields that changed.
 */
import { isJsonObject, type JsonObject } from './decodeObject'
import type { Difference } from './differences'

export interface ManagerEntry {
  readonly manager: string
  readonly operation: string
  readonly subresource: string
  readonly time: string
  /** JSON text of the field set. */
  readonly fields: string
}

/** Fields may be JSON text already (see `fieldSetsAsText`) or parsed, as in values stored as JSON. */
export function managersOf(object: JsonObject): ManagerEntry[] {
  const metadata = object.metadata
  if (!isJsonObject(metadata) || !Array.isArray(metadata.managedFields)) return []
  return metadata.managedFields.filter(isJsonObject).map((entry) => ({
    manager: textOf(entry.manager),
    operation: textOf(entry.operation),
    subresource: textOf(entry.subresource),
    time: textOf(entry.time),
    fields: typeof entry.fieldsV1 === 'string' ? entry.fieldsV1 : (JSON.stringify(entry.fieldsV1) ?? ''),
  }))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function sameWriter(a: ManagerEntry, b: ManagerEntry): boolean {
  return a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource
}

/** The entry that made this version; null when managedFields does not tell. */
export function writerOf(
  before: JsonObject | null,
  after: JsonObject,
  changed: readonly Difference[],
): ManagerEntry | null {
  const entries = managersOf(after).filter((e) => e.manager !== mergedManagers)
  const last = entries
    .map((e) => e.time)
    .sort()
    .at(-1)
  if (before === null)
    return owner(
      entries.filter((e) => e.time === last),
      changed,
    )
  const old = managersOf(before)
  // Who loses a field to another keeps the time, so only a new time (or a new entry) tells a writer.
  const rewritten = entries.filter((e) => !old.some((o) => sameWriter(o, e) && o.time === e.time))
  if (rewritten.length > 0) return owner(rewritten, changed)
  // A second write within one second, or through the scale subresource, which records no time: who owns what changed?
  const recent = entries.filter((e) => e.time === last || e.time === '')
  const set = changed.filter((d) => d.after !== undefined)
  return set.length === 0
    ? null
    : owner(
        recent.filter((e) => set.every((d) => holds(e.fields, d.path))),
        set,
      )
}

/** Where the apiserver merges entries beyond ten; it names nobody. */
const mergedManagers = 'ancient-changes'

/** Among several, the one whose field set holds most of what changed. */
function owner(entries: readonly ManagerEntry[], changed: readonly Difference[]): ManagerEntry | null {
  if (entries.length <= 1 || changed.length === 0) return entries.at(-1) ?? null
  const inStatus = changed.every((d) => d.path[0] === 'status')
  const points = (entry: ManagerEntry) => {
    const held = changed.filter((d) => holds(entry.fields, d.path)).length / changed.length
    return held + ((entry.subresource === 'status') === inStatus ? 0.5 : 0)
  }
  return entries.reduce((best, e) => (points(e) >= points(best) ? e : best))
}

/** A cheap look: all field names of the path occur in the set. List elements are keyed there, not named. */
function holds(fields: string, path: readonly string[]): boolean {
  return path.every((name) => name.startsWith('[') || fields.includes(`"f:${name}"`))
}
