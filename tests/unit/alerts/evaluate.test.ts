import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../lib/alerts/evaluate'
import type { Measured } from '../../../lib/alerts/measured'
import { SampleSeries, type View } from '../../../lib/alerts/view'
import type { AlertExpression, LabelMatcher, WindowFunction } from '../../../lib/contract'

/**
 * Expected values are Prometheus' own: of promql tests and by its published formulas, for samples at these seconds.
 * A counter's totals are given, as Prometheus has them; the series holds the increases that the record makes of them.
 */

const now = 1_000_000_000
type Point = readonly [second: number, value: number]

function gauge(labels: Record<string, string>, ...points: Point[]): SampleSeries {
  const series = new SampleSeries(labels, 'gauge')
  for (const [second, value] of points) series.push({ atMs: now + second * 1000, value, spanMs: 0 })
  return series
}

/** Totals; one that goes back is another process: no increase over it. */
function counter(labels: Record<string, string>, ...totals: Point[]): SampleSeries {
  const series = new SampleSeries(labels, 'counter')
  for (const [at, [second, total]] of totals.entries()) {
    const before = totals[at - 1]
    if (before === undefined || total < before[1]) continue
    series.push({ atMs: now + second * 1000, value: total - before[1], spanMs: (second - before[0]) * 1000 })
  }
  return series
}

function histogram(
  labels: Record<string, string>,
  bounds: number[],
  ...rows: (readonly [second: number, counts: number[]])[]
): SampleSeries {
  const series = new SampleSeries(labels, 'histogram', [...bounds, Number.POSITIVE_INFINITY])
  for (const [second, counts] of rows) {
    series.push({ atMs: now + second * 1000, value: counts.reduce((a, b) => a + b, 0), spanMs: 10_000, counts })
  }
  return series
}

function viewOf(series: Record<string, readonly SampleSeries[]>): View {
  return {
    nowMs: now,
    series: (metric) => series[metric] ?? [],
    changes: () => [],
    state: () => [],
    memo: new Map(),
  }
}

const told = (measured: readonly Measured[]) =>
  measured.map(
    ({ labels, value }) =>
      `${Object.entries(labels)
        .map(([k, v]) => `${k}=${v}`)
        .join(',')} ${Number.isNaN(value) ? 'NaN' : Number(value.toPrecision(9))}`,
  )
const run = (expression: AlertExpression, series: Record<string, readonly SampleSeries[]>) =>
  told(evaluate(expression, viewOf(series)))
const latest = (metric: string, where: LabelMatcher[] = []): AlertExpression => ({ op: 'latest', metric, where })
const number = (value: number): AlertExpression => ({ op: 'number', value })
const windowOf = (fn: WindowFunction, seconds: number, aheadMs?: number): AlertExpression => ({
  op: 'window',
  fn,
  metric: 'm',
  where: [],
  windowMs: seconds * 1000,
  ...(aheadMs === undefined ? {} : { aheadMs }),
})
const every10 = (from: number, to: number, value: (second: number) => number): Point[] => {
  return Array.from({ length: (to - from) / 10 + 1 }, (_, at) => [from + at * 10, value(from + at * 10)] as const)
}

