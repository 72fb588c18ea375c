import { z } from 'zod'
import { labelMatcher } from './alertExpression'
import { severity } from './alertRule'
import { time } from './common'

/**
 * Channels: where notifications go. Sent by lib/alerts/notify through the outbox. Secrets go in and never come out:
 * an answer holds `secretSet` instead, and a PUT without the secret keeps the stored one.
 */

const target = z
  .url({ protocol: /^https?$/, error: 'give a URL that begins with http:// or https://' })
  .max(2_000)
  .describe('checked before each use: private and link-local addresses are refused unless the settings allow them')
const secret = z.string().min(1).max(4_000).optional()

export const channelTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('webhook'), url: target, secret: secret.describe('key of the HMAC signature') }),
  z.strictObject({ kind: z.literal('alertmanager'), url: target, bearerToken: secret }),
  z.strictObject({
    kind: z.literal('slack'),
    url: target.optional().describe('the incoming webhook; a secret'),
    channel: z.string().max(100).optional(),
  }),
  z.strictObject({ kind: z.literal('pagerduty'), routingKey: secret, url: target.optional() }),
  z.strictObject({
    kind: z.literal('email'),
    host: z.string('give the name of a mail server').min(1, 'give the name of a mail server').max(253),
    port: z.number().int().min(1).max(65_535).default(587),
    tls: z.enum(['starttls', 'implicit', 'none']).default('starttls'),
    from: z.email('give an address'),
    to: z.array(z.email('each must be an address'), 'give an address').min(1, 'give an address').max(50),
    user: z.string().max(200).optional(),
    password: secret,
  }),
])
export type ChannelTarget = z.infer<typeof channelTarget>

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM')
export const quietHours = z.object({
  days: z.array(z.number().int().min(0).max(6)).max(7).default([]).describe('0 is Sunday; empty: every day'),
  from: clockTime,
  to: clockTime,
  timeZone: z.string().max(60).default('UTC').refine(isTimeZone, 'a time zone such as Europe/Berlin'),
  exceptCritical: z.boolean().default(true),
})

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}

export const channelInput = z.strictObject({
  name: z.string().trim().min(1, 'give a name').max(120),
  enabled: z.boolean().default(true),
  target: channelTarget,
  matchers: z.array(labelMatcher).max(20).default([]).describe('which alerts it gets; empty: all'),
  minSeverity: severity.default('warning'),
  groupBy: z.array(z.string().max(100)).max(10).default([]).describe('beside what the rule groups by'),
  groupWaitMs: z.number().int().min(0).max(3_600_000).default(0),
  groupIntervalMs: z.number().int().min(0).max(86_400_000).default(300_000),
  repeatIntervalMs: z.number().int().min(60_000).max(2_592_000_000).default(14_400_000),
  sendResolved: z.boolean().default(true),
  quietHours: z.array(quietHours).max(10).default([]),
  template: z
    .object({ title: z.string().max(1_000).optional(), body: z.string().max(8_000).optional() })
    .default({})
    .describe('as the annotations of a rule'),
})
export type ChannelInput = z.infer<typeof channelInput>

export const channel = z.object({
  ...channelInput.shape,
  id: z.string(),
  source: z.enum(['database', 'settings']),
  readOnly: z.boolean(),
  target: z.looseObject({ kind: z.enum(['webhook', 'alertmanager', 'slack', 'pagerduty', 'email']) }),
  secretSet: z.boolean(),
  health: z.object({
    state: z.enum(['unknown', 'ok', 'failing']),
    lastSentAt: time.nullable(),
    lastErrorAt: time.nullable(),
    lastError: z.string().nullable(),
    waiting: z.number().int().describe('notifications in the outbox'),
    failed: z.number().int().describe('notifications given up within the last week'),
    nextTryAt: time.nullable(),
  }),
  createdAt: time.nullable().describe('null for a channel of the settings file'),
  updatedAt: time.nullable(),
})
export type Channel = z.infer<typeof channel>

/** Ids of channels of the settings file: their name, which is unique there. */
export function settingsChannelId(name: string): string {
  return `settings-${name}`
}

/** The name again; an id of another kind is its own name. */
export function settingsChannelName(id: string): string {
  return id.replace(/^settings-/, '')
}

export const channelTestAnswer = z.object({
  ok: z.boolean(),
  status: z.number().int().nullable().describe('HTTP status or SMTP code of the receiver'),
  detail: z.string(),
  tookMs: z.number(),
})
