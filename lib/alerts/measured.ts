/** What evaluation gives: values with labels, as Prometheus' instant vectors. */

export type Labels = Readonly<Record<string, string>>

export interface Measured {
  /** What tells one measured series from another; no metric name among them. */
  readonly labels: Labels
  /** NaN where there is nothing to compare: no observation in the window. It is measured all the same. */
  readonly value: number
  /** Known beside it and free to change, for texts: the prefix that fills the database, the newest term. */
  readonly details?: Labels
}

const texts = new WeakMap<Labels, string>()

/** One text for one set of labels, whatever their order. */
export function labelsKey(labels: Labels): string {
  const known = texts.get(labels)
  if (known !== undefined) return known
  const names = Object.keys(labels).sort()
  const text = JSON.stringify(names.map((name) => [name, labels[name]]))
  texts.set(labels, text)
  return text
}
