import { describe, expect, test } from 'vitest'
import type { Measured } from '../../../lib/alerts/measured'
import type { RuleState, Transition } from '../../../lib/alerts/ruleState'
import { maxStepOf, type SteppedRule, step } from '../../../lib/alerts/step'

const minute = 60_000
const start = Date.UTC(2026, 0, 5)
const maxStepMs = maxStepOf(minute)

function rule(overrides: Partial<SteppedRule> = {}): SteppedRule {
  return {
    comparison: '>',
    thresholds: [{ severity: 'warning', value: 10, forMs: 2 * minute }],
    missingData: 'resolve',
    ...overrides,
  }
}

/** A value of one series, or null where it has none. */
type Look = readonly [atMs: number, value: number | null]

function run(of: SteppedRule, looks: readonly Look[], from: RuleState | null = null) {
  let state = from
  const seen: string[] = []
  const all: Transition[] = []
  for (const [atMs, value] of looks) {
    const measured: Measured[] = value === null ? [] : [{ labels: { member: 'a' }, value }]
    const stepped = step(of, measured, state, start + atMs, { maxStepMs })
    state = stepped.state
    all.push(...stepped.transitions)
    seen.push(...stepped.transitions.map((t) => `${(t.atMs - start) / minute} ${t.kind} ${t.alert.severity}`))
  }
  return { state, seen, all }
}

/** Values at whole minutes. */
const minutes = (...values: (number | null)[]): Look[] => values.map((value, at) => [at * minute, value])

describe('the state machine of one alert', () => {
  const table: readonly (readonly [string, SteppedRule, readonly Look[], readonly string[]])[] = [
    ['stays inactive while the condition does not hold', rule(), minutes(1, 10, 3), []],
    [
      'is pending first and fires once it has held long enough',
      rule(),
      minutes(11, 12, 13, 14),
      ['0 pending warning', '2 firing warning'],
    ],
    [
      'is cancelled when the condition ends before that',
      rule(),
      minutes(11, 12, 1),
      ['0 pending warning', '2 cancelled warning'],
    ],
    [
      'begins its hold anew after a look at which it did not hold',
      rule(),
      minutes(11, 12, 1, 11, 12, 13),
      ['0 pending warning', '2 cancelled warning', '3 pending warning', '5 firing warning'],
    ],
    [
      'is resolved at the first look at which it does not hold',
      rule(),
      minutes(11, 12, 13, 1),
      ['0 pending warning', '2 firing warning', '3 resolved warning'],
    ],
    [
      'fires at once without a hold',
      rule({ thresholds: [{ severity: 'info', value: 10, forMs: 0 }] }),
      minutes(11, 1),
      ['0 firing info', '1 resolved info'],
    ],
    [
      'takes NaN for a value that holds against nothing',
      rule({ comparison: '!=' }),
      minutes(Number.NaN, Number.NaN, Number.NaN),
      [],
    ],
    [
      'counts no more than the looks have seen over a pause',
      rule(),
      [
        [0, 11],
        [30 * minute, 12],
        [31 * minute, 12],
        [32 * minute, 12],
      ],
      ['0 pending warning', '32 firing warning'],
    ],
    [
      'is not made to fire by a clock that jumps ahead',
      rule(),
      [
        [0, 11],
        [minute, 11],
        [24 * 60 * minute, 11],
      ],
      ['0 pending warning', '1440 cancelled warning', '1440 pending warning'],
    ],
    [
      'does nothing at a look that lies before the last one',
      rule(),
      [
        [0, 11],
        [minute, 11],
        [-60 * minute, 11],
        [-59 * minute, 11],
      ],
      ['0 pending warning', '-59 firing warning'],
    ],
    [
      'is pending anew after an outage of more than an hour',
      rule(),
      [
        [0, 11],
        [61 * minute, 11],
      ],
      ['0 pending warning', '61 cancelled warning', '61 pending warning'],
    ],
    [
      'goes on firing over any outage',
      rule(),
      [
        [0, 11],
        [minute, 11],
        [2 * minute, 11],
        [600 * minute, 11],
      ],
      ['0 pending warning', '2 firing warning'],
    ],
    [
      'resolves when its series ends',
      rule(),
      minutes(11, 12, 13, null),
      ['0 pending warning', '2 firing warning', '3 resolved warning'],
    ],
    [
      'is cancelled when its series ends while pending',
      rule(),
      minutes(11, null),
      ['0 pending warning', '1 cancelled warning'],
    ],
    [
      'keeps a firing alert without data when told to',
      rule({ missingData: 'keep' }),
      minutes(11, 12, 13, null, null, 14),
      ['0 pending warning', '2 firing warning'],
    ],
    [
      'keeps a pending alert pending without data, and counts none of that time',
      rule({ missingData: 'keep' }),
      minutes(11, null, null, null, 11, 11),
      ['0 pending warning'],
    ],
    [
      'fires for a series that ends when missing data is trouble',
      rule({ missingData: 'fire' }),
      minutes(1, 1, null, null, null),
      ['2 pending warning', '4 firing warning'],
    ],
    [
      'resolves such an alert when the series is back and well',
      rule({ missingData: 'fire' }),
      minutes(1, null, null, null, 1),
      ['1 pending warning', '3 firing warning', '4 resolved warning'],
    ],
    [
      'fires where there never was a series when missing data is trouble',
      rule({ missingData: 'fire' }),
      minutes(null, null, null),
      ['0 pending warning', '2 firing warning'],
    ],
  ]
  test.each(table)('%s', (_, of, looks, expected) => {
    expect(run(of, looks).seen).toEqual(expected)
  })
})

