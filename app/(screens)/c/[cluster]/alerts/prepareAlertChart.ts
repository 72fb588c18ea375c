import type { Alert, BacktestAnswer, BacktestInput } from '../../../../../lib/contract'
import { type ChartSeries, seriesLook } from '../../../../_charts/prepareSeries'
import type { Span } from '../../../../_client/urlState'

/** The chart of one alert: its rule measured over the time before and while it fires. Pure. */

const LEAST_MS = 30 * 60_000
const MOST_MS = 7 * 86_400_000
/** The part of the chart that lies before the trouble. */
const BEFORE = 0.6
const POINTS = 120

/** Starts on round minutes, so that a live page asks the same question for a minute. */
export function chartSpan(alert: Pick<Alert, 'activeAt' | 'endsAt'>, nowMs: number): Span {
  const fromMs = Date.parse(alert.activeAt)
  const endMs = alert.endsAt === null ? nowMs : Math.min(nowMs, Date.parse(alert.endsAt) + 5 * 60_000)
  const toMs = Math.ceil(endMs / 60_000) * 60_000
  const length = Math.min(MOST_MS, Math.max(LEAST_MS, (toMs - fromMs) / (1 - BEFORE)))
  return { fromMs: toMs - Math.ceil(length / 60_000) * 60_000, toMs }
}

export function chartQuestion(alert: Alert, span: Span): BacktestInput {
  return {
    rule: alert.rule,
    cluster: alert.cluster,
    from: String(span.fromMs),
    to: String(span.toMs),
    intervalMs: Math.max(15_000, Math.round((span.toMs - span.fromMs) / POINTS / 1000) * 1000),
    series: true,
  }
}

/** The measured series that the alert is about: those whose labels it has. */
export function alertSeries(alert: Alert, answer: BacktestAnswer | undefined): readonly ChartSeries[] {
  const own = (answer?.series ?? []).filter(({ labels }) =>
    Object.entries(labels).every(([name, value]) => alert.labels[name] === value),
  )
  return own.slice(0, 8).map(({ labels, points }, index) => ({
    id: JSON.stringify(labels),
    name: labels.member ?? labels.name ?? (Object.values(labels).join(' ') || 'cluster'),
    points,
    ...seriesLook(index),
  }))
}
