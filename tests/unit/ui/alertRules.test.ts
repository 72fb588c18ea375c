import { describe, expect, it } from 'vitest'
import { prepareAxis } from '../../../app/_charts/prepareAxis'
import { roundFigure } from '../../../app/_charts/roundFigure'
import {
  draftOf,
  freeSeverity,
  isSame,
  listOf,
  newRule,
  pairsOf,
  pairsText,
} from '../../../app/(screens)/c/[cluster]/alerts/rules/draft'
import { figureText, parseFigure } from '../../../app/(screens)/c/[cluster]/alerts/rules/figure'
import {
  measureWords,
  templateWords,
  thresholdWords,
} from '../../../app/(screens)/c/[cluster]/alerts/rules/measureWords'
import {
  backtestQuestion,
  backtestSeries,
  backtestWords,
  firingBands,
  firingRows,
  lookbackSpan,
  otherThresholds,
} from '../../../app/(screens)/c/[cluster]/alerts/rules/prepareBacktest'
import { alertRuleInput, type LeaderChange } from '../../../lib/contract'
import { backtestOf, ruleOf } from './alertFixtures'

describe('a threshold as text', () => {
  it.each<[string, string, number | null]>([
    ['500 ms', 'seconds', 0.5],
    ['0.5', 'seconds', 0.5],
    ['0,5 s', 'seconds', 0.5],
    ['2 min', 'seconds', 120],
    ['3 d', 'seconds', 259_200],
    ['8 GiB', 'bytes', 8 * 1024 ** 3],
    ['1.5KiB/s', 'bytes/s', 1536],
    ['95 %', 'ratio', 0.95],
    ['0.95', 'ratio', 0.95],
    ['5/s', '1/s', 5],
    ['-3', 'count', -3],
    ['5 ms', 'bytes', null],
    ['', 'count', null],
    ['five', 'count', null],
    ['1e400', 'count', null],
    ['NaN', 'count', null],
  ])('%j in %s is %j', (text, unit, value) => {
    expect(parseFigure(text, unit)).toBe(value)
  })

  it.each<[number, string, string]>([
    [0.5, 'seconds', '500 ms'],
    [0.123456, 'seconds', '0.123456'],
    [0.95, 'ratio', '95%'],
    [0.955, 'ratio', '0.955'],
    [8 * 1024 ** 3, 'bytes', '8 GiB'],
    [90, 'seconds', '90'],
    [4, 'count', '4'],
  ])('%d %s is written as %j, which reads back as the same', (value, unit, text) => {
    expect(figureText(value, unit)).toBe(text)
    expect(parseFigure(text, unit)).toBe(value)
  })
})

describe('a draft', () => {
  it('of a stored rule is a rule that can be written, and the same until something changes', () => {
    const draft = draftOf(ruleOf())
    expect(alertRuleInput.parse(draft)).toEqual(draft)
    expect(isSame(draft, draftOf(ruleOf()))).toBe(true)
    expect(isSame(draft, { ...draft, enabled: false })).toBe(false)
  })

  it('that is new needs only a name', () => {
    expect(alertRuleInput.safeParse(newRule).success).toBe(false)
    expect(alertRuleInput.safeParse({ ...newRule, name: 'Slow disk' }).success).toBe(true)
  })

  it('has one threshold a severity', () => {
    expect(freeSeverity(newRule)).toBe('critical')
    expect(
      freeSeverity({ ...newRule, thresholds: ['info', 'warning', 'critical'].map((s) => threshold(s)) }),
    ).toBeNull()
  })

  it('reads lists and pairs as they are typed', () => {
    expect(listOf(' a, b ,,c')).toEqual(['a', 'b', 'c'])
    expect(listOf('  ')).toBeUndefined()
    expect(pairsOf('team=db\n\n url = http://x?a=b \nonly')).toEqual({ team: 'db', url: 'http://x?a=b', only: '' })
    expect(pairsText({ a: '1', b: '2' })).toBe('a=1\nb=2')
  })
})

function threshold(severity: string) {
  return alertRuleInput.shape.thresholds.element.parse({ severity, value: 1 })
}

describe('a rule in words', () => {
  it('says what it measures', () => {
    expect(measureWords(ruleOf().measure, '')).toBe('etcd_disk_wal_fsync_duration_seconds p99 over 5 min, each member')
    const changes = {
      kind: 'changes' as const,
      where: { resources: ['secrets'], namespaces: ['shop'] },
      windowMs: 60_000,
      by: [],
    }
    expect(measureWords(changes, '')).toBe('Changes of secrets in shop over 1 min')
    expect(measureWords({ kind: 'state', state: 'alarm' }, '')).toBe('Alarm raised by a member')
  })

  it('names what a template fills in', () => {
    expect(templateWords('{{ labels.member }}: {{value}} of {{ cluster }}')).toBe('‹member›: ‹value› of ‹cluster›')
  })

  it('says when it fires', () => {
    expect(thresholdWords(ruleOf())).toBe('> 500 ms for 10 min (warning), > 1 s for 10 min (critical)')
  })
})

