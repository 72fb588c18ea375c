import { z } from 'zod'
import { regexFault } from '../core/linearRegex'

/**
 * What a rule measures, written as data. One small language expresses every built-in rule: values with labels, as
 * Prometheus has them, and beside metrics also events of the record and states that etcdscope knows. Every node is
 * evaluated at one moment and gives a list of (labels, value).
 */

const duration = z
  .number()
  .int()
  .min(1_000)
  .max(31 * 86_400_000)
  .describe('milliseconds, one second to 31 days')
const metricName = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/, 'a metric name')
const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/, 'a label name')

/** As in Prometheus: `=~` and `!~` match the whole value. */
export const labelMatcher = z
  .object({
    name: labelName,
    op: z.enum(['=', '!=', '=~', '!~']).default('='),
    value: z.string().max(1_000),
  })
  .check(({ value: { op, value }, issues }) => {
    const fault = op === '=~' || op === '!~' ? regexFault(value) : null
    if (fault === null) return
    issues.push({
      code: 'custom',
      path: ['value'],
      input: value,
      message: `the regular expression cannot be used: ${fault}`,
    })
  })
export type LabelMatcher = z.infer<typeof labelMatcher>

const where = z.array(labelMatcher).max(20).default([])

export const windowFunction = z.enum([
  'rate',
  'increase',
  'delta',
  'deriv',
  'avg',
  'min',
  'max',
  'sum',
  'count',
  'last',
  'predict-linear',
])
export type WindowFunction = z.infer<typeof windowFunction>

/** Which changes of the record count; a list means any of these, and a missing one means all. */
export const changeSelector = z.object({
  resources: z.array(z.string().min(1).max(200)).max(50).optional(),
  namespaces: z.array(z.string().min(1).max(200)).max(50).optional(),
  name: z.string().min(1).max(300).optional(),
  managers: z.array(z.string().min(1).max(200)).max(50).optional(),
  prefix: z.string().min(1).max(2_000).optional().describe('of the key'),
  ops: z
    .array(z.enum(['create', 'update', 'delete']))
    .max(3)
    .optional(),
  significances: z
    .array(z.enum(['spec', 'status', 'metadata', 'heartbeat', 'none']))
    .max(5)
    .optional(),
  text: z.string().min(1).max(200).optional().describe('part of the key or of the summary'),
  path: z.string().min(1).max(300).optional().describe('a field that changed, as the diff names it: spec.replicas'),
})
export type ChangeSelector = z.infer<typeof changeSelector>

/** One value for each of these; without any, one for all changes together. */
export const changeGroup = z.enum(['resource', 'namespace', 'name', 'manager', 'key'])
const changeGroups = z.array(changeGroup).max(5).default([])

/** States that the record holds beside metrics. Each gives one value a subject, with the labels named here. */
export const alertState = z.enum([
  'leader-changes', // changes of leader within the window; labels: none
  'unplanned-leader-changes', // of these the ones that nobody asked for and no member restart explains
  'failures-tolerated', // further member failures until quorum is lost
  'applied-lag', // entries behind the furthest member; labels: member
  'alarm', // 1 for each raised alarm; labels: member, type
  'hash-divergence', // 1 for a member whose hash differs from the majority's; labels: member
  'quota-hours-left', // hours until the database reaches its quota; labels: prefix
  'certificate-days-left', // labels: endpoint
  'writer-share', // 0 to 1, of all bytes written within the window; labels: manager
  'recording-lag-seconds', // age of the oldest revision that is not yet stored
  'gap-revisions', // revisions that gaps found within the window have lost
  'source-reachable', // 1 while the cluster answers the collector, 0 while it does not
  'workload-unconverged-seconds', // labels: kind, namespace, name
  'rollout-failed', // 1 while a rollout has failed; labels: kind, namespace, name
  'node-not-ready', // 1 while a Node is not ready; labels: name
  'secret-age-days', // since a Secret's content changed; labels: namespace, name
  'outside-writes', // writes to Kubernetes objects that did not come from the apiserver, within the window
  'rbac-widened', // changes within the window after which a subject may do more; labels: kind, namespace, name
])
export type AlertStateName = z.infer<typeof alertState>

