import type {
  RetentionAnswer,
  RetentionClass,
  RetentionHorizon,
  RetentionPolicy,
  RetentionPreview,
} from '../../../../../lib/contract'
import { formatBytes, formatCount } from '../../../../_client/format'
import type { StatusTone } from '../../../../_ui/StatusMark'

/** What the retention panel says and offers. Pure. */

type AgeField = Exclude<keyof RetentionPolicy, 'maxDatabaseBytes'>

export interface ClassWords {
  readonly class: RetentionClass
  readonly field: AgeField
  readonly title: string
  readonly what: string
}

export const classWords: readonly ClassWords[] = [
  {
    class: 'heartbeats',
    field: 'heartbeatsMs',
    title: 'Heartbeats',
    what: 'leases, endpoints, and rewrites that changed nothing',
  },
  { class: 'events', field: 'eventsMs', title: 'Events', what: 'Kubernetes Events' },
  { class: 'status', field: 'statusMs', title: 'Status', what: 'what controllers observe and derive' },
  {
    class: 'configuration',
    field: 'configurationMs',
    title: 'Configuration',
    what: 'specifications, labels, ConfigMaps, and every plain key',
  },
]

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const ages: readonly { readonly ms: number | null; readonly label: string }[] = [
  { ms: 6 * hourMs, label: '6 hours' },
  { ms: dayMs, label: '1 day' },
  { ms: 3 * dayMs, label: '3 days' },
  { ms: 7 * dayMs, label: '7 days' },
  { ms: 14 * dayMs, label: '14 days' },
  { ms: 30 * dayMs, label: '30 days' },
  { ms: 90 * dayMs, label: '90 days' },
  { ms: 180 * dayMs, label: '180 days' },
  { ms: 365 * dayMs, label: '1 year' },
  { ms: 2 * 365 * dayMs, label: '2 years' },
  { ms: 7 * 365 * dayMs, label: '7 years' },
  { ms: null, label: 'for ever' },
]

const gib = 2 ** 30
const sizes: readonly (number | null)[] = [
  gib / 2,
  gib,
  5 * gib,
  10 * gib,
  20 * gib,
  50 * gib,
  100 * gib,
  500 * gib,
  null,
]

export interface Option {
  readonly value: string
  readonly label: string
}

/** Everything on offer, and what is set when it is none of it. Values are milliseconds or bytes. */
export function ageOptions(set: number | null): Option[] {
  const offered = ages.some(({ ms }) => ms === set) ? ages : [{ ms: set, label: ageWords(set) }, ...ages]
  return offered.map(({ ms, label }) => ({ value: choiceOf(ms), label }))
}

export function sizeOptions(set: number | null): Option[] {
  const offered = sizes.includes(set) ? sizes : [set, ...sizes]
  return offered.map((bytes) => ({ value: choiceOf(bytes), label: bytes === null ? 'no limit' : formatBytes(bytes) }))
}

/** A select has no empty values. */
const unlimited = 'unlimited'

export function choiceOf(limit: number | null): string {
  return limit === null ? unlimited : String(limit)
}

export function limitOf(value: string): number | null {
  return value === unlimited ? null : Number(value)
}

export function ageWords(ms: number | null): string {
  const known = ages.find((age) => age.ms === ms)
  if (known !== undefined) return known.label
  if (ms === null) return 'for ever'
  const days = ms / dayMs
  if (days >= 1 && Number.isInteger(days)) return `${formatCount(days)} days`
  return `${formatCount(Math.round((ms / hourMs) * 10) / 10)} hours`
}

/** A start that most clusters can live with: noise goes soon, what an auditor asks for stays. */
export const suggested: RetentionPolicy = {
  heartbeatsMs: 7 * dayMs,
  eventsMs: 30 * dayMs,
  statusMs: 90 * dayMs,
  configurationMs: null,
  maxDatabaseBytes: null,
}

export function samePolicy(a: RetentionPolicy, b: RetentionPolicy): boolean {
  return a.maxDatabaseBytes === b.maxDatabaseBytes && classWords.every(({ field }) => a[field] === b[field])
}

export const keepsAll = (policy: RetentionPolicy): boolean => Object.values(policy).every((limit) => limit === null)

/** The screen's one sentence. */
export function retentionSentence(answer: RetentionAnswer): { tone: StatusTone; sentence: string } {
  const { policy, lastRun, usedBytes } = answer
  const size = `the database uses ${formatBytes(usedBytes)}`
  if (lastRun?.problem != null) return { tone: 'warn', sentence: `Retention could not do all it should; ${size}` }
  if (keepsAll(policy)) return { tone: 'ok', sentence: `Everything is kept; ${size}` }
  const limited = classWords.filter(({ field }) => policy[field] !== null)
  const parts = limited.map(({ title, field }) => `${title.toLowerCase()} ${ageWords(policy[field])}`)
  const ageSentence = parts.length === 0 ? 'Everything fits a size' : `Kept: ${parts.join(', ')}`
  const rest = limited.length > 0 && limited.length < classWords.length ? ', the rest for ever' : ''
  return { tone: 'ok', sentence: `${ageSentence}${rest}; ${size}` }
}

/** "About 312,400 changes, 24.1 MiB, would go." */
export function previewSentence(preview: RetentionPreview): string {
  if (preview.changes === 0) return 'Nothing that is recorded now would go.'
  const changes = preview.changes === 1 ? '1 change' : `${formatCount(preview.changes)} changes`
  return `${changes}, about ${formatBytes(preview.bytes)}, would go.`
}

/** From when on every change of a class is there: newer epochs hide older ones. */
export function wholeSince(horizons: readonly RetentionHorizon[], name: RetentionClass): string | null {
  return horizons.findLast((horizon) => horizon.class === name)?.at ?? null
}
