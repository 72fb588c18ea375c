import type { LabelMatcher } from '../contract'
import { compileLinearRegex, type LinearRegex } from '../core/linearRegex'

/**
 * Label matchers as in Prometheus: a missing label is an empty one, and a regular expression matches the whole value.
 * Expressions are checked when they are written; one that is refused here all the same matches nothing.
 */
export type LabelMatch = (labels: Readonly<Record<string, string>>) => boolean

/** All matchers must match; none matches everything. Compile once, use for many labels. */
export function compileMatchers(matchers: readonly LabelMatcher[]): LabelMatch {
  const tests = matchers.map(compileMatcher)
  return (labels) => tests.every((test) => test(labels))
}

function compileMatcher({ name, op, value }: LabelMatcher): LabelMatch {
  const labelOf = (labels: Readonly<Record<string, string>>) => (Object.hasOwn(labels, name) ? labels[name] : '') ?? ''
  if (op === '=') return (labels) => labelOf(labels) === value
  if (op === '!=') return (labels) => labelOf(labels) !== value
  let regex: LinearRegex
  try {
    regex = compileLinearRegex(value)
  } catch {
    return () => false
  }
  return (labels) => regex.matches(labelOf(labels)) === (op === '=~')
}
