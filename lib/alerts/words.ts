import type { AlertExpression, AlertStateName, ChangeSelector } from '../contract'
import { durationText } from './durationText'
import { defaultStateWindowMs } from './needs'

/** What a measure says, in words, for what PromQL has none for. */

export function wordsOf(node: AlertExpression): string {
  switch (node.op) {
    case 'number':
      return String(node.value)
    case 'latest':
      return node.metric + matchers(node.where)
    case 'window':
      return `${node.fn} of ${node.metric}${matchers(node.where)} over ${durationText(node.windowMs)}`
    case 'quantile':
      return `p${node.quantile * 100} of ${node.metric}${matchers(node.where)} over ${durationText(node.windowMs)}`
    case 'changes':
      return changesWords(node)
    case 'state':
      return stateWords(node.state, node.windowMs)
    case 'aggregate': {
      const by = node.without === undefined ? (node.by ?? []) : []
      const apart = by.length > 0 ? ` by ${by.join(', ')}` : node.without ? ` without ${node.without.join(', ')}` : ''
      return `${node.fn}${apart} of (${wordsOf(node.of)})`
    }
    case 'arithmetic':
      return `(${wordsOf(node.left)}) ${signs[node.fn]} (${wordsOf(node.right)})`
    case 'compare':
      return `(${wordsOf(node.left)}) ${node.fn} (${wordsOf(node.right)})`
    default:
      return `(${wordsOf(node.left)}) ${node.op} (${wordsOf(node.right)})`
  }
}

const signs = { add: '+', subtract: '−', multiply: '×', divide: '÷' } as const

function matchers(where: readonly { name: string; op: string; value: string }[]): string {
  if (where.length === 0) return ''
  return ` where ${where.map(({ name, op, value }) => `${name} ${op} ${JSON.stringify(value)}`).join(' and ')}`
}

function changesWords({ where, by, windowMs }: Extract<AlertExpression, { op: 'changes' }>): string {
  const said = selectorWords(where)
  const each = by.length === 0 ? '' : `, for each ${by.join(', ')}`
  return `changes${said === '' ? '' : ` of ${said}`} within ${durationText(windowMs)}${each}`
}

function selectorWords(where: ChangeSelector): string {
  const parts = [
    where.resources?.join(' or '),
    where.name === undefined ? undefined : `named ${where.name}`,
    where.namespaces === undefined ? undefined : `in ${where.namespaces.join(' or ')}`,
    where.managers === undefined ? undefined : `by ${where.managers.join(' or ')}`,
    where.prefix === undefined ? undefined : `under ${where.prefix}`,
    where.ops === undefined ? undefined : `that ${where.ops.map((op) => `${op}s`).join(' or ')}`,
    where.significances === undefined ? undefined : `of ${where.significances.join(' or ')}`,
    where.path === undefined ? undefined : `at ${where.path}`,
    where.text === undefined ? undefined : `with ${JSON.stringify(where.text)} in key or summary`,
  ]
  return parts.filter((part) => part !== undefined).join(' ')
}

const states: Readonly<Record<AlertStateName, string>> = {
  'leader-changes': 'changes of leader, by terms',
  'unplanned-leader-changes': 'changes of leader that nobody asked for and no restart explains, by terms',
  'failures-tolerated': 'further member failures until quorum is lost',
  'applied-lag': 'raft entries behind the furthest member',
  alarm: 'raised alarms of a member',
  'hash-divergence': "1 for a member whose hash differs from the majority's",
  'quota-hours-left': 'hours until the database reaches its quota',
  'certificate-days-left': 'days until a certificate expires',
  'writer-share': 'share of one writer of all bytes written',
  'recording-lag-seconds': 'seconds that the record is behind',
  'gap-revisions': 'revisions that gaps have lost',
  'source-reachable': '1 while the cluster answers',
  'workload-unconverged-seconds': 'seconds since a workload is not what it should be',
  'rollout-failed': '1 while a rollout has failed',
  'node-not-ready': '1 while a Node is not ready',
  'secret-age-days': "days since a Secret's content changed",
  'outside-writes': 'writes to Kubernetes objects past the apiserver',
  'rbac-widened': 'changes after which a subject may do more',
}

/** Those that count over a window; the others hold at a moment. */
export const windowedStates: ReadonlySet<AlertStateName> = new Set([
  'leader-changes',
  'unplanned-leader-changes',
  'writer-share',
  'gap-revisions',
  'outside-writes',
  'rbac-widened',
])

function stateWords(state: AlertStateName, windowMs: number | undefined): string {
  const within = windowedStates.has(state) ? ` within ${durationText(windowMs ?? defaultStateWindowMs)}` : ''
  return states[state] + within
}
