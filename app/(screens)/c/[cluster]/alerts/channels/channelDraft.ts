import type { Channel, ChannelInput, LabelMatcher, Severity } from '../../../../../../lib/contract'

/** A channel while it is written: texts as they are typed, made into a request's body at the end. Pure. */

export type Kind = Channel['target']['kind']
export type Hours = ChannelInput['quietHours'][number]

/** Every field that some kind of target has, as text. Secrets are empty unless they are entered anew. */
export type TargetField =
  | 'url'
  | 'secret'
  | 'bearerToken'
  | 'channel'
  | 'routingKey'
  | 'host'
  | 'port'
  | 'tls'
  | 'from'
  | 'to'
  | 'user'
  | 'password'

export interface ChannelDraft {
  readonly name: string
  readonly enabled: boolean
  readonly kind: Kind
  readonly target: Readonly<Partial<Record<TargetField, string>>>
  readonly minSeverity: Severity
  readonly matchers: readonly LabelMatcher[]
  readonly groupBy: string
  readonly groupWait: string
  readonly groupInterval: string
  readonly repeatInterval: string
  readonly sendResolved: boolean
  readonly quietHours: readonly Hours[]
  readonly title: string
  readonly body: string
}

export interface FieldShape {
  readonly field: TargetField
  readonly label: string
  readonly hint?: string
  readonly secret?: boolean
  readonly optional?: boolean
}

/** The fields of each kind, in order. TLS of mail is a choice and stands apart. */
export const targetFields: Readonly<Record<Kind, readonly FieldShape[]>> = {
  webhook: [
    { field: 'url', label: 'URL', hint: 'a POST in the form of Alertmanager’s webhook' },
    { field: 'secret', label: 'Signing secret', hint: 'HMAC-SHA256 over time and body', secret: true, optional: true },
  ],
  alertmanager: [
    { field: 'url', label: 'URL of Alertmanager', hint: 'its API v2 is used; routing and grouping are its own' },
    { field: 'bearerToken', label: 'Bearer token', secret: true, optional: true },
  ],
  slack: [
    { field: 'url', label: 'Incoming webhook', secret: true },
    { field: 'channel', label: 'Channel', hint: 'empty: the one of the webhook', optional: true },
  ],
  pagerduty: [
    { field: 'routingKey', label: 'Integration key', hint: 'of an Events API v2 integration', secret: true },
    { field: 'url', label: 'Other events URL', hint: 'empty: PagerDuty’s own', optional: true },
  ],
  email: [
    { field: 'host', label: 'Mail server' },
    { field: 'port', label: 'Port', optional: true },
    { field: 'from', label: 'From' },
    { field: 'to', label: 'To', hint: 'addresses, with commas' },
    { field: 'user', label: 'User', optional: true },
    { field: 'password', label: 'Password', secret: true, optional: true },
  ],
}

export const kindWords: Readonly<Record<Kind, string>> = {
  webhook: 'Webhook',
  alertmanager: 'Alertmanager',
  slack: 'Slack',
  pagerduty: 'PagerDuty',
  email: 'E-mail',
}

export const newChannel: ChannelDraft = {
  name: '',
  enabled: true,
  kind: 'webhook',
  target: {},
  minSeverity: 'warning',
  matchers: [],
  groupBy: '',
  groupWait: '0 s',
  groupInterval: '5 min',
  repeatInterval: '4 h',
  sendResolved: true,
  quietHours: [],
  title: '',
  body: '',
}

export const newHours: Hours = { days: [], from: '22:00', to: '07:00', timeZone: 'UTC', exceptCritical: true }

export function draftOf(channel: Channel): ChannelDraft {
  const { kind, ...target } = channel.target
  const texts = Object.entries(target).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : String(value),
  ])
  return {
    name: channel.name,
    enabled: channel.enabled,
    kind,
    target: Object.fromEntries(texts),
    minSeverity: channel.minSeverity,
    matchers: channel.matchers,
    groupBy: channel.groupBy.join(', '),
    groupWait: spanText(channel.groupWaitMs),
    groupInterval: spanText(channel.groupIntervalMs),
    repeatInterval: spanText(channel.repeatIntervalMs),
    sendResolved: channel.sendResolved,
    quietHours: channel.quietHours,
    title: channel.template.title ?? '',
    body: channel.template.body ?? '',
  }
}

/** The body of a request. What cannot be read is sent as it is: the server names the field. */
export function bodyOf(draft: ChannelDraft): Record<string, unknown> {
  const { title, body } = draft
  return {
    name: draft.name,
    enabled: draft.enabled,
    target: targetOf(draft),
    minSeverity: draft.minSeverity,
    matchers: draft.matchers.filter(({ name, value }) => name !== '' || value !== ''),
    groupBy: listOf(draft.groupBy),
    groupWaitMs: spanMs(draft.groupWait) ?? draft.groupWait,
    groupIntervalMs: spanMs(draft.groupInterval) ?? draft.groupInterval,
    repeatIntervalMs: spanMs(draft.repeatInterval) ?? draft.repeatInterval,
    sendResolved: draft.sendResolved,
    quietHours: draft.quietHours,
    template: { ...(title === '' ? {} : { title }), ...(body === '' ? {} : { body }) },
  }
}

function targetOf({ kind, target }: ChannelDraft): Record<string, unknown> {
  const given: Record<string, unknown> = kind === 'email' ? { kind, tls: target.tls ?? 'starttls' } : { kind }
  for (const { field } of targetFields[kind]) {
    const text = target[field] ?? ''
    if (text === '') continue
    if (field === 'to') given.to = listOf(text)
    else given[field] = field === 'port' && /^\d+$/.test(text) ? Number(text) : text
  }
  return given
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** `5 min`: the largest unit of which it is a whole number. */
export function spanText(ms: number): string {
  const [name, unitMs] = units.find(([, unit]) => ms > 0 && ms % unit === 0) ?? units[3]
  return `${ms / unitMs} ${name}`
}

/** Milliseconds; null when it is no duration. */
export function spanMs(text: string): number | null {
  const [, figure, unit] = /^\s*(\d{1,9})\s*(s|m|min|h|d)\s*$/.exec(text) ?? []
  const found = units.find(([name]) => name === (unit === 'm' ? 'min' : unit))
  return figure === undefined || found === undefined ? null : Number(figure) * found[1]
}

/** Where it goes, in a few words. */
export function targetWords({ target }: Pick<Channel, 'target'>): string {
  const text = (name: string) => (typeof target[name] === 'string' ? target[name] : '')
  if (target.kind === 'email') return Array.isArray(target.to) ? target.to.join(', ') : text('host')
  if (target.kind === 'slack') return text('channel')
  return text('url')
}
