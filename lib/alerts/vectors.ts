import type { AlertExpression, Comparison } from '../contract'
import { ScopeError } from '../core/errors'
import { type Labels, labelsKey, type Measured } from './measured'
import { holds } from './step'

/** Operators between lists of values: aggregation, matching by labels, sets. As in PromQL, without group_left. */

const picks = new Map<string, WeakMap<Labels, Labels>>()
/** Lists of labels come from rules: bounded by them, and emptied should somebody make up ever new ones. */
const pickLimit = 5_000

/** Only these labels (`keep`), or all but these. One object for one set of labels, so that its text is made once. */
export function pick(labels: Labels, names: readonly string[], keep: boolean): Labels {
  const id = `${keep ? '+' : '-'}${names.join(',')}`
  let known = picks.get(id)
  if (known === undefined) {
    if (picks.size >= pickLimit) picks.clear()
    known = new WeakMap()
    picks.set(id, known)
  }
  const found = known.get(labels)
  if (found !== undefined) return found
  const picked = Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name) === keep))
  known.set(labels, picked)
  return picked
}

type Aggregate = Extract<AlertExpression, { op: 'aggregate' }>

export function aggregate({ fn, by, without }: Aggregate, values: readonly Measured[]): Measured[] {
  const groups = new Map<string, { labels: Labels; values: number[]; details: Labels | undefined }>()
  for (const { labels, value, details } of values) {
    const kept = without === undefined ? pick(labels, by ?? [], true) : pick(labels, without, false)
    const key = labelsKey(kept)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { labels: kept, values: [value], details })
    else group.values.push(value)
  }
  return [...groups.values()].map(({ labels, values, details }) => ({
    labels,
    value: reduced(fn, values),
    ...(details === undefined ? {} : { details }),
  }))
}

function reduced(fn: Aggregate['fn'], values: readonly number[]): number {
  if (fn === 'count') return values.length
  if (fn === 'sum' || fn === 'avg') {
    const sum = values.reduce((a, b) => a + b, 0)
    return fn === 'sum' ? sum : sum / values.length
  }
  // Of numbers and NaN the numbers count; NaN only where there is nothing else.
  const numbers = values.filter((value) => !Number.isNaN(value))
  if (numbers.length === 0) return Number.NaN
  return fn === 'min' ? Math.min(...numbers) : Math.max(...numbers)
}

/** One value without labels, as `number` gives it, or a list. */
export type Operand = { readonly scalar: number } | { readonly vector: readonly Measured[] }

export function arithmetic(
  fn: 'add' | 'subtract' | 'multiply' | 'divide',
  left: Operand,
  right: Operand,
  on: readonly string[] | undefined,
): Operand {
  return combine(left, right, on, (a, b) => {
    switch (fn) {
      case 'add':
        return a + b
      case 'subtract':
        return a - b
      case 'multiply':
        return a * b
      case 'divide':
        return a / b
    }
  })
}

/** Without `bool` what does not hold is left out, and what does keeps its own value: the list's, or the left one's. */
export function compare(
  fn: Comparison,
  left: Operand,
  right: Operand,
  bool: boolean,
  on: readonly string[] | undefined,
): Operand {
  if (bool) return combine(left, right, on, (a, b) => (holds(fn, a, b) ? 1 : 0))
  return combine(left, right, on, (a, b) => {
    if (!holds(fn, a, b)) return null
    return 'scalar' in left ? b : a
  })
}

function combine(
  left: Operand,
  right: Operand,
  on: readonly string[] | undefined,
  of: (a: number, b: number) => number | null,
): Operand {
  if ('scalar' in left && 'scalar' in right) return { scalar: of(left.scalar, right.scalar) ?? Number.NaN }
  if ('scalar' in left) {
    const { scalar } = left
    return { vector: 'vector' in right ? mapped(right.vector, (value) => of(scalar, value)) : [] }
  }
  if ('scalar' in right) {
    const { scalar } = right
    return { vector: mapped(left.vector, (value) => of(value, scalar)) }
  }
  return { vector: matched(left.vector, right.vector, on, of) }
}

function mapped(values: readonly Measured[], of: (value: number) => number | null): Measured[] {
  return values.flatMap((one) => {
    const value = of(one.value)
    return value === null ? [] : [{ ...one, value }]
  })
}

function matched(
  left: readonly Measured[],
  right: readonly Measured[],
  on: readonly string[] | undefined,
  of: (a: number, b: number) => number | null,
): Measured[] {
  const labelsOf = (one: Measured) => (on === undefined ? one.labels : pick(one.labels, on, true))
  const byKey = new Map<string, Measured>()
  for (const one of right) {
    const key = labelsKey(labelsOf(one))
    if (byKey.has(key)) throw manyToMany('right', key)
    byKey.set(key, one)
  }
  const used = new Set<string>()
  return left.flatMap((one) => {
    const labels = labelsOf(one)
    const key = labelsKey(labels)
    const other = byKey.get(key)
    if (other === undefined) return []
    if (used.has(key)) throw manyToMany('left', key)
    used.add(key)
    const value = of(one.value, other.value)
    return value === null ? [] : [{ ...one, labels, value }]
  })
}

function manyToMany(side: string, key: string): ScopeError {
  return new ScopeError(
    'BAD_REQUEST',
    `Several values on the ${side} side match one on the other (${key}): name the labels to match on, or aggregate first.`,
    { subject: 'measure' },
  )
}

export function setOperation(
  op: 'and' | 'or' | 'unless',
  left: readonly Measured[],
  right: readonly Measured[],
  on: readonly string[] | undefined,
): readonly Measured[] {
  const keyOf = (one: Measured) => labelsKey(on === undefined ? one.labels : pick(one.labels, on, true))
  if (op === 'or') {
    const there = new Set(left.map(keyOf))
    return [...left, ...right.filter((one) => !there.has(keyOf(one)))]
  }
  const there = new Set(right.map(keyOf))
  return left.filter((one) => there.has(keyOf(one)) === (op === 'and'))
}
