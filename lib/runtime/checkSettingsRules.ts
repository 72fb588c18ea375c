import { checkRule } from '../alerts/checkRule'
import type { Settings } from '../config/settings'
import { ScopeError } from '../core/errors'

/** Rejects with BAD_SETTING, naming place and field, when a rule of the settings file can mean nothing. */
export function checkSettingsRules({
  alerts,
  clusters,
  demo,
}: Pick<Settings, 'clusters' | 'demo'> & { alerts: Pick<Settings['alerts'], 'rules'> }): void {
  for (const { rule, at } of alerts.rules) {
    const unknown = rule.clusters.find((name) => !clusters.some((cluster) => cluster.name === name))
    if (unknown !== undefined && !demo) {
      throw badRule(at, `${at}.clusters names ${JSON.stringify(unknown)}, which is no cluster of this file.`)
    }
    try {
      checkRule(rule)
    } catch (error) {
      if (!(error instanceof ScopeError)) throw error
      throw badRule(at, `${at}.${error.message}`)
    }
  }
}

function badRule(at: string, sentence: string): ScopeError {
  return new ScopeError('BAD_SETTING', sentence, { subject: at })
}