describe('windows over one series', () => {
  const steady = counter({}, ...every10(-300, 0, (s) => 1000 + 2 * s))
  const table: readonly (readonly [string, AlertExpression, SampleSeries, string[]])[] = [
    ['a steady counter has its rate', windowOf('rate', 60), steady, [' 2']],
    // Samples at -50 … 0 count, as -60 lies outside: 5 intervals, and the 10 s to the start are less than 1.1 of one.
    ['an increase reaches to the edges of the window', windowOf('increase', 60), steady, [' 120']],
    // Last sample 30 s ago: half an interval is added at the end; 11 … at the start the edge is near.
    [
      'and half an interval where samples ended',
      windowOf('increase', 60),
      counter({}, ...every10(-300, -30, (s) => 1000 + 2 * s)),
      [' 70'],
    ],
    [
      'and half an interval where they only began',
      windowOf('increase', 300),
      counter({}, ...every10(-100, 0, () => 0).map(([s], i): Point => [s, i * 10])),
      [' 105'],
    ],
    ['one sample has no rate', windowOf('rate', 60), counter({}, [-10, 5]), []],
    ['a window without samples has no value', windowOf('rate', 60), counter({}, [-200, 1], [-190, 2]), []],
    // 5 + 7 = 12 in 40 of 60 s measured from -50 to 0; Prometheus would add the 3 of the new process.
    [
      'a restart adds nothing of its own',
      windowOf('increase', 60),
      counter({}, [-50, 100], [-40, 105], [-30, 3], [-20, 5], [-10, 7], [0, 10]),
      [' 14.4'],
    ],
    ['delta of a gauge is extrapolated too', windowOf('delta', 60), gauge({}, ...every10(-300, 0, (s) => s)), [' 60']],
    ['a gauge may go down', windowOf('delta', 60), gauge({}, ...every10(-300, 0, (s) => -2 * s)), [' -120']],
    ['deriv is the slope of the line', windowOf('deriv', 100), gauge({}, [-90, 1], [-60, 4], [0, 10]), [' 0.1']],
    [
      'predict_linear goes on along it',
      windowOf('predict-linear', 100, 60_000),
      gauge({}, [-90, 1], [-60, 4], [0, 10]),
      [' 16'],
    ],
    ['the window is open to the left', windowOf('count', 60), gauge({}, [-60, 1], [-30, 1], [0, 1]), [' 2']],
    ['avg', windowOf('avg', 60), gauge({}, [-30, 1], [-20, 5], [0, 3]), [' 3']],
    ['min', windowOf('min', 60), gauge({}, [-90, 0], [-30, 4], [0, 3]), [' 3']],
    ['max', windowOf('max', 60), gauge({}, [-30, 4], [0, 3]), [' 4']],
    ['sum', windowOf('sum', 60), gauge({}, [-30, 4], [0, 3]), [' 7']],
    ['last', windowOf('last', 60), gauge({}, [-30, 4], [-20, 3]), [' 3']],
    ['what is later than now does not count', windowOf('max', 60), gauge({}, [-30, 4], [1, 30]), [' 4']],
  ]
  test.each(table)('%s', (_, expression, series, expected) => {
    expect(run(expression, { m: [series] })).toEqual(expected)
  })

  test('roll-ups answer for their bucket with what its samples were', () => {
    const series = new SampleSeries({}, 'gauge')
    series.push({ atMs: now - 30_000, value: 5, spanMs: 0, bucket: { min: 1, max: 9, sum: 20, count: 4 } })
    series.push({ atMs: now, value: 7, spanMs: 0, bucket: { min: 6, max: 8, sum: 28, count: 4 } })
    const all = (['min', 'max', 'sum', 'count', 'avg', 'last'] as const).flatMap((fn) =>
      run(windowOf(fn, 60), { m: [series] }),
    )
    expect(all).toEqual([' 1', ' 9', ' 48', ' 8', ' 6', ' 7'])
  })
})

describe('the present value', () => {
  const labels = { member: 'a', member_id: '1' }
  test.each([
    ['is the newest sample', [gauge(labels, [-60, 1], [-30, 2])], [], ['member=a,member_id=1 2']],
    ['stands for five minutes', [gauge(labels, [-299, 1])], [], ['member=a,member_id=1 1']],
    ['and no longer', [gauge(labels, [-300, 1])], [], []],
    ['ends with the member that stops answering', [gauge(labels, [-60, 1])], [gauge(labels, [-50, 0])], []],
    [
      'is back with it',
      [gauge(labels, [-60, 1], [-10, 4])],
      [gauge(labels, [-50, 0], [-20, 1])],
      ['member=a,member_id=1 4'],
    ],
    [
      'of another member goes on',
      [gauge(labels, [-60, 1])],
      [gauge({ member: 'b', member_id: '2' }, [-50, 0])],
      ['member=a,member_id=1 1'],
    ],
  ])('%s', (_, m, up, expected) => {
    expect(run(latest('m'), { m, up })).toEqual(expected)
  })

  test.each<[LabelMatcher, string[]]>([
    [{ name: 'member', op: '=', value: 'etcd-1' }, ['member=etcd-1 1']],
    [{ name: 'member', op: '!=', value: 'etcd-1' }, ['member=etcd-2 2', 'member=other 3']],
    [{ name: 'member', op: '=~', value: 'etcd-.' }, ['member=etcd-1 1', 'member=etcd-2 2']],
    [{ name: 'member', op: '=~', value: 'etcd' }, []],
    [{ name: 'member', op: '!~', value: 'etcd-.*' }, ['member=other 3']],
    [{ name: 'absent', op: '=', value: '' }, ['member=etcd-1 1', 'member=etcd-2 2', 'member=other 3']],
  ])('matches labels as a whole: %o', (where, expected) => {
    const m = [
      gauge({ member: 'etcd-1' }, [0, 1]),
      gauge({ member: 'etcd-2' }, [0, 2]),
      gauge({ member: 'other' }, [0, 3]),
    ]
    expect(run(latest('m', [where]), { m })).toEqual(expected)
  })
})

