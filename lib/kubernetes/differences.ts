/**
 * Where two JSON values differ, down to the leaves, in the order of the newer one. Lists whose elements carry a name
 * are compared by that name and not by place, so that inserting one container is one difference. Bounded: after
 * `limit` differences the search stops, which is enough to class and summarise a change.
 */
import { isJsonObject, type JsonObject } from './decodeObject'

export interface Difference {
  /** Field names; an element of a list is `[name]` or `[index]`. */
  readonly path: readonly string[]
  /** Undefined: not there. */
  readonly before: unknown
  readonly after: unknown
}

/** What names an element, first match wins: containers, conditions, taints, owners, volume mounts. */
const elementNames = ['name', 'type', 'key', 'uid', 'mountPath', 'containerPort', 'ip'] as const

export function differences(before: unknown, after: unknown, path: readonly string[], limit: number): Difference[] {
  const search = new Search(path, limit)
  search.walk(before, after)
  return search.found
}

const maxDepth = 64

/** One search; the path is a stack that is copied only where something differs, which is rare. */
class Search {
  readonly found: Difference[] = []
  readonly #path: string[]
  readonly #deepest: number
  readonly #limit: number

  constructor(path: readonly string[], limit: number) {
    this.#path = [...path]
    this.#deepest = path.length + maxDepth
    this.#limit = limit
  }

  walk(before: unknown, after: unknown): void {
    if (before === after || this.found.length >= this.#limit) return
    if (this.#path.length < this.#deepest) {
      if (Array.isArray(before) && Array.isArray(after)) {
        this.#walkList(before, after)
        return
      }
      if (isJsonObject(before) && isJsonObject(after)) {
        this.#walkObject(before, after)
        return
      }
    }
    if (!isSame(before, after)) this.found.push({ path: [...this.#path], before, after })
  }

  #step(name: string, before: unknown, after: unknown): void {
    if (before === after) return
    this.#path.push(name)
    this.walk(before, after)
    this.#path.pop()
  }

  #walkObject(before: JsonObject, after: JsonObject): void {
    for (const name of Object.keys(after)) {
      this.#step(name, Object.hasOwn(before, name) ? before[name] : undefined, after[name])
    }
    for (const name of Object.keys(before)) {
      if (!Object.hasOwn(after, name)) this.#step(name, before[name], undefined)
    }
  }

  #walkList(before: readonly unknown[], after: readonly unknown[]): void {
    const by = elementNames.find((name) => namesAll(before, name) && namesAll(after, name))
    if (by !== undefined) this.#walkNamed(indexedBy(before, by), indexedBy(after, by))
    else if (before.length !== after.length && isTextSet(before) && isTextSet(after)) this.#walkSet(before, after)
    else {
      const length = Math.max(before.length, after.length)
      for (let i = 0; i < length && this.found.length < this.#limit; i++) this.#step(`[${i}]`, before[i], after[i])
    }
  }

  #walkNamed(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): void {
    for (const [name, element] of after) this.#step(`[${name}]`, before.get(name), element)
    for (const [name, element] of before) if (!after.has(name)) this.#step(`[${name}]`, element, undefined)
  }

  /** Finalizers, verbs, hosts: with an element more or less, which one matters and not its place. */
  #walkSet(before: readonly string[], after: readonly string[]): void {
    const [old, fresh] = [new Set(before), new Set(after)]
    for (const text of after) if (!old.has(text)) this.#step(`[${text}]`, undefined, text)
    for (const text of before) if (!fresh.has(text)) this.#step(`[${text}]`, text, undefined)
  }
}

/** Different references or types reach this; only below the depth limit can they still be equal containers. */
function isSame(before: unknown, after: unknown): boolean {
  if (typeof before !== 'object' || typeof after !== 'object') return Object.is(before, after)
  return JSON.stringify(before) === JSON.stringify(after)
}

/** Every element is an object with this field, and no two share its value. An empty list has any name. */
function namesAll(list: readonly unknown[], field: string): boolean {
  const seen = list.length > 1 ? new Set<unknown>() : null
  for (const element of list) {
    const name = isJsonObject(element) ? element[field] : undefined
    if ((typeof name !== 'string' && typeof name !== 'number') || seen?.has(name)) return false
    seen?.add(name)
  }
  return true
}

function indexedBy(list: readonly unknown[], field: string): ReadonlyMap<string, unknown> {
  return new Map(list.map((element) => [String((element as JsonObject)[field]), element]))
}

function isTextSet(list: readonly unknown[]): list is readonly string[] {
  return (
    list.every((element) => typeof element === 'string' && element.length <= 80) && new Set(list).size === list.length
  )
}
