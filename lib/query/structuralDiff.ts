import type { DiffAnswer } from '../contract'

type Step = DiffAnswer['changes'][number]
type Fields = Readonly<Record<string, unknown>>

/** An answer lists at most this many; whoever has more reads the unified diff. */
const stepLimit = 2_000

/**
 * What changed between two objects, by path such as `spec.containers[name=app].image`. Lists whose elements all carry
 * one unique identity are matched by it, so that a moved element is not a rewritten list; others by index.
 */
export function structuralDiff(before: unknown, after: unknown): Step[] {
  const steps: Step[] = []
  compare(before, after, '', steps)
  return steps
}

function compare(before: unknown, after: unknown, path: string, steps: Step[]): void {
  if (steps.length >= stepLimit || Object.is(before, after)) return
  if (before === undefined) steps.push({ path, op: 'add', after })
  else if (after === undefined) steps.push({ path, op: 'remove', before })
  else if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, steps)
  else if (isFields(before) && isFields(after)) compareFields(before, after, path, steps)
  else steps.push({ path, op: 'replace', before, after })
}

function compareFields(before: Fields, after: Fields, path: string, steps: Step[]): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    compare(own(before, name), own(after, name), join(path, name), steps)
  }
}

function compareLists(before: readonly unknown[], after: readonly unknown[], path: string, steps: Step[]): void {
  const identity = identityOf(before, after)
  if (identity === null) {
    const length = Math.max(before.length, after.length)
    for (let i = 0; i < length; i++) compare(before[i], after[i], `${path}[${i}]`, steps)
    return
  }
  const old = new Map(before.map((item) => [identity.of(item), item]))
  const now = new Map(after.map((item) => [identity.of(item), item]))
  for (const id of new Set([...old.keys(), ...now.keys()])) {
    compare(old.get(id), now.get(id), `${path}[${identity.name}=${id}]`, steps)
  }
}

/** Kubernetes' merge keys, most telling first; a pair where one field alone may repeat, as a port's protocol. */
const mergeKeys = [
  ['name'],
  ['type'],
  ['uid'],
  ['mountPath'],
  ['containerPort', 'protocol'],
  ['port', 'protocol'],
  ['ip'],
  ['key'],
]

/** How the elements of two lists are told apart; null when only their place does. */
export function identityOf(before: readonly unknown[], after: readonly unknown[]) {
  for (const fields of mergeKeys) {
    const of = (item: unknown) => idOf(item, fields)
    if (unique(before, of) && unique(after, of) && before.length + after.length > 0) {
      return { name: fields.join(','), of }
    }
  }
  return null
}

function unique(list: readonly unknown[], of: (item: unknown) => string | null): boolean {
  const ids = list.map(of)
  return ids.every((id) => id !== null) && new Set(ids).size === ids.length
}

function idOf(item: unknown, fields: readonly string[]): string | null {
  if (!isFields(item)) return null
  const [first, ...rest] = fields.map((field) => own(item, field))
  if (typeof first !== 'string' && typeof first !== 'number') return null
  return [first, ...rest.map((part) => part ?? '')].join(',')
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** Names with dots, as annotations have, stand in brackets so that a path reads one way only. */
export function join(path: string, name: string): string {
  if (/^[A-Za-z_$][\w$-]*$/.test(name)) return path === '' ? name : `${path}.${name}`
  return `${path}[${JSON.stringify(name)}]`
}
