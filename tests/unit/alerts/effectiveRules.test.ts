import { describe, expect, it } from 'vitest'
import { effectiveRules } from '../../../lib/alerts/effectiveRules'
import { rememberedState } from '../../../lib/alerts/engine/outcome'
import type { AlertInput, AlertRuleRow } from '../../../lib/store'
import { rule } from './engineHarness'

const builtins = [rule({ name: 'A' }), rule({ name: 'B' })]
const row = (source: AlertRuleRow['source'], name: string, given: Record<string, unknown> = {}): AlertRuleRow => ({
  id: source === 'database' ? `rule-${name}` : `${source}-${name}`,
  name,
  source,
  document: rule({ name, thresholds: [{ severity: 'info', value: 7 }], ...given }),
  updatedMs: 5,
})
const of = (rows: AlertRuleRow[]) =>
  effectiveRules(builtins, rows).map((one) => [
    one.rule.name,
    one.source,
    one.rule.thresholds[0]?.value,
    one.modified,
    one.unused === null,
  ])

const a = ['A', 'builtin', 0, false, true]
const b = ['B', 'builtin', 0, false, true]

describe('the rules in force', () => {
  it.each<[string, AlertRuleRow[], unknown[]]>([
    ['the built-in ones alone', [], [a, b]],
    ['an edit of a built-in one', [row('builtin', 'A')], [['A', 'builtin', 7, true, true], b]],
    ['one of people', [row('database', 'C')], [a, b, ['C', 'database', 7, false, true]]],
    ['one of the settings file', [row('settings', 'C')], [a, b, ['C', 'settings', 7, false, true]]],
    [
      'one of the settings file in place of a built-in one and of its edit',
      [row('settings', 'A'), row('builtin', 'A', { thresholds: [{ severity: 'info', value: 9 }] })],
      [['A', 'settings', 7, false, true], b],
    ],
    [
      'one of people whose name the settings file has too is not used',
      [row('database', 'C'), row('settings', 'C')],
      [a, b, ['C', 'database', 7, false, false], ['C', 'settings', 7, false, true]],
    ],
    [
      'one of people whose name a later version builds in is not used',
      [row('database', 'B')],
      [a, b, ['B', 'database', 7, false, false]],
    ],
    [
      'what cannot be read leaves the original in force',
      [{ ...row('builtin', 'A'), document: { from: 'another version' } }],
      [a, b],
    ],
    ['an edit of a rule that this version does not have is nothing', [row('builtin', 'Gone')], [a, b]],
  ])('%s', (_what, rows, expected) => {
    expect(of(rows)).toEqual(expected)
  })
})

describe('what an alert remembers', () => {
  const state = {
    severity: 'info',
    labels: {},
    details: {},
    phase: 'firing',
    threshold: 1,
    value: 2,
    peak: 2,
    heldMs: 3,
    activeMs: 4,
    firedMs: 5,
    supersededBy: null,
  }
  const alert = (remembered: unknown, evaluatedMs: number) => ({ state: remembered, evaluatedMs }) as AlertInput

  it('is taken up where it was last written', () => {
    expect(rememberedState([alert(state, 10), alert(state, 12)])).toMatchObject({
      evaluatedMs: 12,
      alerts: [state, state],
    })
  })

  it.each([null, 7, {}, { ...state, heldMs: 'long' }, { ...state, phase: 'over' }, { ...state, labels: null }])(
    'of another version, %j, begins anew',
    (remembered) => {
      expect(rememberedState([alert(remembered, 10)])).toBeNull()
    },
  )
})
