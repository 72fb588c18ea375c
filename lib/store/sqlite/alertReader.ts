import type { AlertFilter, AlertReader, AlertRuleRow } from '../alerts'
import { alertOfRow, selectAlerts, selectTransitions, transitionOfRow } from './alertRows'
import { numberOf, numberOrNull, type Statements, textOf, textOrNull } from './statements'

/** Alerts, their history and the rules, for screens and for notifications. */
export function createAlertReader(statements: Statements): AlertReader {
  return {
    async alerts(filter, { limit, after }) {
      const { where, values } = filterOf(filter)
      if (after !== null) {
        where.push('(alert.active_ms, alert.id) < (?, ?)')
        values.push(after.activeMs, after.id)
      }
      return statements
        .big(`${selectAlerts} ${whereOf(where)} ORDER BY alert.active_ms DESC, alert.id DESC LIMIT ?`)
        .all(...values, limit)
        .map(alertOfRow)
    },
    async alert(id) {
      const row = statements.big(`${selectAlerts} WHERE alert.id = ?`).get(id)
      return row === undefined ? null : alertOfRow(row)
    },
    async alertCounts() {
      return statements
        .raw(
          `SELECT rule_id, cluster_id, sum(phase = 'pending'), sum(phase = 'firing') FROM alert
           WHERE phase IN ('pending', 'firing') GROUP BY rule_id, cluster_id`,
        )
        .all()
        .map((row) => ({
          ruleId: textOf(row[0]),
          clusterId: numberOf(row[1]),
          pending: numberOf(row[2]),
          firing: numberOf(row[3]),
        }))
    },
    async alertHistory({ clusterId, rule, alertId }, { limit, beforeSeq }) {
      const { where, values } = filterOf({
        ...(clusterId === undefined ? {} : { clusterId }),
        ...(rule === undefined ? {} : { rule }),
      })
      if (alertId !== undefined) {
        where.push('step.alert_id = ?')
        values.push(alertId)
      }
      if (beforeSeq !== null) {
        where.push('step.seq < ?')
        values.push(beforeSeq)
      }
      return statements
        .big(`${selectTransitions} ${whereOf(where)} ORDER BY step.seq DESC LIMIT ?`)
        .all(...values, limit)
        .map(transitionOfRow)
    },
    transitionsAfter: async (seq, limit) =>
      statements
        .big(`${selectTransitions} WHERE step.seq > ? ORDER BY step.seq LIMIT ?`)
        .all(seq, limit)
        .map(transitionOfRow),
    async alertRules() {
      return statements
        .raw('SELECT id, name, source, document, updated_ms FROM alert_rule ORDER BY name, source')
        .all()
        .flatMap((row) => {
          const source = sources.find((known) => known === row[2])
          if (source === undefined) return []
          const document: unknown = JSON.parse(textOf(row[3]))
          return [{ id: textOf(row[0]), name: textOf(row[1]), source, document, updatedMs: numberOf(row[4]) }]
        })
    },
    async alertEngine() {
      const row = statements.raw('SELECT owner, rules_revision, evaluated_ms, error FROM alert_engine').get()
      if (row === undefined) return { owner: null, rulesRevision: 0, evaluatedMs: null, error: null }
      return {
        owner: textOf(row[0]) || null,
        rulesRevision: numberOf(row[1]),
        evaluatedMs: numberOrNull(row[2]),
        error: textOrNull(row[3]),
      }
    },
    async ruleFaults() {
      return statements
        .raw('SELECT rule_id, cluster_id, error, since_ms FROM alert_rule_fault')
        .all()
        .map((row) => ({
          ruleId: textOf(row[0]),
          clusterId: numberOf(row[1]),
          error: textOf(row[2]),
          sinceMs: numberOf(row[3]),
        }))
    },
  }
}

const sources: readonly AlertRuleRow['source'][] = ['builtin', 'database', 'settings']

function filterOf({ phases, clusterId, rule, severity }: AlertFilter): { where: string[]; values: unknown[] } {
  const where: string[] = []
  const values: unknown[] = []
  if (phases !== undefined) {
    where.push(`alert.phase IN (${phases.map(() => '?').join(', ')})`)
    values.push(...phases)
  }
  for (const [column, value] of [
    ['cluster_id', clusterId],
    ['rule', rule],
    ['severity', severity],
  ] as const) {
    if (value === undefined) continue
    where.push(`alert.${column} = ?`)
    values.push(value)
  }
  return { where, values }
}

function whereOf(where: readonly string[]): string {
  return where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`
}