describe('severities', () => {
  const two = rule({
    thresholds: [
      { severity: 'warning', value: 10, forMs: 2 * minute },
      { severity: 'critical', value: 20, forMs: minute },
    ],
  })

  test('hold on their own, and the graver one stands before the other', () => {
    const { state, seen } = run(two, minutes(11, 21, 22))
    expect(seen).toEqual(['0 pending warning', '1 pending critical', '2 firing critical', '2 firing warning'])
    expect(state?.alerts.map((a) => [a.severity, a.supersededBy])).toEqual([
      ['critical', null],
      ['warning', 'critical'],
    ])
  })

  test('let the lesser one be told again once the graver one is over', () => {
    const { state, seen } = run(two, minutes(21, 21, 21, 12))
    expect(seen.at(-1)).toBe('3 resolved critical')
    expect(state?.alerts.map((a) => [a.severity, a.supersededBy])).toEqual([['warning', null]])
  })

  test('that the rule no longer has end their alerts', () => {
    const before = run(two, minutes(21, 21, 21)).state
    const { seen } = run(rule(), [[3 * minute, 21]], before)
    expect(seen).toEqual(['3 resolved critical'])
  })
})

describe('what is remembered', () => {
  test('survives a restart as JSON: no second firing, no forgotten hold', () => {
    const pending = run(rule(), minutes(11, 11)).state
    const restored: RuleState = JSON.parse(JSON.stringify(pending))
    expect(run(rule(), [[2 * minute, 11]], restored).seen).toEqual(['2 firing warning'])
    const firing: RuleState = JSON.parse(JSON.stringify(run(rule(), minutes(11, 11, 11)).state))
    expect(run(rule(), [[3 * minute, 11]], firing).seen).toEqual([])
  })

  test('an alert for missing data goes on after a restart that kept nothing but the alert', () => {
    const fire = rule({ missingData: 'fire' })
    const before = run(fire, minutes(1, null, null, null)).state
    if (before === null) throw new Error('nothing was evaluated')
    expect(run(fire, [[4 * minute, null]], { ...before, known: [] }).seen).toEqual([])
  })

  test('the peak is the value farthest beyond the threshold, in the direction of the comparison', () => {
    expect(run(rule(), minutes(11, 30, 12)).state?.alerts[0]?.peak).toBe(30)
    expect(run(rule({ comparison: '<' }), minutes(9, 2, 5)).state?.alerts[0]?.peak).toBe(2)
  })

  test('series are told apart by all their labels, and come and go on their own', () => {
    const one = (member: string): Measured => ({ labels: { member }, value: 11 })
    const first = step(rule(), [one('a'), one('b')], null, start, { maxStepMs })
    const second = step(rule(), [one('b'), one('c')], first.state, start + minute, { maxStepMs })
    expect(second.transitions.map((t) => [t.kind, t.alert.labels.member])).toEqual([
      ['cancelled', 'a'],
      ['pending', 'c'],
    ])
  })
})