export const aggregateFunction = z.enum(['sum', 'min', 'max', 'avg', 'count'])
export const comparison = z.enum(['>', '>=', '<', '<=', '==', '!='])
export type Comparison = z.infer<typeof comparison>

const labelList = z.array(labelName).max(20)
/** Deeper trees are a mistake, and would let one rule cost any amount of time. */
export const expressionDepthLimit = 12

export type AlertExpression =
  | { op: 'number'; value: number }
  | { op: 'latest'; metric: string; where: LabelMatcher[] }
  | {
      op: 'window'
      fn: WindowFunction
      metric: string
      where: LabelMatcher[]
      windowMs: number
      aheadMs?: number | undefined
    }
  | {
      op: 'quantile'
      quantile: number
      metric: string
      where: LabelMatcher[]
      windowMs: number
      by?: string[] | undefined
    }
  | {
      op: 'aggregate'
      fn: z.infer<typeof aggregateFunction>
      by?: string[] | undefined
      without?: string[] | undefined
      of: AlertExpression
    }
  | {
      op: 'arithmetic'
      fn: 'add' | 'subtract' | 'multiply' | 'divide'
      left: AlertExpression
      right: AlertExpression
      on?: string[] | undefined
    }
  | {
      op: 'compare'
      fn: Comparison
      left: AlertExpression
      right: AlertExpression
      bool: boolean
      on?: string[] | undefined
    }
  | { op: 'and' | 'or' | 'unless'; left: AlertExpression; right: AlertExpression; on?: string[] | undefined }
  | { op: 'changes'; where: ChangeSelector; by: z.infer<typeof changeGroup>[]; windowMs: number }
  | { op: 'state'; state: AlertStateName; windowMs?: number | undefined }

export const alertExpression: z.ZodType<AlertExpression> = z.lazy(() => expressionNode)

const binary = { left: alertExpression, right: alertExpression, on: labelList.optional() }
const expressionNode = z.discriminatedUnion('op', [
  z.object({ op: z.literal('number'), value: z.number() }),
  z.object({ op: z.literal('latest'), metric: metricName, where }),
  z.object({
    op: z.literal('window'),
    fn: windowFunction,
    metric: metricName,
    where,
    windowMs: duration,
    aheadMs: duration.optional().describe('of predict-linear: how far ahead'),
  }),
  z.object({
    op: z.literal('quantile'),
    quantile: z.number().min(0).max(1),
    metric: metricName.describe('of a histogram, without _bucket'),
    where,
    windowMs: duration,
    by: labelList.optional().describe('buckets are summed by these labels first; default: each series'),
  }),
  z.object({
    op: z.literal('aggregate'),
    fn: aggregateFunction,
    by: labelList.optional(),
    without: labelList.optional(),
    of: alertExpression,
  }),
  z.object({ op: z.literal('arithmetic'), fn: z.enum(['add', 'subtract', 'multiply', 'divide']), ...binary }),
  z.object({
    op: z.literal('compare'),
    fn: comparison,
    bool: z.boolean().default(false).describe('1 or 0 instead of leaving out what does not hold'),
    ...binary,
  }),
  z.object({ op: z.enum(['and', 'or', 'unless']), ...binary }),
  z.object({ op: z.literal('changes'), where: changeSelector, by: changeGroups, windowMs: duration }),
  z.object({ op: z.literal('state'), state: alertState, windowMs: duration.optional() }),
])

/** What the editor offers: a metric, an event or a state; anything else is an expression. */
export const alertMeasure = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('metric'),
    metric: metricName,
    where,
    agg: z.enum(['last', 'avg', 'min', 'max', 'rate', 'increase', 'delta', 'p50', 'p90', 'p99']),
    windowMs: duration.default(300_000),
    across: z
      .enum(['each', 'sum', 'min', 'max', 'avg'])
      .default('each')
      .describe('each: one alert a member; otherwise one for the cluster'),
    by: labelList.optional().describe('labels that stay apart when aggregating across members'),
  }),
  z.object({
    kind: z.literal('changes'),
    where: changeSelector,
    by: changeGroups,
    windowMs: duration.default(60_000),
  }),
  z.object({ kind: z.literal('state'), state: alertState, windowMs: duration.optional() }),
  z.object({ kind: z.literal('expression'), expression: alertExpression }),
])
export type AlertMeasure = z.infer<typeof alertMeasure>
