import { describe, expect, it } from 'vitest'
import { type AlertRuleInput, alertRuleInput } from '../../../lib/contract'
import { checkSettingsRules } from '../../../lib/runtime/checkSettingsRules'

const settings = (given: Record<string, unknown>) => {
  const rule: AlertRuleInput = alertRuleInput.parse({
    name: 'A',
    measure: { kind: 'state', state: 'alarm' },
    comparison: '>',
    thresholds: [{ severity: 'info', value: 0 }],
    ...given,
  })
  return { alerts: { rules: [{ rule, at: 'scope.yaml line 7 column 7, alerts.rules[0]' }] } }
}
const around = { clusters: [], demo: false }

describe('rules of the settings file', () => {
  it('that can be evaluated are taken', () => {
    expect(() => checkSettingsRules({ ...around, ...settings({}) })).not.toThrow()
  })

  it.each([
    ['of an unknown metric', { measure: { kind: 'metric', metric: 'nothing', agg: 'last' } }, 'measure.metric'],
    ['for an unknown cluster', { clusters: ['nowhere'] }, 'clusters names "nowhere"'],
    ['with an unknown place in a text', { annotations: { summary: '{{ colour }}' } }, 'annotations.summary'],
  ])('%s stop the start with one sentence that names file, line and field', (_what, given, field) => {
    const check = () => checkSettingsRules({ ...around, ...settings(given) })
    expect(check).toThrow(`scope.yaml line 7 column 7, alerts.rules[0].${field}`)
    expect(check).toThrow(expect.objectContaining({ code: 'BAD_SETTING' }))
  })
})
