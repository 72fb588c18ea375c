import type { AlertMeasure, AlertRule, AlertRuleInput, Severity } from '../../../../../../lib/contract'

/** A rule while it is written. Pure. */

const WINDOW_MS = 300_000

export const newRule: AlertRuleInput = {
  name: '',
  enabled: true,
  measure: emptyMeasure('metric'),
  comparison: '>',
  thresholds: [{ severity: 'warning', value: 0.5, forMs: 600_000 }],
  groupBy: [],
  clusters: [],
  missingData: 'resolve',
  labels: {},
  annotations: {},
  runbookUrl: null,
}

export function emptyMeasure(kind: AlertMeasure['kind']): AlertMeasure {
  switch (kind) {
    case 'metric':
      return {
        kind,
        metric: 'etcd_disk_wal_fsync_duration_seconds',
        where: [],
        agg: 'p99',
        windowMs: WINDOW_MS,
        across: 'each',
      }
    case 'changes':
      return { kind, where: { resources: ['configmaps'] }, windowMs: 60_000, by: [] }
    case 'state':
      return { kind, state: 'unplanned-leader-changes', windowMs: 900_000 }
    case 'expression':
      return { kind, expression: { op: 'latest', metric: 'up', where: [] } }
  }
}

/** What can be written of a stored rule; the rest of it is the server's. */
export function draftOf(rule: AlertRule): AlertRuleInput {
  const { name, enabled, measure, comparison, thresholds, groupBy, clusters, missingData } = rule
  const { labels, annotations, runbookUrl } = rule
  return {
    name,
    enabled,
    measure,
    comparison,
    thresholds,
    groupBy,
    clusters,
    missingData,
    labels,
    annotations,
    runbookUrl,
  }
}

export const isSame = (a: AlertRuleInput, b: AlertRuleInput) => JSON.stringify(a) === JSON.stringify(b)

const severities: readonly Severity[] = ['warning', 'critical', 'info']

/** The severity that a further threshold would have; null when each has one. */
export function freeSeverity(draft: AlertRuleInput): Severity | null {
  return severities.find((one) => draft.thresholds.every(({ severity }) => severity !== one)) ?? null
}

/** `a, b` as a list; an empty text is no list. */
export function listOf(text: string): string[] | undefined {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  return items.length === 0 ? undefined : items
}

/** `name=value` a line; lines without a sign are kept as a name without a value, so that typing loses nothing. */
export function pairsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [name, ...rest] = line.split('=')
      return name === undefined || name.trim() === '' ? [] : [[name.trim(), rest.join('=').trim()]]
    }),
  )
}

export const pairsText = (pairs: Readonly<Record<string, string>>) =>
  Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
