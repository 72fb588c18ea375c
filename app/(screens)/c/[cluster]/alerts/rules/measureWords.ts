import type { AlertMeasure, AlertRule, AlertStateName } from '../../../../../../lib/contract'
import { formatDuration, formatMetric } from '../../../../../_client/format'

/** Rules in words. Pure. */

export const stateWords: Readonly<Record<AlertStateName, string>> = {
  'leader-changes': 'Changes of leader',
  'unplanned-leader-changes': 'Changes of leader without a plan or a restart',
  'failures-tolerated': 'Member failures that quorum still tolerates',
  'applied-lag': 'Raft entries behind the furthest member',
  alarm: 'Alarm raised by a member',
  'hash-divergence': 'Member whose data differs from the others',
  'quota-hours-left': 'Hours until the database reaches its quota',
  'certificate-days-left': 'Days until a certificate ends',
  'writer-share': 'Share of all bytes that one manager writes',
  'recording-lag-seconds': 'Age of the oldest revision not yet recorded',
  'gap-revisions': 'Revisions lost in gaps of the record',
  'source-reachable': 'Cluster answers the collector',
  'workload-unconverged-seconds': 'Time since a workload was last as desired',
  'rollout-failed': 'Rollout that failed',
  'node-not-ready': 'Node that is not ready',
  'secret-age-days': 'Days since a Secret changed',
  'outside-writes': 'Writes that did not come through the apiserver',
  'rbac-widened': 'Changes that let a subject do more',
}

export function measureWords(measure: AlertMeasure, expression: string): string {
  switch (measure.kind) {
    case 'state':
      return withWindow(stateWords[measure.state], measure.windowMs)
    case 'changes':
      return withWindow(`Changes${selected(measure.where)}`, measure.windowMs)
    case 'metric': {
      const across = measure.across === 'each' ? 'each member' : `${measure.across} of all members`
      const windowed = measure.agg === 'last' ? undefined : measure.windowMs
      return `${withWindow(`${measure.metric} ${measure.agg}`, windowed)}, ${across}`
    }
    case 'expression':
      return expression
  }
}

function withWindow(words: string, windowMs: number | undefined): string {
  return windowMs === undefined ? words : `${words} over ${formatDuration(windowMs)}`
}

function selected(where: Extract<AlertMeasure, { kind: 'changes' }>['where']): string {
  const parts = [
    where.resources === undefined ? '' : ` of ${where.resources.join(', ')}`,
    where.name === undefined ? '' : ` named ${where.name}`,
    where.namespaces === undefined ? '' : ` in ${where.namespaces.join(', ')}`,
    where.prefix === undefined ? '' : ` under ${where.prefix}`,
    where.path === undefined ? '' : ` in ${where.path}`,
    where.managers === undefined ? '' : ` by ${where.managers.join(', ')}`,
  ]
  return parts.join('')
}

/** A template as a reader meets it in a list: "‹member›: WAL fsync p99 is ‹value›". */
export function templateWords(template: string): string {
  return template.replace(/\{\{\s*(?:labels\.)?(\w+)\s*\}\}/g, '‹$1›')
}

/** "> 500 ms for 10 min (warning), > 1 s for 10 min (critical)" */
export function thresholdWords(rule: Pick<AlertRule, 'comparison' | 'thresholds' | 'unit'>): string {
  return rule.thresholds
    .map(({ severity, value, forMs }) => {
      const held = forMs === 0 ? '' : ` for ${formatDuration(forMs)}`
      return `${rule.comparison} ${formatMetric(value, rule.unit)}${held} (${severity})`
    })
    .join(', ')
}
