import { ScopeError } from '../../core/errors'
import type { NotificationRow, NotifyGroupRow, NotifyWriter } from '../notify'
import { announceToAll } from './announceToAll'
import type { OperatorParts } from './operatorParts'
import { numberOf, numberOrNull, type Row, textOf } from './statements'

/** Rows dropped in one transaction: bounds the time for which other writers wait. */
const droppedAtOnce = 500
/** Groups that one round looks at because their moment has come. */
const dueAtOnce = 500

/** The outbox, for the process that evaluates the rules. */
export function createNotifyWriter({ statements, pulses, write }: OperatorParts): Omit<NotifyWriter, 'close'> {
  const groupColumns = 'channel_id, group_key, due_ms, document'
  const among = 'channel_id IN (SELECT value FROM json_each(?))'
  const announce = () => announceToAll(statements, pulses)

  /** Health is upserted in parts: what an outcome does not say stays. */
  const health = (channelId: string) =>
    statements
      .run(`INSERT INTO channel_health (channel_id, failures) VALUES (?, 0) ON CONFLICT DO NOTHING`)
      .run(channelId)
  const endOf = (id: number, state: string, atMs: number, error: string | null) =>
    statements
      .run('UPDATE notification SET state = ?, attempts = attempts + 1, ended_ms = ?, error = ? WHERE id = ?')
      .run(state, atMs, error, id)

  return {
    dueGroups: async (channelIds, nowMs) =>
      statements
        .raw(
          `SELECT ${groupColumns} FROM notify_group WHERE due_ms <= ? AND ${among} ORDER BY due_ms LIMIT ${dueAtOnce}`,
        )
        .all(nowMs, JSON.stringify(channelIds))
        .map(groupOf),
    groupsOf: async (channelId) =>
      statements.raw(`SELECT ${groupColumns} FROM notify_group WHERE channel_id = ?`).all(channelId).map(groupOf),
    async group(channelId, groupKey) {
      const row = statements
        .raw(`SELECT ${groupColumns} FROM notify_group WHERE channel_id = ? AND group_key = ?`)
        .get(channelId, groupKey)
      return row === undefined ? null : groupOf(row)
    },
    nextDueMs: async (channelIds) =>
      numberOrNull(
        statements.raw(`SELECT min(due_ms) FROM notify_group WHERE ${among}`).get(JSON.stringify(channelIds))?.[0] ??
          null,
      ),

    commitPlan: async ({ ownership, fromCursor, cursor, groups, removedGroups, notifications }) =>
      write(() => {
        const owns = statements.big('SELECT 1 FROM alert_engine WHERE owner = ? AND token = ?')
        if (owns.get(ownership.owner, ownership.token) === undefined) throw foreign()
        const { changes } = statements
          .run('UPDATE notify_state SET cursor = ? WHERE cursor = ?')
          .run(cursor, fromCursor)
        if (changes !== 1) throw foreign()
        for (const { channelId, groupKey } of removedGroups) {
          statements.run('DELETE FROM notify_group WHERE channel_id = ? AND group_key = ?').run(channelId, groupKey)
        }
        for (const { channelId, groupKey, dueMs, document } of groups) {
          statements
            .run(`INSERT OR REPLACE INTO notify_group (${groupColumns}) VALUES (?, ?, ?, ?)`)
            .run(channelId, groupKey, dueMs, JSON.stringify(document))
        }
        for (const { channelId, groupKey, key, createdMs, document, alertIds } of notifications) {
          const { lastInsertRowid } = statements
            .run(
              `INSERT INTO notification (channel_id, group_key, key, state, attempts, created_ms, document)
               VALUES (?, ?, ?, 'waiting', 0, ?, ?)`,
            )
            .run(channelId, groupKey, key, createdMs, JSON.stringify(document))
          const about = statements.run('INSERT OR IGNORE INTO notification_alert VALUES (?, ?)')
          for (const alertId of alertIds) about.run(alertId, lastInsertRowid)
        }
        if (notifications.length > 0) announce()
      }),

    waiting: async (channelId, limit) =>
      statements
        .raw(
          `SELECT min(id), channel_id, group_key, key, attempts, created_ms, document FROM notification
           WHERE channel_id = ? AND state = 'waiting'
           GROUP BY group_key ORDER BY min(id) LIMIT ?`,
        )
        .all(channelId, limit)
        .map(notificationOf),
    async waitingGroups(channelId) {
      const rows = statements
        .raw(
          `SELECT group_key, count(*) FROM notification WHERE channel_id = ? AND state = 'waiting' GROUP BY group_key`,
        )
        .all(channelId)
      return {
        groups: new Set(rows.map((row) => textOf(row[0]))),
        notifications: rows.reduce((sum, row) => sum + numberOf(row[1]), 0),
      }
    },

    recordSent: async ({ id, channelId }, atMs) =>
      write(() => {
        endOf(id, 'sent', atMs, null)
        health(channelId)
        statements
          .run('UPDATE channel_health SET failures = 0, last_sent_ms = ?, next_try_ms = NULL WHERE channel_id = ?')
          .run(atMs, channelId)
        announce()
      }),
    recordFailure: async ({ id, channelId }, { atMs, error, giveUp, failures, nextTryMs }) =>
      write(() => {
        if (giveUp) endOf(id, 'failed', atMs, error)
        else statements.run('UPDATE notification SET attempts = attempts + 1, error = ? WHERE id = ?').run(error, id)
        health(channelId)
        statements
          .run(
            `UPDATE channel_health SET failures = ?, last_error_ms = ?, last_error = ?, next_try_ms = ?
             WHERE channel_id = ?`,
          )
          .run(failures, atMs, error, nextTryMs, channelId)
        announce()
      }),

    dropOtherChannels: async (channelIds) =>
      write(() => {
        const kept = JSON.stringify(channelIds)
        const gone = 'channel_id NOT IN (SELECT value FROM json_each(?))'
        statements
          .run(`DELETE FROM notification_alert WHERE notification_id IN (SELECT id FROM notification WHERE ${gone})`)
          .run(kept)
        for (const table of ['notification', 'notify_group', 'channel_health'] as const) {
          statements.run(`DELETE FROM ${table} WHERE ${gone}`).run(kept)
        }
      }),
    dropEnded: async ({ notificationsMs, repeatsMs, silencesMs }) =>
      write(() => {
        const ids = statements
          .raw(
            `SELECT id FROM notification WHERE ended_ms < ?
               OR ended_ms < ? AND state = 'sent' AND json_extract(document, '$.reason') = 'repeat'
             LIMIT ${droppedAtOnce}`,
          )
          .all(notificationsMs, repeatsMs)
        for (const [id] of ids) {
          statements.run('DELETE FROM notification_alert WHERE notification_id = ?').run(id)
          statements.run('DELETE FROM notification WHERE id = ?').run(id)
        }
        return ids.length + statements.run('DELETE FROM silence WHERE ends_ms < ?').run(silencesMs).changes
      }),
  }
}

function foreign(): ScopeError {
  return new ScopeError('NOT_OWNER', 'Another process sends the notifications now.')
}

function groupOf(row: Row): NotifyGroupRow {
  const document: unknown = JSON.parse(textOf(row[3]))
  return { channelId: textOf(row[0]), groupKey: textOf(row[1]), dueMs: numberOrNull(row[2] ?? null), document }
}

function notificationOf(row: Row): NotificationRow {
  const document: unknown = JSON.parse(textOf(row[6]))
  return {
    id: numberOf(row[0]),
    channelId: textOf(row[1]),
    groupKey: textOf(row[2]),
    key: textOf(row[3]),
    attempts: numberOf(row[4]),
    createdMs: numberOf(row[5]),
    document,
  }
}
