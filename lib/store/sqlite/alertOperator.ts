import { ScopeError } from '../../core/errors'
import type { AlertOperator } from '../alerts'
import { announceRules } from './alertWriter'
import type { OperatorParts } from './operatorParts'
import { numberOf } from './statements'

/** What people change of rules and alerts. Each is one transaction. */
export function createAlertOperator({ statements, pulses, clock, write }: OperatorParts): AlertOperator {
  return {
    saveAlertRule: async ({ id, name, source, document }) =>
      write(() => {
        const taken = statements.raw('SELECT 1 FROM alert_rule WHERE name = ? AND source = ? AND id <> ?')
        if (taken.get(name, source, id) !== undefined) {
          throw new ScopeError('BAD_REQUEST', `name is wrong: another rule is called ${JSON.stringify(name)}.`, {
            subject: 'name',
          })
        }
        statements
          .run('INSERT OR REPLACE INTO alert_rule (id, name, source, document, updated_ms) VALUES (?, ?, ?, ?, ?)')
          .run(id, name, source, JSON.stringify(document), clock.nowMs())
        announceRules(statements, pulses)
      }),
    deleteAlertRule: async (id) =>
      write(() => {
        const { changes } = statements.run(`DELETE FROM alert_rule WHERE id = ? AND source <> 'settings'`).run(id)
        if (changes > 0) announceRules(statements, pulses)
        return changes > 0
      }),
    acknowledgeAlert: async (alertId, { by, note }) =>
      write(() => {
        const row = statements.raw('SELECT cluster_id, value, summary FROM alert WHERE id = ?').get(alertId)
        if (row === undefined) return false
        const atMs = clock.nowMs()
        statements
          .run('INSERT OR REPLACE INTO alert_acknowledgement (alert_id, at_ms, by, note) VALUES (?, ?, ?, ?)')
          .run(alertId, atMs, by, note)
        statements
          .run(
            `INSERT INTO alert_transition (alert_id, kind, at_ms, value, summary, by, note)
             VALUES (?, 'acknowledged', ?, ?, ?, ?, ?)`,
          )
          .run(alertId, atMs, row[1], row[2], by, note)
        pulses.bump(numberOf(row[0]), 'alerts')
        return true
      }),
  }
}
