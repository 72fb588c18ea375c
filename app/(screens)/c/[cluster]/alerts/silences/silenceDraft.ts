import type { LabelMatcher, Silence } from '../../../../../../lib/contract'

/** A silence while it is written. Pure. */

export const spans = ['1h', '4h', '1d', '1w'] as const
export type Span = (typeof spans)[number]

export interface SilenceDraft {
  readonly matchers: readonly LabelMatcher[]
  readonly author: string
  readonly reason: string
  /** As `datetime-local` has it; empty: now. */
  readonly starts: string
  readonly lasts: Span | 'until'
  readonly until: string
}

/** Labels that say which series it is, not which outbreak; empty ones say nothing. */
export function newSilence(labels: Readonly<Record<string, string>>): SilenceDraft {
  const named = Object.entries(labels).filter(([name, value]) => value !== '' && name !== 'member_id')
  const matchers = named.map(([name, value]) => ({ name, op: '=' as const, value }))
  return {
    matchers: matchers.length === 0 ? [{ name: 'alertname', op: '=', value: '' }] : matchers,
    author: '',
    reason: '',
    starts: '',
    lasts: '1h',
    until: '',
  }
}

/** Labels out of an address; a hand-made one that is none means no labels. */
export function labelsOfParam(text: string): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return {}
    return Object.fromEntries(
      Object.entries(parsed).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    )
  } catch {
    return {}
  }
}

export function draftOf(silence: Silence): SilenceDraft {
  const { matchers, author, reason } = silence
  return {
    matchers,
    author,
    reason,
    starts: localText(Date.parse(silence.startsAt)),
    lasts: 'until',
    until: localText(Date.parse(silence.endsAt)),
  }
}

/** The body of a request. Times that cannot be read are sent as they are: the server names the field. */
export function bodyOf(draft: SilenceDraft): Record<string, unknown> {
  const { matchers, author, reason, starts, lasts, until } = draft
  return {
    matchers: matchers.filter(({ name, value }) => name !== '' || value !== ''),
    author,
    reason,
    ...(starts === '' ? {} : { startsAt: instantOf(starts) }),
    endsAt: lasts === 'until' ? instantOf(until) : `+${lasts}`,
  }
}

/** `member="etcd-1"`, as Prometheus writes it. */
export function matcherWords(matchers: readonly LabelMatcher[]): string {
  return matchers.map(({ name, op, value }) => `${name}${op}${JSON.stringify(value)}`).join(' ')
}

const two = (number: number) => String(number).padStart(2, '0')

/** The reader's local time, as `datetime-local` wants it. Seconds stay, so that an edit does not move them. */
export function localText(ms: number): string {
  const at = new Date(ms)
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

function instantOf(local: string): string {
  const ms = new Date(local).getTime()
  return Number.isNaN(ms) ? local : new Date(ms).toISOString()
}
