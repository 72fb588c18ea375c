import type { Alert, Channel, Severity, Silence } from '../../../../../lib/contract'
import { formatClock, formatDuration, formatMoment, plural } from '../../../../_client/format'
import type { StatusTone } from '../../../../_ui/StatusMark'
import { gravest, heard, severities, severityTone } from '../../../../_ui/severity'

/** What the alert screens say. Pure. */

const rank: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 }

/** The gravest first, of equals the newest; what is held back or superseded stands behind the rest. */
export function inOrder(alerts: readonly Alert[]): readonly Alert[] {
  const quiet = (one: Alert) => (one.silencedBy === null && one.supersededBy === null ? 0 : 1)
  return [...alerts].sort(
    (a, b) =>
      quiet(a) - quiet(b) ||
      rank[a.severity] - rank[b.severity] ||
      Date.parse(b.startsAt) - Date.parse(a.startsAt) ||
      a.id.localeCompare(b.id),
  )
}

export interface AlertsVerdict {
  readonly tone: StatusTone
  readonly sentence: string
  readonly reasons: string
}

export function prepareVerdict(input: {
  readonly cluster: string
  readonly firing: readonly Alert[]
  readonly pending: number
  readonly silences: readonly Silence[]
  readonly channels: readonly Channel[] | undefined
  readonly nowMs: number
}): AlertsVerdict {
  const { cluster, firing, pending, nowMs } = input
  const loud = heard(firing)
  const notes = [...severityNotes(loud, nowMs), ...quietNotes(firing, input.silences, nowMs)]
  if (pending > 0)
    notes.push(`${plural(pending, 'condition')} ${pending === 1 ? 'holds' : 'hold'} but not for long enough yet`)
  if (input.channels !== undefined && input.channels.filter(({ enabled }) => enabled).length === 0)
    notes.push('Nobody is told: there is no channel')
  const failing = (input.channels ?? []).filter(({ enabled, health }) => enabled && health.state === 'failing')
  if (failing.length > 0) notes.push(`${failing.map(({ name }) => name).join(', ')} cannot be reached`)
  const worst = gravest(loud)
  return {
    tone: worst === null ? 'ok' : severityTone[worst],
    sentence:
      loud.length === 0
        ? `No alert fires on ${cluster}`
        : `${plural(loud.length, 'alert')} ${loud.length === 1 ? 'fires' : 'fire'} on ${cluster}`,
    reasons: notes.map((note) => `${note}. `).join(''),
  }
}

function severityNotes(loud: readonly Alert[], nowMs: number): string[] {
  const parts = severities.flatMap((severity) => {
    const own = loud.filter((one) => one.severity === severity)
    if (own.length === 0) return []
    const since = Math.min(...own.map(({ startsAt }) => Date.parse(startsAt)))
    return [
      `${severity === 'warning' ? plural(own.length, severity) : `${own.length} ${severity}`} since ${formatMoment(since, nowMs)}`,
    ]
  })
  return parts.length === 0 ? [] : [parts.join(', ')]
}

function quietNotes(firing: readonly Alert[], silences: readonly Silence[], nowMs: number): string[] {
  const held = firing.filter((one) => one.silencedBy !== null)
  if (held.length === 0) return []
  const ends = silences
    .filter(({ id }) => held.some((one) => one.silencedBy === id))
    .map(({ endsAt }) => Date.parse(endsAt))
  const until = ends.length === 0 ? '' : ` until ${formatMoment(Math.min(...ends), nowMs)}`
  return [`${held.length} silenced${until}`]
}

/** "sent to #etcd-oncall 13:21:19", "waits for pager", "not sent". */
export function notifiedWords(alert: Alert): string {
  const sent = alert.notified.filter(({ state }) => state === 'sent')
  const newest = sent.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0]
  const failed = alert.notified.filter(({ state }) => state === 'failed').map(({ channel }) => channel)
  const waiting = alert.notified.filter(({ state }) => state === 'waiting').map(({ channel }) => channel)
  if (failed.length > 0) return `could not be sent to ${failed.join(', ')}`
  if (waiting.length > 0) return `waits for ${waiting.join(', ')}`
  if (newest !== undefined) {
    const others = sent.length - 1
    return `sent to ${newest.channel}${others > 0 ? ` and ${others} more` : ''} ${formatClock(Date.parse(newest.at))}`
  }
  return 'not sent'
}

/** How long it fires or fired. */
export function openWords(alert: Pick<Alert, 'startsAt' | 'endsAt'>, nowMs: number): string {
  const end = alert.endsAt === null ? nowMs : Date.parse(alert.endsAt)
  return formatDuration(Math.max(0, Math.round((end - Date.parse(alert.startsAt)) / 1000) * 1000))
}

/** Labels that are not said elsewhere: `member etcd-1`, in order. */
export function subjectWords(labels: Readonly<Record<string, string>>): string {
  const said = new Set(['alertname', 'cluster', 'severity', 'member_id'])
  return Object.entries(labels)
    .filter(([name]) => !said.has(name))
    .map(([name, value]) => (name === 'member' || name === 'name' ? value : `${name} ${value}`))
    .join(', ')
}
