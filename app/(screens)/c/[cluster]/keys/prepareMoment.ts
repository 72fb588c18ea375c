import type { Cluster, Problem } from '../../../../../lib/contract'
import { formatMoment } from '../../../../_client/format'

/** The moment at which the keyspace is shown. A codec for the address, and a reader of what people type. */
export type Moment =
  | { readonly kind: 'now' }
  | { readonly kind: 'revision'; readonly revision: string }
  | { readonly kind: 'time'; readonly ms: number }

export const now: Moment = { kind: 'now' }

const clean = (digits: string) => digits.replace(/^0+(?=\d)/, '')

/** The `at` of the address. Links get edited and cut: what cannot be read means now. */
export function parseMoment(text: string | null): Moment {
  if (text === null) return now
  if (/^\d{1,19}$/.test(text)) return { kind: 'revision', revision: clean(text) }
  const ms = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isFinite(ms) ? { kind: 'time', ms } : now
}

/** As the address and the API take it. */
export function momentAt(moment: Moment): string {
  if (moment.kind === 'now') return 'now'
  return moment.kind === 'revision' ? moment.revision : new Date(moment.ms).toISOString()
}

export function momentLabel(moment: Moment, nowMs: number): string {
  if (moment.kind === 'now') return 'Now'
  return moment.kind === 'revision' ? `Revision ${moment.revision}` : formatMoment(moment.ms, nowMs)
}

const unitsMs: Readonly<Record<string, number>> = {
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/**
 * What a person types: `now`, a revision (spaces and commas between its digits are fine), a clock time (the last time
 * it was that late), a local date and time, RFC 3339, or `10 min ago`. Null when it is none of these.
 */
export function readMoment(typed: string, nowMs: number): Moment | null {
  const text = typed.trim().replace(/\s+/g, ' ')
  if (/^now$/i.test(text)) return now
  const revision = /^(?:(?:revision|rev\.?|r) ?)?(\d{1,3}(?:[ ,.]\d{3})+|\d{1,19})$/i.exec(text)?.[1]
  if (revision !== undefined) return { kind: 'revision', revision: clean(revision.replace(/\D/g, '')) }
  const ago = /^(?:-(\d{1,6}) ?(s|m|min|h|d)|(\d{1,6}) ?(s|sec|m|min|h|d) ago)$/i.exec(text)
  if (ago !== null) {
    const unitMs = unitsMs[(ago[2] ?? ago[4] ?? '').toLowerCase()] ?? 0
    return { kind: 'time', ms: nowMs - Number(ago[1] ?? ago[3]) * unitMs }
  }
  return readClock(text, nowMs) ?? readDate(text)
}

function readClock(text: string, nowMs: number): Moment | null {
  const parts = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/.exec(text)
  if (parts === null) return null
  const clock = (daysBack: number) => {
    const at = new Date(nowMs)
    at.setDate(at.getDate() - daysBack)
    const millis = Number((parts[4] ?? '').padEnd(3, '0'))
    return at.setHours(Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0), millis)
  }
  return { kind: 'time', ms: clock(0) <= nowMs ? clock(0) : clock(1) }
}

/** A time that names no zone is the reader's own. */
function readDate(text: string): Moment | null {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return null
  const ms = Date.parse(text.replace(' ', 'T'))
  return Number.isFinite(ms) ? { kind: 'time', ms } : null
}

/** Of the nearest recorded range, the end that lies closer to the moment asked for. Null when nothing is recorded. */
export function nearestMoment(moment: Moment, nearest: Problem['nearest'], epoch: number | null): Moment | null {
  if (nearest === null || nearest === undefined) return null
  const { fromRevision, toRevision, from, to } = nearest
  if (moment.kind === 'time') {
    const fromMs = from === null ? null : Date.parse(from)
    if (fromMs !== null && moment.ms < fromMs) return { kind: 'time', ms: fromMs }
    if (to !== null) return { kind: 'time', ms: Date.parse(to) }
  }
  // A revision names the newest epoch's: one of an older epoch can only be reached by its time.
  if (epoch !== null && nearest.epoch !== epoch) return to === null ? null : { kind: 'time', ms: Date.parse(to) }
  const before = moment.kind === 'revision' && BigInt(moment.revision) < BigInt(fromRevision)
  return { kind: 'revision', revision: before ? fromRevision : toRevision }
}

/** The gap that a revision directly follows or lies in. */
export function gapAt(
  cluster: Pick<Cluster, 'gaps' | 'epoch'>,
  revision: string | null,
): Cluster['gaps'][number] | null {
  if (revision === null) return null
  const at = BigInt(revision)
  const found = cluster.gaps.find(
    (gap) => gap.epoch === cluster.epoch && BigInt(gap.fromRevision) <= at && at <= BigInt(gap.toRevision),
  )
  return found ?? null
}
