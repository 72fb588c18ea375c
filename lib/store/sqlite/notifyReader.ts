import { labelMatcher } from '../../contract'
import type { ChannelRow, NotificationState, NotifyReader, SilenceRow } from '../notify'
import { bytesOf, numberOf, numberOrNull, type Row, type Statements, textOf, textOrNull } from './statements'

/** Silences, channels and what was sent, for screens and for notifications. */
export function createNotifyReader(statements: Statements): NotifyReader {
  const silenceColumns = 'id, matchers, author, reason, starts_ms, ends_ms, created_ms, updated_ms'
  const channelColumns = 'id, name, document, sealed, created_ms, updated_ms'
  return {
    silences: async (endsAfterMs) =>
      statements
        .raw(`SELECT ${silenceColumns} FROM silence WHERE ends_ms > ? ORDER BY ends_ms DESC, id`)
        .all(endsAfterMs)
        .flatMap(silenceOf),
    async silence(id) {
      const row = statements.raw(`SELECT ${silenceColumns} FROM silence WHERE id = ?`).get(id)
      return row === undefined ? null : (silenceOf(row)[0] ?? null)
    },
    channels: async () => statements.raw(`SELECT ${channelColumns} FROM channel ORDER BY name`).all().map(channelOf),
    async channel(id) {
      const row = statements.raw(`SELECT ${channelColumns} FROM channel WHERE id = ?`).get(id)
      return row === undefined ? null : channelOf(row)
    },
    channelHealth: async () =>
      statements
        .raw('SELECT channel_id, failures, last_sent_ms, last_error_ms, last_error, next_try_ms FROM channel_health')
        .all()
        .map((row) => ({
          channelId: textOf(row[0]),
          failures: numberOf(row[1]),
          lastSentMs: numberOrNull(row[2]),
          lastErrorMs: numberOrNull(row[3]),
          lastError: textOrNull(row[4]),
          nextTryMs: numberOrNull(row[5]),
        })),
    outboxCounts: async () =>
      statements
        .raw(
          `SELECT channel_id, sum(state = 'waiting'), sum(state = 'failed') FROM notification
           WHERE state IN ('waiting', 'failed') GROUP BY channel_id`,
        )
        .all()
        .map((row) => ({ channelId: textOf(row[0]), waiting: numberOf(row[1]), failed: numberOf(row[2]) })),
    async notifiedOf(alertIds) {
      const newest = statements.raw(
        `SELECT sent.channel_id, coalesce(sent.ended_ms, sent.created_ms), sent.state, max(sent.id)
         FROM notification_alert AS about JOIN notification AS sent ON sent.id = about.notification_id
         WHERE about.alert_id = ? GROUP BY sent.channel_id`,
      )
      return alertIds.flatMap((alertId) =>
        newest.all(alertId).map((row) => ({
          alertId,
          channelId: textOf(row[0]),
          atMs: numberOf(row[1]),
          state: stateOf(textOf(row[2])),
        })),
      )
    },
    async notifyState() {
      const row = statements.raw('SELECT cursor, revision FROM notify_state').get()
      return { cursor: numberOf(row?.[0] ?? 0), revision: numberOf(row?.[1] ?? 0) }
    },
  }
}

/** None when another build let matchers through that this one cannot use: without them it would match everything. */
function silenceOf(row: Row): SilenceRow[] {
  const matchers = labelMatcher
    .array()
    .min(1)
    .safeParse(JSON.parse(textOf(row[1])))
  if (!matchers.success) return []
  return [
    {
      id: textOf(row[0]),
      matchers: matchers.data,
      author: textOf(row[2]),
      reason: textOf(row[3]),
      startsMs: numberOf(row[4]),
      endsMs: numberOf(row[5]),
      createdMs: numberOf(row[6]),
      updatedMs: numberOf(row[7]),
    },
  ]
}

function channelOf(row: Row): ChannelRow {
  const document: unknown = JSON.parse(textOf(row[2]))
  return {
    id: textOf(row[0]),
    name: textOf(row[1]),
    document,
    sealed: bytesOf(row[3]),
    createdMs: numberOf(row[4]),
    updatedMs: numberOf(row[5]),
  }
}

function stateOf(word: string): NotificationState {
  if (word === 'waiting' || word === 'sent' || word === 'failed') return word
  throw new TypeError(`no state of a notification: ${word}`)
}
