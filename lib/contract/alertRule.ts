import { z } from 'zod'
import { alertMeasure, comparison } from './alertExpression'
import { clusterName, instantParam, time } from './common'
import { point } from './series'

/**
 * Rules of alerting: what is measured, when it counts as trouble, whom to tell. Filled by lib/alerts. A rule is data:
 * the live engine, the backtest and the export to Prometheus read the same one.
 */

export const severity = z.enum(['info', 'warning', 'critical'])
export type Severity = z.infer<typeof severity>

const forMs = z
  .number()
  .int()
  .min(0)
  .max(31 * 86_400_000)

export const ruleThreshold = z.object({
  severity,
  value: z.number(),
  forMs: forMs.default(0).describe('how long the comparison must hold before the alert fires'),
})

const text = z.string().max(4_000)
const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/, 'a label name')

export const ruleName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_ .:()%/-]{0,119}$/, 'a name that begins with a letter, at most 120 characters')

/** A rule as it is written: the body of POST and PUT, and of `alerts.rules` in the settings file. */
export const alertRuleInput = z.strictObject({
  name: ruleName,
  enabled: z.boolean().default(true),
  measure: alertMeasure,
  comparison,
  thresholds: z.array(ruleThreshold).min(1).max(3).describe('one a severity; the graver one is the farther one'),
  groupBy: z.array(labelName).max(10).default([]).describe('labels by which notifications are gathered into one'),
  clusters: z.array(clusterName).max(200).default([]).describe('empty: every cluster'),
  missingData: z
    .enum(['keep', 'resolve', 'fire'])
    .default('resolve')
    .describe('what a series that ends does to its alert; fire: missing data counts as trouble'),
  labels: z.record(labelName, text).default({}),
  annotations: z
    .record(labelName, text)
    .default({})
    .describe(
      'summary, description, …; {{ value }}, {{ threshold }}, {{ cluster }} and {{ labels.NAME }} are filled in',
    ),
  runbookUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .default(null),
})
export type AlertRuleInput = z.infer<typeof alertRuleInput>

export const alertRule = z.object({
  ...alertRuleInput.shape,
  id: z.string(),
  source: z.enum(['builtin', 'database', 'settings']),
  readOnly: z.boolean().describe('a rule of the settings file: change it there'),
  modified: z.boolean().describe('a built-in rule that was edited here; DELETE brings the original back'),
  unit: z.string().describe('of value and thresholds, as in the metric catalogue'),
  expression: z.string().describe('the measure in PromQL, or in words where PromQL cannot say it'),
  promql: z.boolean().describe('whether Prometheus can evaluate it'),
  state: z.enum(['inactive', 'pending', 'firing', 'disabled']).describe('the gravest of its alerts'),
  firing: z.number().int(),
  evaluatedAt: time.nullable(),
  error: z.string().nullable().describe('one sentence while it cannot be evaluated'),
  updatedAt: time.nullable(),
})
export type AlertRule = z.infer<typeof alertRule>

export const alertRulesQuery = z.object({
  cluster: clusterName.optional().describe('only rules that apply to it'),
  state: z.enum(['inactive', 'pending', 'firing', 'disabled']).optional(),
})

/** At most so many evaluations of one backtest: a month at one minute, with room. */
export const backtestPointsLimit = 100_000

export const backtestInput = z.strictObject({
  rule: z.union([ruleName, alertRuleInput]).describe('the name of a rule, or a whole rule'),
  cluster: clusterName,
  from: instantParam,
  to: instantParam.default('now'),
  intervalMs: z.number().int().min(1_000).max(86_400_000).default(60_000),
  series: z.boolean().default(false).describe('answer with the measured values too, to draw them'),
  thresholds: z.array(z.number()).max(12).default([]).describe('count the firings at these thresholds as well'),
})

export type BacktestInput = z.input<typeof backtestInput>

export const firing = z.object({
  labels: z.record(z.string(), z.string()).describe('of the measured series, with the severity and the rule’s labels'),
  severity,
  from: time.describe('when it would have fired: after the hold'),
  to: time.nullable().describe('when it would have resolved; null while it still fires at the end'),
  peak: z.number().nullable().describe('the value farthest beyond the threshold; null when data was missing'),
  activeFrom: time.describe('since when the condition held'),
})

export const backtestAnswer = z.object({
  firings: z.array(firing),
  from: time,
  to: time,
  intervalMs: z.number().int(),
  evaluations: z.number().int(),
  openMs: z.number().describe('time in which at least one alert fired'),
  longestMs: z.number(),
  unit: z.string(),
  series: z
    .array(z.object({ labels: z.record(z.string(), z.string()), points: z.array(point) }))
    .optional()
    .describe('at most 2,000 points each: of the evaluations between two points the one nearest to firing'),
  atThresholds: z.array(z.object({ value: z.number(), firings: z.number().int(), openMs: z.number() })),
  tookMs: z.number(),
})
export type Firing = z.infer<typeof firing>
export type BacktestAnswer = z.infer<typeof backtestAnswer>