describe('quantiles of histograms', () => {
  const quantile = (q: number, by?: string[]): AlertExpression => ({
    op: 'quantile',
    quantile: q,
    metric: 'm',
    where: [],
    windowMs: 60_000,
    ...(by === undefined ? {} : { by }),
  })
  const bounds = [0.1, 0.2, 0.4]
  test.each<[string, AlertExpression, SampleSeries[], string[]]>([
    [
      'lie within their bucket by the share of its observations',
      quantile(0.9),
      [histogram({}, bounds, [-10, [50, 30, 20, 0]])],
      [' 0.3'],
    ],
    ['of the first bucket begin at zero', quantile(0.25), [histogram({}, bounds, [-10, [50, 50, 0, 0]])], [' 0.05']],
    [
      'in the last bucket are the highest bound',
      quantile(0.99),
      [histogram({}, bounds, [-10, [1, 0, 0, 99]])],
      [' 0.4'],
    ],
    ['without an observation are NaN', quantile(0.5), [histogram({}, bounds, [-10, [0, 0, 0, 0]])], [' NaN']],
    [
      'take the increases of the window, not of the life',
      quantile(0.5),
      [histogram({}, bounds, [-90, [99, 0, 0, 0]], [-10, [0, 0, 10, 0]])],
      [' 0.3'],
    ],
    [
      'each series by itself',
      quantile(0.5),
      [
        histogram({ member: 'a' }, bounds, [-10, [10, 0, 0, 0]]),
        histogram({ member: 'b' }, bounds, [-10, [0, 0, 10, 0]]),
      ],
      ['member=a 0.05', 'member=b 0.3'],
    ],
    [
      'or of the sum over a group',
      quantile(0.75, []),
      [
        histogram({ member: 'a' }, bounds, [-10, [10, 0, 0, 0]]),
        histogram({ member: 'b' }, bounds, [-10, [0, 0, 10, 0]]),
      ],
      [' 0.3'],
    ],
    [
      'of members whose buckets differ are summed by bound',
      quantile(0.5, []),
      [
        histogram({ member: 'a' }, [0.1, 0.4], [-10, [10, 0, 0]]),
        histogram({ member: 'b' }, [0.1, 0.4], [-10, [10, 0, 0]]),
      ],
      [' 0.05'],
    ],
  ])('%s', (_, expression, m, expected) => {
    expect(run(expression, { m })).toEqual(expected)
  })
})

