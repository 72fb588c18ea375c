import type { Change } from '../../../../../../lib/contract'
import { keyText, rowIdOf } from '../changeId'

/** The changes around one, each key once at its nearest: a counter's hundred writes are one line. Pure. */

export interface NearbyRow {
  readonly change: Change
  /** "−8 s" */
  readonly offset: string
  readonly self: boolean
  /** How often this key changed around it. */
  readonly times: number
}

const MOST_ROWS = 12

export function nearbyRows(
  changes: readonly Change[],
  self: Change,
): { readonly rows: readonly NearbyRow[]; readonly left: number } {
  const atMs = Date.parse(self.at)
  const away = (change: Change) => Math.abs(Date.parse(change.at) - atMs)
  const nearest = new Map<string, { change: Change; times: number }>()
  for (const change of changes) {
    const key = keyText(change)
    if (key === keyText(self)) continue
    const known = nearest.get(key)
    if (known === undefined) nearest.set(key, { change, times: 1 })
    else nearest.set(key, { change: away(change) < away(known.change) ? change : known.change, times: known.times + 1 })
  }
  const others = [...nearest.values()].sort((a, b) => a.times - b.times || away(a.change) - away(b.change))
  const shown = others.slice(0, MOST_ROWS)
  const rows = [...shown, { change: self, times: 1 }]
    .sort(
      (a, b) =>
        Date.parse(a.change.at) - Date.parse(b.change.at) ||
        Number(BigInt(a.change.revision) - BigInt(b.change.revision)),
    )
    .map(({ change, times }) => ({
      change,
      times,
      self: rowIdOf(change) === rowIdOf(self),
      offset: offsetWords(Date.parse(change.at) - atMs),
    }))
  return { rows, left: others.length - shown.length }
}

function offsetWords(ms: number): string {
  if (ms === 0) return '0 s'
  const seconds = Math.abs(ms) / 1000
  return `${ms < 0 ? '−' : '+'}${seconds < 1 ? seconds.toFixed(1) : Math.round(seconds)} s`
}
