import { randomUUID } from 'node:crypto'
import type { AlertRule, AlertRuleInput, AnswerOf, InputOf } from '../../contract'
import { ScopeError } from '../../core/errors'
import { timeOf, timeOrNull } from '../../query/instant'
import { clusterOf, type Scope, type WriteScope } from '../../query/scope'
import { builtInRules } from '../builtin'
import { checkRule } from '../checkRule'
import { type EffectiveRule, effectiveRules } from '../effectiveRules'
import { appliesTo } from '../engine/ruleBook'
import { expressionOf } from '../expressionOf'
import { printMeasure } from '../promql'
import { unitOf } from '../unitOf'

/** Rules as screens and scripts see and change them. */

/** More are a mistake, and would make every answer slow. */
const rulesLimit = 2_000

export async function alertRules(scope: Scope, input: InputOf<'alertRules'>): Promise<AnswerOf<'alertRules'>> {
  const cluster = input.cluster === undefined ? null : await clusterOf(scope, input.cluster)
  const rules = await rulesInForce(scope)
  const items = await itemsOf(
    scope,
    rules.filter((one) => cluster === null || one.rule.clusters.length === 0 || appliesTo(one, cluster.name)),
    cluster?.id ?? null,
  )
  return { items: items.filter((item) => input.state === undefined || item.state === input.state), nextCursor: null }
}

export async function alertRule(scope: Scope, input: InputOf<'alertRule'>): Promise<AlertRule> {
  return itemOf(scope, await ruleOf(scope, input.id))
}

export async function createAlertRule(scope: WriteScope, input: InputOf<'createAlertRule'>): Promise<AlertRule> {
  const rules = await rulesInForce(scope)
  if (rules.length >= rulesLimit) throw badRule(`There are ${rules.length} rules, which is the limit.`, 'body')
  refuseUnfit(input.body, rules, null)
  await checkFor(scope, input.body)
  const id = `rule-${randomUUID()}`
  await scope.operator.saveAlertRule({ id, name: input.body.name, source: 'database', document: input.body })
  return itemOf(scope, await ruleOf(scope, id))
}

export async function changeAlertRule(scope: WriteScope, input: InputOf<'changeAlertRule'>): Promise<AlertRule> {
  const rule = await ruleOf(scope, input.id)
  refuseSettings(rule)
  refuseUnfit(input.body, await rulesInForce(scope), rule)
  if (rule.source === 'builtin' && input.body.name !== rule.rule.name) {
    throw badRule('name is wrong: a built-in rule keeps its name; create a rule of your own instead.', 'name')
  }
  await checkFor(scope, input.body)
  const { id } = rule
  const source = rule.source === 'builtin' ? 'builtin' : 'database'
  await scope.operator.saveAlertRule({ id, name: input.body.name, source, document: input.body })
  return itemOf(scope, await ruleOf(scope, id))
}

/** A built-in rule that was edited goes back to its original; any other is gone. */
export async function deleteAlertRule(
  scope: WriteScope,
  input: InputOf<'deleteAlertRule'>,
): Promise<AnswerOf<'deleteAlertRule'>> {
  const rule = await ruleOf(scope, input.id)
  refuseSettings(rule)
  await scope.operator.deleteAlertRule(rule.id)
  if (rule.source !== 'builtin') return { rule: null }
  return { rule: await itemOf(scope, await ruleOf(scope, rule.id)) }
}

export async function rulesInForce(scope: Scope): Promise<EffectiveRule[]> {
  return effectiveRules(builtInRules, await scope.reader.alertRules())
}

/** Of any cluster: what is recorded can be measured, also where no catalogue describes it. */
export async function recordedMetrics({ reader }: Scope): Promise<ReadonlySet<string>> {
  const names = await Promise.all((await reader.clusters()).map((cluster) => reader.metricNames(cluster)))
  return new Set(names.flat().map(({ metric }) => metric))
}

/** By id or by name. Rejects with NOT_FOUND. */
export async function ruleOf(scope: Scope, idOrName: string, subject = 'id'): Promise<EffectiveRule> {
  const rules = await rulesInForce(scope)
  const found = rules.find(({ id }) => id === idOrName) ?? rules.find(({ rule }) => rule.name === idOrName)
  if (found === undefined) throw new ScopeError('NOT_FOUND', 'There is no such rule.', { subject })
  return found
}

function refuseSettings({ source }: EffectiveRule): void {
  if (source !== 'settings') return
  throw new ScopeError('PERMISSION_DENIED', 'This rule stands in the settings file: change it there and restart.', {
    subject: 'id',
  })
}

function refuseUnfit(rule: AlertRuleInput, rules: readonly EffectiveRule[], itself: EffectiveRule | null): void {
  if (rules.some((other) => other.id !== itself?.id && other.rule.name === rule.name)) {
    throw badRule(`name is wrong: there is a rule called ${JSON.stringify(rule.name)} already.`, 'name')
  }
}

/** Rejects what the record cannot answer, naming the field. */
async function checkFor(scope: Scope, rule: AlertRuleInput): Promise<void> {
  const watched = new Set((await scope.reader.clusters()).map((cluster) => cluster.name))
  const unknown = rule.clusters.findIndex((name) => !watched.has(name))
  if (unknown >= 0) throw badRule('clusters is wrong: it names one that is not watched.', `clusters.${unknown}`)
  checkRule(rule, await recordedMetrics(scope))
}

function badRule(sentence: string, field: string): ScopeError {
  return new ScopeError('BAD_REQUEST', sentence, { subject: field })
}

async function itemOf(scope: Scope, rule: EffectiveRule): Promise<AlertRule> {
  const [item] = await itemsOf(scope, [rule], null)
  if (item === undefined) throw new ScopeError('INTERNAL', 'A rule has no answer.')
  return item
}

/** `clusterId` null: over all clusters. */
async function itemsOf(scope: Scope, rules: readonly EffectiveRule[], clusterId: number | null): Promise<AlertRule[]> {
  const { reader } = scope
  const [counts, faults, engine] = await Promise.all([reader.alertCounts(), reader.ruleFaults(), reader.alertEngine()])
  const here = (one: { clusterId: number }) => clusterId === null || one.clusterId === clusterId
  return rules.map((effective) => {
    const { rule } = effective
    const own = counts.filter((count) => count.ruleId === effective.id && here(count))
    const sum = (phase: 'pending' | 'firing') => own.reduce((total, count) => total + count[phase], 0)
    const used = rule.enabled && effective.unused === null
    const printed = printMeasure(rule)
    return {
      ...rule,
      id: effective.id,
      source: effective.source,
      readOnly: effective.source === 'settings',
      modified: effective.modified,
      unit: unitOf(expressionOf(rule.measure)),
      expression: printed.text,
      promql: printed.promql,
      state: !used ? 'disabled' : sum('firing') > 0 ? 'firing' : sum('pending') > 0 ? 'pending' : 'inactive',
      firing: sum('firing'),
      evaluatedAt: used && engine.evaluatedMs !== null ? timeOf(engine.evaluatedMs) : null,
      error:
        effective.unused ??
        (used ? (engine.error ?? faults.find((fault) => fault.ruleId === effective.id && here(fault))?.error) : null) ??
        null,
      updatedAt: timeOrNull(effective.updatedMs),
    }
  })
}
