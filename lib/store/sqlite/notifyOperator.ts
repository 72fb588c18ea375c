import { ScopeError } from '../../core/errors'
import type { NotifyOperator } from '../notify'
import { announceToAll } from './announceToAll'
import type { OperatorParts } from './operatorParts'

/** What people change of silences and channels. */
export function createNotifyOperator({ statements, pulses, write }: OperatorParts): NotifyOperator {
  const announce = () => {
    statements.run('UPDATE notify_state SET revision = revision + 1').run()
    announceToAll(statements, pulses)
  }
  return {
    saveSilence: async ({ id, matchers, author, reason, startsMs, endsMs, createdMs, updatedMs }) =>
      write(() => {
        statements
          .run('INSERT OR REPLACE INTO silence VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
          .run(id, JSON.stringify(matchers), author, reason, startsMs, endsMs, createdMs, updatedMs)
        announce()
      }),
    deleteSilence: async (id) =>
      write(() => {
        const { changes } = statements.run('DELETE FROM silence WHERE id = ?').run(id)
        if (changes > 0) announce()
        return changes > 0
      }),
    saveChannel: async ({ id, name, document, sealed, createdMs, updatedMs }) =>
      write(() => {
        if (statements.raw('SELECT 1 FROM channel WHERE name = ? AND id <> ?').get(name, id) !== undefined) {
          throw new ScopeError('BAD_REQUEST', `name is wrong: another channel is called ${JSON.stringify(name)}.`, {
            subject: 'name',
          })
        }
        statements
          .run('INSERT OR REPLACE INTO channel VALUES (?, ?, ?, ?, ?, ?)')
          .run(id, name, JSON.stringify(document), sealed, createdMs, updatedMs)
        statements.run('UPDATE channel_health SET next_try_ms = NULL WHERE channel_id = ?').run(id)
        announce()
      }),
    deleteChannel: async (id) =>
      write(() => {
        const { changes } = statements.run('DELETE FROM channel WHERE id = ?').run(id)
        if (changes > 0) announce()
        return changes > 0
      }),
    recordChannelTest: async (channelId, { atMs, error }) =>
      write(() => {
        const into = 'INSERT INTO channel_health (channel_id, failures, last_sent_ms, last_error_ms, last_error)'
        if (error === null) {
          statements
            .run(
              `${into} VALUES (?, 0, ?, NULL, NULL)
               ON CONFLICT DO UPDATE SET failures = 0, last_sent_ms = excluded.last_sent_ms, next_try_ms = NULL`,
            )
            .run(channelId, atMs)
        } else {
          statements
            .run(
              `${into} VALUES (?, 1, NULL, ?, ?) ON CONFLICT DO UPDATE SET failures = failures + 1,
               last_error_ms = excluded.last_error_ms, last_error = excluded.last_error`,
            )
            .run(channelId, atMs, error)
        }
        announceToAll(statements, pulses)
      }),
  }
}
