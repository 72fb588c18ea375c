import type { LeaderChange, SeriesAnswer } from '../../../../../lib/contract'
import type { Span } from '../../../../_client/urlState'
import { largest, summed } from './prepareMemberSeries'

/** Around a leader change: what is usual, and what the two minutes around it saw. Pure. */

const AROUND_MS = 60_000
const USUAL_MS = 30 * 60_000
/** The last half minute before the window may already be part of the trouble. */
const APART_MS = 30_000

export interface Windows {
  readonly atMs: number
  readonly usual: Span
  readonly around: Span
  /** Both in one request. */
  readonly whole: Span
}

export function windowsOf(change: Pick<LeaderChange, 'at'>): Windows {
  const atMs = Date.parse(change.at)
  const around = { fromMs: atMs - AROUND_MS, toMs: atMs + AROUND_MS }
  const usual = { fromMs: around.fromMs - APART_MS - USUAL_MS, toMs: around.fromMs - APART_MS }
  return { atMs, usual, around, whole: { fromMs: usual.fromMs, toMs: around.toMs } }
}

type Point = readonly [ms: number, value: number | null]

export type ComparedMetric = 'fsync' | 'roundTrip' | 'pending' | 'cpu' | 'changes'

export interface ComparedRow {
  readonly metric: ComparedMetric
  readonly label: string
  /** The API's unit. */
  readonly unit: string
  /** Median of the half hour before; of `pending` the highest. Null: not measured. */
  readonly usual: number | null
  /** The highest of the two minutes. */
  readonly around: number | null
  readonly tone: 'warn' | 'critical' | undefined
}

interface Rule {
  readonly label: string
  readonly unit: string
  readonly usual: 'median' | 'highest'
  /** Below this it is not worth a colour, whatever it was before. */
  readonly floor: number
  /** Where etcd's own alerts call it critical; not every metric has one. */
  readonly critical?: number
}

/** Floors: etcd's advice for disks (10 ms), a tenth of the default election time-out, a core in full use. */
const rules: Readonly<Record<ComparedMetric, Rule>> = {
  fsync: { label: 'WAL fsync p99', unit: 'seconds', usual: 'median', floor: 0.01, critical: 0.5 },
  roundTrip: { label: 'Peer round trip p99', unit: 'seconds', usual: 'median', floor: 0.01, critical: 0.15 },
  pending: { label: 'Proposals pending, max', unit: 'count', usual: 'highest', floor: 10 },
  cpu: { label: 'CPU, of one core', unit: 'ratio', usual: 'median', floor: 0.8 },
  changes: { label: 'Changes/s', unit: '1/s', usual: 'median', floor: 50 },
}

/** This many times the usual stands out. */
const STANDS_OUT = 2

export function prepareComparison(
  points: Readonly<Record<ComparedMetric, readonly Point[]>>,
  windows: Windows,
): readonly ComparedRow[] {
  const metrics: readonly ComparedMetric[] = ['fsync', 'roundTrip', 'pending', 'cpu', 'changes']
  return metrics.map((metric) => {
    const rule = rules[metric]
    const before = within(points[metric], windows.usual)
    const during = within(points[metric], windows.around)
    const usual = rule.usual === 'median' ? median(before) : highest(before)
    const around = highest(during)
    return { metric, label: rule.label, unit: rule.unit, usual, around, tone: toneOf(rule, usual, around) }
  })
}

function toneOf(rule: Rule, usual: number | null, around: number | null): ComparedRow['tone'] {
  if (around === null || around < rule.floor) return undefined
  if (rule.critical !== undefined && around >= rule.critical) return 'critical'
  return usual !== null && around >= usual * STANDS_OUT ? 'warn' : undefined
}

function within(points: readonly Point[], span: Span): readonly number[] {
  return points.flatMap(([ms, value]) => (value !== null && ms >= span.fromMs && ms < span.toMs ? [value] : []))
}

const highest = (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values))

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  return middle ?? null
}

/** The lines of one member; without one (no leader before), of all: the worst of them. */
export function ofMember(answer: SeriesAnswer | undefined, memberId: string | null): readonly Point[] {
  const own = answer?.series.filter(({ labels }) => memberId === null || labels.member_id === memberId) ?? []
  return largest(own.map(({ points }) => points))
}

/** Whole buckets of the record as changes a second. */
export function changesPerSecond(answer: SeriesAnswer | undefined): readonly Point[] {
  if (answer === undefined) return []
  return summed(answer.series.map(({ points }) => points)).map(([ms, value]) => [
    ms,
    value === null ? null : (value * 1000) / answer.stepMs,
  ])
}
