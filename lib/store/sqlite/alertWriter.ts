import { ScopeError } from '../../core/errors'
import type { AlertWriter } from '../alerts'
import { cellsOf, openAlertOfRow, selectOpen, upsertAlert } from './alertRows'
import type { OperatorParts } from './operatorParts'
import type { PulseWriter } from './pulses'
import { bigOf, numberOf, type Statements, textOf } from './statements'

/** Outbreaks dropped in one transaction: bounds the time for which other writers wait. */
const droppedAtOnce = 500

/** The engine's writes, each one transaction. */
export function createAlertWriter({ statements, pulses, clock, write }: OperatorParts): AlertWriter {
  const lease = statements.big('SELECT owner, token, expires_ms FROM alert_engine')

  const held = () => {
    const row = lease.get()
    if (row === undefined) throw new ScopeError('INTERNAL', 'The row of the alert engine is missing.')
    return { owner: textOf(row[0]), token: bigOf(row[1]), expiresMs: numberOf(row[2]) }
  }
  const check = (ownership: { owner: string; token: bigint }) => {
    const { owner, token } = held()
    if (owner === ownership.owner && token === ownership.token) return
    throw new ScopeError('NOT_OWNER', 'Another process evaluates the alert rules now.')
  }

  return {
    acquireAlerts: async (owner, ttlMs, isGone = () => false) =>
      write(() => {
        const nowMs = clock.nowMs()
        const last = held()
        const mine = last.owner === owner
        if (!mine && last.owner !== '' && last.expiresMs > nowMs && !isGone(last.owner)) return null
        const token = mine ? last.token : last.token + 1n
        statements.run('UPDATE alert_engine SET owner = ?, token = ?, expires_ms = ?').run(owner, token, nowMs + ttlMs)
        return { owner, token }
      }),
    releaseAlerts: async (ownership) =>
      void write(() =>
        statements
          .run(`UPDATE alert_engine SET owner = '', expires_ms = 0 WHERE owner = ? AND token = ?`)
          .run(ownership.owner, ownership.token),
      ),
    openAlerts: async () =>
      statements.big(`${selectOpen} ORDER BY alert.active_ms, alert.id`).all().map(openAlertOfRow),

    writeEvaluation: async (ownership, { alerts, transitions, faults }) =>
      write(() => {
        check(ownership)
        for (const alert of alerts) statements.run(upsertAlert).run(...cellsOf(alert))
        for (const { alertId, kind, atMs, value, summary } of transitions) {
          statements
            .run('INSERT INTO alert_transition (alert_id, kind, at_ms, value, summary) VALUES (?, ?, ?, ?, ?)')
            .run(alertId, kind, atMs, value, summary)
        }
        if (faults !== null) {
          statements.run('DELETE FROM alert_rule_fault').run()
          const insert = statements.run('INSERT INTO alert_rule_fault VALUES (?, ?, ?, ?)')
          for (const fault of faults) insert.run(fault.ruleId, fault.clusterId, fault.error, fault.sinceMs)
        }
        for (const clusterId of new Set(alerts.map((alert) => alert.cluster.id))) pulses.bump(clusterId, 'alerts')
      }),

    reportEngine: async (ownership, { evaluatedMs, error }) =>
      write(() => {
        check(ownership)
        statements.run('UPDATE alert_engine SET evaluated_ms = ?, error = ?').run(evaluatedMs, error)
      }),

    replaceSettingsRules: async (ownership, rules) =>
      write(() => {
        check(ownership)
        const before = JSON.stringify(
          statements.raw(`SELECT id, name, document FROM alert_rule WHERE source = 'settings' ORDER BY id`).all(),
        )
        const wanted = rules.map(({ id, name, document }) => [id, name, JSON.stringify(document)] as const)
        if (JSON.stringify(wanted.toSorted((a, b) => (a[0] < b[0] ? -1 : 1))) === before) return
        statements.run(`DELETE FROM alert_rule WHERE source = 'settings'`).run()
        const insert = statements.run(`INSERT INTO alert_rule VALUES (?, ?, 'settings', ?, ?)`)
        for (const [id, name, document] of wanted) insert.run(id, name, document, clock.nowMs())
        announceRules(statements, pulses)
      }),

    dropAlerts: async (ownership, { resolvedMs, cancelledMs }) =>
      write(() => {
        check(ownership)
        const ids = statements
          .raw(
            `SELECT id FROM alert WHERE phase = 'resolved' AND ends_ms < ? OR phase = 'cancelled' AND ends_ms < ?
             LIMIT ${droppedAtOnce}`,
          )
          .all(resolvedMs, cancelledMs)
        for (const [id] of ids) {
          for (const table of ['alert_transition', 'alert_acknowledgement'] as const) {
            statements.run(`DELETE FROM ${table} WHERE alert_id = ?`).run(id)
          }
          statements.run('DELETE FROM alert WHERE id = ?').run(id)
        }
        return ids.length
      }),
  }
}

/** Rules belong to no cluster; every screen that shows one must hear of it. */
export function announceRules(statements: Statements, pulses: PulseWriter): void {
  statements.run('UPDATE alert_engine SET rules_revision = rules_revision + 1').run()
  for (const [id] of statements.raw('SELECT id FROM cluster').all()) pulses.bump(numberOf(id), 'alerts')
}
