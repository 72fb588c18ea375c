/**
 * The plain forms of JSONPath, as settings name parts of values: `$.spec.password`, `spec.users[*].token`,
 * `data['db.url']`, `data.*`. No filters, no recursive descent.
 */

/** A step into a value: a field's name, an index, or everything at this level. */
export type PathStep = string | number | { readonly every: true }

const step = /\.?(?:\[(?:(\d{1,9})|'([^']*)'|"([^"]*)"|\*)\]|(\*)|([^.[\]'"*\s]+))/y
const maxSteps = 32

/** Null when the text is no path of this form. */
export function parseJsonPath(text: string): readonly PathStep[] | null {
  const path = text.startsWith('$') ? text.slice(1) : text
  const steps: PathStep[] = []
  step.lastIndex = 0
  while (step.lastIndex < path.length) {
    const match = step.exec(path)
    if (match === null || steps.length === maxSteps) return null
    const [, index, single, double, , name] = match
    steps.push(index === undefined ? (single ?? double ?? name ?? { every: true }) : Number(index))
  }
  return steps.length === 0 ? null : steps
}
