import type { ChangeSelector } from '../contract'
import { ScopeError } from '../core/errors'
import type { ChangeRow } from '../store'
import { type Labels, labelsKey, type Measured } from './measured'

/**
 * Counts of the changes that one selector means, within a window that moves along with time. What goes in is in the
 * order of the record; what was reconstructed after a gap is no write of that moment and does not count.
 */

/** Each is kept until its window has passed; a selector that means more is too wide to be counted exactly. */
export const tallyLimit = 200_000

export interface TallyOf {
  readonly means: (change: ChangeRow) => boolean
  /** Asked only of changes that are meant; reads the values behind them. */
  readonly inspect?: (change: ChangeRow) => Promise<boolean>
  readonly groupOf: (change: ChangeRow) => Labels
  readonly windowMs: number
  /** Whether nothing at all is a value too: 0 without labels. */
  readonly zero: boolean
}

interface Entry {
  readonly atMs: number
  readonly group: string
  readonly details: Labels
}

export class ChangeTally {
  readonly #of: TallyOf
  readonly #entries: Entry[] = []
  /** Entries before it have left the window; those from `#next` on are still to come. */
  #first = 0
  #next = 0
  readonly #counts = new Map<string, { readonly labels: Labels; count: number; details: Labels }>()
  readonly #labels = new Map<string, Labels>()

  constructor(of: TallyOf) {
    this.#of = of
  }

  async add(change: ChangeRow): Promise<void> {
    if (change.origin !== 'watch' || !this.#of.means(change)) return
    if (this.#of.inspect !== undefined && !(await this.#of.inspect(change))) return
    const labels = this.#of.groupOf(change)
    const group = labelsKey(labels)
    if (!this.#labels.has(group)) this.#labels.set(group, labels)
    if (this.#entries.length <= tallyLimit) this.#entries.push({ atMs: change.atMs, group, details: detailsOf(change) })
  }

  /** Times must not go back. Rejects with BAD_REQUEST when the selector means too much. */
  at(nowMs: number): readonly Measured[] {
    this.#move(nowMs)
    if (this.#entries.length > tallyLimit) {
      throw new ScopeError('BAD_REQUEST', `More than ${tallyLimit} changes within the window match: narrow the rule.`, {
        subject: 'measure',
      })
    }
    const found = [...this.#counts.values()].map(({ labels, count, details }) => ({ labels, value: count, details }))
    return found.length === 0 && this.#of.zero ? [{ labels: {}, value: 0 }] : found
  }

  #move(nowMs: number): void {
    for (let entry = this.#entries[this.#next]; entry !== undefined && entry.atMs <= nowMs; ) {
      const known = this.#counts.get(entry.group)
      if (known === undefined) {
        const labels = this.#labels.get(entry.group) ?? {}
        this.#counts.set(entry.group, { labels, count: 1, details: entry.details })
      } else {
        known.count += 1
        known.details = entry.details
      }
      entry = this.#entries[++this.#next]
    }
    const gone = nowMs - this.#of.windowMs
    for (let entry = this.#entries[this.#first]; entry !== undefined && entry.atMs <= gone; ) {
      if (this.#first >= this.#next) break
      const known = this.#counts.get(entry.group)
      if (known !== undefined && --known.count === 0) {
        this.#counts.delete(entry.group)
        this.#labels.delete(entry.group)
      }
      entry = this.#entries[++this.#first]
    }
    if (this.#first > 1_000 && this.#first * 2 > this.#entries.length) {
      this.#entries.splice(0, this.#first)
      this.#next -= this.#first
      this.#first = 0
    }
  }
}

/** The newest change of a group, for the texts. */
function detailsOf(change: ChangeRow): Labels {
  const { resource, namespace, name, manager, op, summary } = change
  const known = { resource, namespace, name, manager, op, summary, revision: String(change.revision) }
  const details: Record<string, string> = { key: textDecoder.decode(change.key) }
  for (const [label, value] of Object.entries(known)) if (value !== null) details[label] = value
  return details
}

const textDecoder = new TextDecoder()

/** A selector of a rule as a test of a change; `path` is asked with the values, see changeInspection. */
export function selectorTest(where: ChangeSelector): (change: ChangeRow) => boolean {
  const within = (list: readonly string[] | undefined, value: string | null) =>
    list === undefined || (value !== null && list.includes(value))
  const prefix = where.prefix === undefined ? null : Buffer.from(where.prefix)
  const text = where.text?.toLowerCase()
  return (change) =>
    within(where.resources, change.resource) &&
    within(where.namespaces, change.namespace) &&
    within(where.managers, change.manager) &&
    within(where.ops, change.op) &&
    within(where.significances, change.significance) &&
    (where.name === undefined || change.name === where.name) &&
    (prefix === null || prefix.equals(change.key.subarray(0, prefix.length))) &&
    (text === undefined ||
      (change.summary ?? '').toLowerCase().includes(text) ||
      textDecoder.decode(change.key).toLowerCase().includes(text))
}

/** The labels of a change that a rule keeps apart; what it has none of is left out. */
export function groupingBy(by: readonly string[]): (change: ChangeRow) => Labels {
  return (change) => {
    const { resource, namespace, name, manager } = change
    const all: Record<string, string | null> = { resource, namespace, name, manager, key: null }
    const labels: Record<string, string> = {}
    for (const label of by) {
      const value = label === 'key' ? textDecoder.decode(change.key) : all[label]
      if (value != null && value !== '') labels[label] = value
    }
    return labels
  }
}
