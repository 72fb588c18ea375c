import type { Channel } from '../../../../../../lib/contract'
import { formatMoment, formatSpan, plural } from '../../../../../_client/format'
import type { Column } from '../../../../../_ui/DataTable'
import { Status, type StatusTone } from '../../../../../_ui/StatusMark'
import { kindWords, targetWords } from './channelDraft'
import { TestButton } from './TestButton'

const states: Readonly<Record<string, { readonly word: string; readonly tone: StatusTone; readonly rank: number }>> = {
  failing: { word: 'Failing', tone: 'critical', rank: 0 },
  unknown: { word: 'Not used yet', tone: 'unknown', rank: 1 },
  ok: { word: 'Reached', tone: 'ok', rank: 2 },
  off: { word: 'Off', tone: 'unknown', rank: 3 },
}

export function stateOf({ enabled, health }: Channel) {
  const state = states[enabled ? health.state : 'off']
  return state ?? { word: health.state, tone: 'unknown' as const, rank: 4 }
}

export function channelColumns(nowMs: number): readonly Column<Channel>[] {
  return [
    {
      id: 'name',
      head: 'Channel',
      width: 'minmax(150px, 1.4fr)',
      sort: ({ name }) => name,
      cell: (channel) => (
        <div>
          <span title={channel.name}>{channel.name}</span>
          <small>{channel.source === 'settings' ? 'settings file' : kindWords[channel.target.kind]}</small>
        </div>
      ),
    },
    {
      id: 'state',
      head: 'State',
      width: '124px',
      sort: (channel) => stateOf(channel).rank,
      text: (channel) => stateOf(channel).word,
      cell: (channel) => <Status tone={stateOf(channel).tone}>{stateOf(channel).word}</Status>,
    },
    {
      id: 'target',
      head: 'Goes to',
      width: 'minmax(160px, 2fr)',
      sort: (channel) => targetWords(channel),
      cell: (channel) => (
        <div>
          <span title={targetWords(channel)}>{targetWords(channel) || kindWords[channel.target.kind]}</span>
          <small>{wantedWords(channel)}</small>
        </div>
      ),
      wideOnly: true,
    },
    {
      id: 'sent',
      head: 'Last',
      width: 'minmax(170px, 2fr)',
      sort: ({ health }) => (health.lastSentAt === null ? 0 : Date.parse(health.lastSentAt)),
      text: ({ health }) => health.lastSentAt ?? '',
      cell: (channel) => (
        <div>
          <span>{sentWords(channel, nowMs)}</span>
          <small title={channel.health.lastError ?? undefined}>{troubleWords(channel, nowMs)}</small>
        </div>
      ),
    },
    {
      id: 'test',
      head: 'Test',
      width: '92px',
      cell: (channel) => <TestButton channel={channel} compact />,
    },
  ]
}

/** "critical only, resolved too": what it is sent. */
export function wantedWords({ minSeverity, matchers, quietHours }: Channel): string {
  const words = [
    minSeverity === 'critical' ? 'critical only' : minSeverity === 'info' ? 'everything' : 'warning and up',
  ]
  if (matchers.length > 0) words.push('some alerts')
  if (quietHours.length > 0) words.push('quiet hours')
  return words.join(', ')
}

export function sentWords({ health }: Channel, nowMs: number): string {
  if (health.lastSentAt === null) return 'nothing sent yet'
  return `sent ${formatMoment(Date.parse(health.lastSentAt), nowMs)}`
}

export function troubleWords({ health }: Channel, nowMs: number): string {
  const parts = []
  if (health.state === 'failing' && health.lastError !== null) parts.push(health.lastError.replace(/\.$/, ''))
  if (health.waiting > 0) parts.push(`${plural(health.waiting, 'message')} ${health.waiting === 1 ? 'waits' : 'wait'}`)
  const nextMs = health.nextTryAt === null ? 0 : Date.parse(health.nextTryAt) - nowMs
  if (nextMs > 0) parts.push(`next try in ${formatSpan(nextMs)}`)
  if (health.failed > 0) parts.push(`${plural(health.failed, 'message')} given up`)
  return parts.join(', ')
}
