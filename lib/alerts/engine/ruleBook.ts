import type { AlertRuleInput } from '../../contract'
import type { AlertReader, ClusterRef } from '../../store'
import { type EffectiveRule, effectiveRules } from '../effectiveRules'
import { expressionOf } from '../expressionOf'
import { needsOf } from '../needs'

/** The rules in force, read anew when one changed. */

/** `events`: what is measured are changes alone, so they are evaluated the moment one is stored. */
export type RuleGroup = 'events' | 'measures'

export class RuleBook {
  readonly #reader: Pick<AlertReader, 'alertRules' | 'alertEngine'>
  readonly #builtins: readonly AlertRuleInput[]
  #revision: number | null = null
  #rules: readonly EffectiveRule[] = []
  readonly #chosen = new Map<string, readonly EffectiveRule[]>()

  constructor(reader: Pick<AlertReader, 'alertRules' | 'alertEngine'>, builtins: readonly AlertRuleInput[]) {
    this.#reader = reader
    this.#builtins = builtins
  }

  /** Those of the group that apply to the cluster: the same list until a rule changes. */
  async rules(group: RuleGroup, cluster: ClusterRef): Promise<readonly EffectiveRule[]> {
    const { rulesRevision } = await this.#reader.alertEngine()
    if (rulesRevision !== this.#revision) {
      this.#rules = effectiveRules(this.#builtins, await this.#reader.alertRules())
      this.#revision = rulesRevision
      this.#chosen.clear()
    }
    const key = `${group} ${cluster.id}`
    const known = this.#chosen.get(key)
    if (known !== undefined) return known
    const chosen = this.#rules.filter((one) => appliesTo(one, cluster.name) && groupOf(one.rule) === group)
    this.#chosen.set(key, chosen)
    return chosen
  }
}

export function appliesTo({ rule, unused }: EffectiveRule, cluster: string): boolean {
  return rule.enabled && unused === null && (rule.clusters.length === 0 || rule.clusters.includes(cluster))
}

export function groupOf(rule: AlertRuleInput): RuleGroup {
  const { metrics, states, changes } = needsOf([expressionOf(rule.measure)])
  return changes.length > 0 && metrics.size === 0 && states.length === 0 ? 'events' : 'measures'
}