describe('a backtest', () => {
  const span = { fromMs: Date.parse('2026-11-28T00:00:00Z'), toMs: Date.parse('2026-11-28T12:00:00Z') }
  const firing = (from: string, to: string | null, more = {}) => ({
    labels: { member: 'etcd-1' },
    severity: 'warning' as const,
    from,
    to,
    peak: 0.9,
    activeFrom: from,
    ...more,
  })

  it('tries the rule on this cluster whatever it is called, switched to or meant for', () => {
    const asked = backtestQuestion({ ...newRule, enabled: false, clusters: ['other'] }, 'prod', span)
    expect(asked.rule).toMatchObject({ name: 'New rule', enabled: true, clusters: [] })
    expect(asked.intervalMs).toBe(30_000)
    expect(backtestQuestion(newRule, 'prod', lookbackSpan('30d', span.toMs)).intervalMs).toBe(60_000)
  })

  it('looks at round thresholds around the present one', () => {
    expect(otherThresholds(ruleOf())).toEqual([0.1, 0.25, 0.5, 1, 2])
    expect(otherThresholds({ thresholds: [{ severity: 'info', value: 0, forMs: 0 }] })).toEqual([])
  })

  it.each<[number, string]>([
    [0, 'Would not have fired in the last 7 days'],
    [1, 'Would have fired once in the last 7 days'],
    [3, 'Would have fired 3 times in the last 7 days'],
  ])('with %d firings says so', (count, sentence) => {
    const firings = Array.from({ length: count }, () => firing('2026-11-28T01:00:00.000Z', '2026-11-28T01:05:00.000Z'))
    expect(backtestWords(backtestOf({ firings }), '7d').sentence).toBe(sentence)
  })

  it('says since when anything was measured where the record is younger than the range', () => {
    const from = (ms: number) =>
      backtestOf({
        series: [
          {
            labels: {},
            points: [
              [span.fromMs, null],
              [ms, 1],
            ],
          },
        ],
      })
    expect(backtestWords(from(span.toMs - 60_000), '24h').note).toMatch(/; nothing was measured before \d\d:\d\d:\d\d$/)
    expect(backtestWords(from(span.fromMs + 60_000), '24h').note).not.toContain('measured')
    expect(backtestWords(backtestOf(), '24h').note).not.toContain('measured')
  })

  it('draws a line a series while they can be told apart, else the one nearest to firing', () => {
    const series = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        labels: { member: `etcd-${i}` },
        points: [[span.fromMs, i] as [number, number], [span.toMs, null] as [number, null]],
      }))
    expect(backtestSeries(backtestOf({ series: series(3) }), false)).toHaveLength(3)
    const [highest] = backtestSeries(backtestOf({ series: series(9) }), false)
    expect(highest).toMatchObject({
      name: 'highest',
      points: [
        [span.fromMs, 8],
        [span.toMs, null],
      ],
    })
    expect(backtestSeries(backtestOf({ series: series(9) }), true)[0]?.points[0]).toEqual([span.fromMs, 0])
  })

  it('draws a firing that goes on to the end of the range', () => {
    const answer = backtestOf({ firings: [firing('2026-11-28T11:00:00.000Z', null, { severity: 'critical' })] })
    expect(firingBands(answer, span)).toEqual([
      { fromMs: Date.parse('2026-11-28T11:00:00.000Z'), toMs: span.toMs, tone: 'critical' },
    ])
  })

  it('numbers firings as they came, newest first, with the leader change that came before', () => {
    const answer = backtestOf({
      firings: [
        firing('2026-11-28T05:00:00.000Z', '2026-11-28T05:10:00.000Z'),
        firing('2026-11-28T02:00:00.000Z', '2026-11-28T02:01:00.000Z', { peak: null }),
      ],
    })
    const change = (at: string, planned: boolean): LeaderChange => ({
      at,
      term: '7',
      fromMemberId: 'a',
      fromName: 'a',
      toMemberId: 'b',
      toName: 'b',
      leaderlessMs: 10,
      planned,
      elections: 1,
      revision: null,
      causes: [],
    })
    const rows = firingRows(answer, [
      change('2026-11-28T04:59:00.000Z', true),
      change('2026-11-28T05:01:00.000Z', false),
    ])
    expect(rows.map(({ number, openMs, peak }) => [number, openMs, peak])).toEqual([
      [2, 600_000, 0.9],
      [1, 60_000, null],
    ])
    expect(rows[0]?.leaderChange?.planned).toBe(false)
    expect(rows[1]?.leaderChange).toBeNull()
  })
})

describe('a threshold that is dragged', () => {
  it.each([false, true])('lands where it was dropped, log %s', (log) => {
    const axis = prepareAxis({ unit: 'seconds', high: 2, low: 0.001, log, heightPx: 300 })
    for (const place of [0.05, 0.3, 0.77, 1]) expect(axis.place(axis.valueAt(place))).toBeCloseTo(place, 9)
  })

  it('becomes what a person would have typed', () => {
    expect([487.3, 0.04871, 0, 1_234_567, -56.7].map(roundFigure)).toEqual([490, 0.049, 0, 1_200_000, -57])
  })
})
