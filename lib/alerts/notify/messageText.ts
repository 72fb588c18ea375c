import { fillTemplate, valueText } from '../template'
import { commonOf, isoOf, type NotifiedAlert } from './notification'
import { alertUrl, type Delivery, type OpenChannel } from './openChannel'

/** A message in words, for receivers that show text. */
export interface MessageText {
  /** One line. */
  readonly title: string
  /** One part an alert. */
  readonly parts: readonly string[]
  /** Alerts that are counted in the title and left out of the parts. */
  readonly leftOut: number
}

/** More alerts than this make no message clearer; the rest are counted. */
const partsLimit = 20
const titleLimit = 250

/** Places of a channel's template beside `labels.NAME`. */
export const templateNames = [
  'value',
  'threshold',
  'cluster',
  'rule',
  'severity',
  'status',
  'summary',
  'count',
  'startsAt',
  'endsAt',
  'url',
] as const

export function messageText(channel: OpenChannel, { notification, externalUrl }: Delivery): MessageText {
  const { alerts, reason } = notification
  const firing = alerts.filter((alert) => alert.firing).length
  const state = reason === 'test' ? 'TEST' : firing > 0 ? `FIRING:${firing}` : 'RESOLVED'
  const [first] = alerts
  const { title, body } = channel.template
  const filled = (text: string, alert: NotifiedAlert) =>
    fillTemplate(text, { plain: plainOf(alert, alerts.length, externalUrl), labels: alert.labels })
  const words = title === undefined || first === undefined ? `[${state}] ${subjectOf(alerts)}` : filled(title, first)
  // Line breaks in a title would end the header of an e-mail.
  const line = words
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, titleLimit)
  const shown = alerts.slice(0, partsLimit)
  return {
    title: line,
    parts: shown.map((alert) => (body === undefined ? partOf(alert, externalUrl) : filled(body, alert))),
    leftOut: alerts.length - shown.length,
  }
}

function subjectOf(alerts: readonly NotifiedAlert[]): string {
  const { alertname, cluster } = commonOf(alerts.map((alert) => alert.labels))
  const rules = new Set(alerts.map((alert) => alert.rule)).size
  const subject = alertname ?? `${rules} rules`
  const where = cluster === undefined ? '' : ` on ${cluster}`
  return alerts.length === 1 ? `${subject}${where}: ${alerts[0]?.summary ?? ''}` : `${subject}${where}`
}

function partOf(alert: NotifiedAlert, externalUrl: string): string {
  const measured = `${valueText(alert.value, alert.unit)}, threshold ${alert.comparison} ${valueText(alert.threshold, alert.unit)}`
  const acknowledged = alert.acknowledged
  return [
    `${alert.firing ? 'FIRING' : 'RESOLVED'} ${alert.severity}: ${alert.summary}`,
    `${alert.rule} on ${alert.cluster}: ${measured}`,
    alert.firing || alert.endsMs === null
      ? `since ${isoOf(alert.startsMs)}`
      : `from ${isoOf(alert.startsMs)} to ${isoOf(alert.endsMs)}`,
    ...(alert.annotations.description === undefined ? [] : [alert.annotations.description]),
    ...(acknowledged === null
      ? []
      : [`acknowledged by ${acknowledged.by}${acknowledged.note === '' ? '' : `: ${acknowledged.note}`}`]),
    ...(alert.runbookUrl === null ? [] : [`run book: ${alert.runbookUrl}`]),
    alertUrl(externalUrl, alert.cluster),
  ].join('\n')
}

function plainOf(
  alert: NotifiedAlert,
  count: number,
  externalUrl: string,
): Record<(typeof templateNames)[number], string> {
  return {
    value: valueText(alert.value, alert.unit),
    threshold: valueText(alert.threshold, alert.unit),
    cluster: alert.cluster,
    rule: alert.rule,
    severity: alert.severity,
    status: alert.firing ? 'firing' : 'resolved',
    summary: alert.summary,
    count: String(count),
    startsAt: isoOf(alert.startsMs),
    endsAt: alert.endsMs === null ? '' : isoOf(alert.endsMs),
    url: alertUrl(externalUrl, alert.cluster),
  }
}