describe('operators between values', () => {
  const m = [
    gauge({ member: 'a', zone: 'x' }, [0, 1]),
    gauge({ member: 'b', zone: 'x' }, [0, 4]),
    gauge({ member: 'c', zone: 'y' }, [0, 9]),
  ]
  const n = [gauge({ member: 'a' }, [0, 2]), gauge({ member: 'b' }, [0, 3]), gauge({ member: 'd' }, [0, 5])]
  const nan = [gauge({ member: 'a' }, [0, Number.NaN]), gauge({ member: 'b' }, [0, 3])]
  const aggregate = (
    fn: 'sum' | 'min' | 'max' | 'avg' | 'count',
    labels: { by?: string[]; without?: string[] } = {},
  ): AlertExpression => ({ op: 'aggregate', fn, ...labels, of: latest('m') })
  const compare = (
    left: AlertExpression,
    fn: '>' | '<=' | '==' | '!=',
    right: AlertExpression,
    bool = false,
    on?: string[],
  ): AlertExpression => ({ op: 'compare', fn, left, right, bool, ...(on === undefined ? {} : { on }) })
  const set = (op: 'and' | 'or' | 'unless', on?: string[]): AlertExpression => ({
    op,
    left: latest('m'),
    right: latest('n'),
    ...(on === undefined ? {} : { on }),
  })
  test.each<[string, AlertExpression, string[]]>([
    ['sum over all', aggregate('sum'), [' 14']],
    ['sum by', aggregate('sum', { by: ['zone'] }), ['zone=x 5', 'zone=y 9']],
    ['sum without', aggregate('sum', { without: ['member'] }), ['zone=x 5', 'zone=y 9']],
    ['by a label that some have not', aggregate('count', { by: ['absent'] }), [' 3']],
    [
      'min, max, avg',
      {
        op: 'arithmetic',
        fn: 'add',
        left: aggregate('min'),
        right: { op: 'arithmetic', fn: 'add', left: aggregate('max'), right: aggregate('avg') },
      },
      [' 14.6666667'],
    ],
    [
      'a comparison leaves out what does not hold',
      compare(latest('m'), '>', number(3)),
      ['member=b,zone=x 4', 'member=c,zone=y 9'],
    ],
    [
      'with bool says so of each',
      compare(latest('m'), '>', number(3), true),
      ['member=a,zone=x 0', 'member=b,zone=x 1', 'member=c,zone=y 1'],
    ],
    ['a number on the left keeps the values of the right', compare(number(3), '>', latest('m')), ['member=a,zone=x 1']],
    ['values match by equal labels', compare(latest('n'), '>', latest('n')), []],
    [
      'or by those that are named, and keep only them',
      compare(latest('m'), '<=', latest('n'), false, ['member']),
      ['member=a 1'],
    ],
    [
      'arithmetic too; who has no partner is left out',
      { op: 'arithmetic', fn: 'divide', left: latest('m'), right: latest('n'), on: ['member'] },
      ['member=a 0.5', 'member=b 1.33333333'],
    ],
    [
      'arithmetic with a number',
      { op: 'arithmetic', fn: 'subtract', left: number(10), right: latest('n') },
      ['member=a 8', 'member=b 7', 'member=d 5'],
    ],
    [
      'division by zero is infinite',
      { op: 'arithmetic', fn: 'divide', left: latest('n'), right: number(0) },
      ['member=a Infinity', 'member=b Infinity', 'member=d Infinity'],
    ],
    ['and', set('and', ['member']), ['member=a,zone=x 1', 'member=b,zone=x 4']],
    [
      'and by no label: whether there is anything',
      set('and', []),
      ['member=a,zone=x 1', 'member=b,zone=x 4', 'member=c,zone=y 9'],
    ],
    ['or', set('or', ['member']), ['member=a,zone=x 1', 'member=b,zone=x 4', 'member=c,zone=y 9', 'member=d 5']],
    ['unless', set('unless', ['member']), ['member=c,zone=y 9']],
    ['and by all labels', set('and'), []],
    ['NaN holds in no comparison but !=', compare(latest('nan'), '!=', number(3)), []],
    ['max passes NaN over', { op: 'aggregate', fn: 'max', of: latest('nan') }, [' 3']],
    ['a metric that is not there is nothing', compare(latest('nothing'), '==', number(0)), []],
    ['the sum of nothing is nothing', { op: 'aggregate', fn: 'sum', of: latest('nothing') }, []],
  ])('%s', (_, expression, expected) => {
    expect(run(expression, { m, n, nan })).toEqual(expected)
  })

  test('several values on one side are refused, not guessed', () => {
    expect(() =>
      run({ op: 'arithmetic', fn: 'add', left: latest('m'), right: latest('m'), on: ['zone'] }, { m }),
    ).toThrow('Several values')
  })

  test('more values than anybody can look at are refused', () => {
    const many = Array.from({ length: 1_001 }, (_, at) => gauge({ at: String(at) }, [0, 1]))
    expect(() => run(latest('m'), { m: many })).toThrow('at most 1000')
  })

  test('rules that ask the same are answered once', () => {
    let reads = 0
    const series = () => {
      reads += 1
      return m
    }
    const view = { ...viewOf({}), series }
    const ask = () => ({ op: 'aggregate' as const, fn: 'sum' as const, of: windowOf('max', 60) })
    evaluate(ask(), view)
    evaluate(ask(), view)
    expect(reads).toBe(1)
  })
})
