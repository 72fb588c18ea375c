import type { AlertRuleInput, BacktestAnswer, BacktestInput, LeaderChange } from '../../../../../../lib/contract'
import type { Band } from '../../../../../_charts/Overlays'
import { type ChartSeries, seriesLook } from '../../../../../_charts/prepareSeries'
import { roundFigure } from '../../../../../_charts/roundFigure'
import { formatDuration, formatMoment, plural } from '../../../../../_client/format'
import { durationMs, type Span } from '../../../../../_client/urlState'

/** What a rule would have done, as words, bands, lines and rows. Pure. */

const LINES = 8
const LEAST_INTERVAL_MS = 60_000
/** A month at one minute; a shorter range is looked at as often as the live engine does. */
const fineIntervals: readonly (readonly [spanMs: number, intervalMs: number])[] = [
  [2 * 3_600_000, 15_000],
  [12 * 3_600_000, 30_000],
]

export const lookbacks = ['1h', '24h', '7d', '30d'] as const
export type Lookback = (typeof lookbacks)[number]

/** Ends at a full minute (of the last hour: at a quarter), so that a page that is open asks no oftener than that. */
export function lookbackSpan(lookback: Lookback, nowMs: number): Span {
  const gridMs = lookback === '1h' ? 15_000 : 60_000
  const toMs = Math.floor(nowMs / gridMs) * gridMs
  return { fromMs: toMs - (durationMs(lookback) ?? 0), toMs }
}

export function backtestQuestion(rule: AlertRuleInput, cluster: string, span: Span): BacktestInput {
  const length = span.toMs - span.fromMs
  return {
    // A rule that is being written may have no name yet, and may be meant for other clusters: here it is tried.
    rule: { ...rule, name: rule.name.trim() === '' ? 'New rule' : rule.name, enabled: true, clusters: [] },
    cluster,
    from: String(span.fromMs),
    to: String(span.toMs),
    intervalMs: fineIntervals.find(([spanMs]) => length <= spanMs)?.[1] ?? LEAST_INTERVAL_MS,
    series: true,
    thresholds: otherThresholds(rule),
  }
}

/** Five around the first threshold, itself in the middle, as round as a person would have them. */
export function otherThresholds(rule: Pick<AlertRuleInput, 'thresholds'>): number[] {
  const value = rule.thresholds[0]?.value ?? 0
  if (value === 0) return []
  return [0.2, 0.5, 1, 2, 4].map((factor) => (factor === 1 ? value : roundFigure(value * factor)))
}

export function backtestWords(answer: BacktestAnswer, lookback: Lookback): { sentence: string; note: string } {
  const times = answer.firings.length
  const past = { '1h': 'hour', '24h': '24 hours', '7d': '7 days', '30d': '30 days' }[lookback]
  const count = times === 0 ? 'not have fired' : `have fired ${times === 1 ? 'once' : `${times} times`}`
  const lines = answer.series?.length ?? 0
  const drawn = `${lines > LINES ? `; the line is the farthest of ${lines} series` : ''}${unmeasuredWords(answer)}`
  return {
    sentence: `Would ${count} in the last ${past}`,
    note:
      times === 0
        ? `Looked at ${plural(answer.evaluations, 'time')}, every ${formatDuration(answer.intervalMs)}${drawn}`
        : `open for ${formatDuration(answer.openMs)} in all, longest ${formatDuration(answer.longestMs)}${drawn}`,
  }
}

/** What was not measured cannot have fired: a record that is younger than the range says since when it knows. */
function unmeasuredWords(answer: BacktestAnswer): string {
  const measured = (answer.series ?? []).flatMap(({ points }) => points.find(([, value]) => value !== null)?.[0] ?? [])
  const fromMs = Math.min(...measured)
  const late = fromMs - Date.parse(answer.from) > (Date.parse(answer.to) - Date.parse(answer.from)) / 50
  return measured.length > 0 && late
    ? `; nothing was measured before ${formatMoment(fromMs, Date.parse(answer.to))}`
    : ''
}

/** A line a series while they can be told apart; otherwise the one value that is nearest to firing. */
export function backtestSeries(answer: BacktestAnswer | undefined, below: boolean): readonly ChartSeries[] {
  const series = answer?.series ?? []
  if (series.length <= LINES) {
    return series.map(({ labels, points }, index) => ({
      id: JSON.stringify(labels),
      name: seriesName(labels),
      points,
      ...seriesLook(index),
    }))
  }
  const farthest = new Map<number, number | null>()
  for (const [ms, value] of series.flatMap(({ points }) => points)) {
    const known = farthest.get(ms) ?? null
    const next =
      known === null || value === null ? (value ?? known) : below ? Math.min(known, value) : Math.max(known, value)
    farthest.set(ms, next)
  }
  const points = [...farthest].sort(([a], [b]) => a - b)
  return [{ id: 'farthest', name: below ? 'lowest' : 'highest', points, ...seriesLook(0) }]
}

export function seriesName(labels: Readonly<Record<string, string>>): string {
  const { member, name, namespace, kind, prefix } = labels
  if (name !== undefined) return [kind, namespace, name].filter((part) => part !== undefined).join(' ')
  return member ?? prefix ?? (Object.values(labels).join(' ') || 'cluster')
}

export function firingBands(answer: BacktestAnswer | undefined, span: Span): readonly Band[] {
  return (answer?.firings ?? []).map(({ severity, from, to }) => ({
    fromMs: Date.parse(from),
    toMs: to === null ? span.toMs : Date.parse(to),
    tone: severity === 'critical' ? 'critical' : severity === 'warning' ? 'warn' : 'info',
  }))
}

export interface FiringRow {
  readonly number: number
  readonly subject: string
  readonly severity: BacktestAnswer['firings'][number]['severity']
  readonly fromMs: number
  /** Null while it still fires at the end of the range. */
  readonly openMs: number | null
  readonly peak: number | null
  readonly leaderChange: LeaderChange | null
}

/** A leader change belongs to a firing from this long before it to its end. */
const BEFORE_MS = 120_000

/** Newest first, numbered as they came. */
export function firingRows(answer: BacktestAnswer, changes: readonly LeaderChange[]): readonly FiringRow[] {
  const inOrder = [...answer.firings].sort((a, b) => Date.parse(a.from) - Date.parse(b.from))
  return inOrder
    .map((firing, index): FiringRow => {
      const fromMs = Date.parse(firing.from)
      const toMs = firing.to === null ? Number.POSITIVE_INFINITY : Date.parse(firing.to)
      const sinceMs = Math.min(fromMs, Date.parse(firing.activeFrom)) - BEFORE_MS
      const during = changes.filter(({ at }) => Date.parse(at) >= sinceMs && Date.parse(at) <= toMs)
      return {
        number: index + 1,
        subject: seriesName(firing.labels),
        severity: firing.severity,
        fromMs,
        openMs: firing.to === null ? null : toMs - fromMs,
        peak: firing.peak,
        leaderChange: during.find(({ planned }) => !planned) ?? during[0] ?? null,
      }
    })
    .reverse()
}
