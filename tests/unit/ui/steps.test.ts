import { describe, expect, it } from 'vitest'
import { joinBands } from '../../../app/_charts/prepareBands'
import type { StepPoint } from '../../../app/_charts/prepareSeries'
import { prepareSteps, type StepRun, stepPaths } from '../../../app/_charts/prepareSteps'
import { timeScale } from '../../../app/_charts/xScale'
import { seededRandom } from '../../support/seededRandom'

const scale = timeScale({ fromMs: 0, toMs: 1000 })
const steps = (points: readonly StepPoint[], more: Partial<Parameters<typeof prepareSteps>[1]> = {}) =>
  prepareSteps(points, { scale, widthPx: 100, endMs: 1000, ...more })
const plain = (runs: readonly StepRun[]) =>
  runs.map((run) => run.map(({ fromPx, toPx, value }) => [fromPx, toPx, value] as const))

describe('prepareSteps', () => {
  const cases: readonly (readonly [
    string,
    readonly StepPoint[],
    Parameters<typeof steps>[1],
    readonly (readonly (readonly [number, number, number])[])[],
  ])[] = [
    [
      'a value holds until the next step and the last until the end',
      [
        [0, 3],
        [400, 5],
      ],
      {},
      [
        [
          [0, 40, 3],
          [40, 100, 5],
        ],
      ],
    ],
    [
      'what held before the span starts at its edge',
      [
        [-500, 3],
        [200, 4],
      ],
      {},
      [
        [
          [0, 20, 3],
          [20, 100, 4],
        ],
      ],
    ],
    ['nothing is drawn before the first step', [[300, 2]], {}, [[[30, 100, 2]]]],
    ['nothing is drawn after the end of what is known', [[0, 2]], { endMs: 600 }, [[[0, 60, 2]]]],
    [
      'a value that is not known breaks the line',
      [
        [0, 2],
        [300, null],
        [500, 2],
      ],
      {},
      [[[0, 30, 2]], [[50, 100, 2]]],
    ],
    [
      'the line stops at a gap and goes on after it with what was read there',
      [
        [0, 2],
        [500, 4],
      ],
      { gaps: [{ fromMs: 300, toMs: 500, reason: 'away' }] },
      [[[0, 30, 2]], [[50, 100, 4]]],
    ],
    [
      'what did not change during a gap goes on after it',
      [[0, 2]],
      { gaps: [{ fromMs: 300, toMs: 500, reason: 'away' }] },
      [[[0, 30, 2]], [[50, 100, 2]]],
    ],
    [
      'a step inside a gap shows only after it',
      [
        [0, 2],
        [400, 7],
      ],
      { gaps: [{ fromMs: 300, toMs: 500, reason: 'away' }] },
      [[[0, 30, 2]], [[50, 100, 7]]],
    ],
    [
      'steps outside the span are left out',
      [
        [0, 1],
        [2000, 5],
      ],
      {},
      [[[0, 100, 1]]],
    ],
    [
      'the same value again is one stretch',
      [
        [0, 1],
        [100, 1],
        [200, 1],
      ],
      {},
      [[[0, 100, 1]]],
    ],
    ['no steps, no line', [], {}, []],
  ]
  it.each(cases)('%s', (_, points, more, wanted) => {
    expect(plain(steps(points, more))).toEqual(wanted)
  })

  it('keeps the lowest and the highest of what falls on one pixel', () => {
    const [run] = steps([
      [0, 5],
      [101, 9],
      [103, 0],
      [105, 4],
      [300, 6],
    ])
    expect(run?.map(({ low, high, value }) => [low, high, value])).toEqual([
      [5, 5, 5],
      [0, 9, 0],
      [4, 4, 4],
      [6, 6, 6],
    ])
  })

  it('draws ten thousand steps as a few places a pixel, without losing an extreme', () => {
    const random = seededRandom(7)
    const points = Array.from({ length: 10_000 }, (_, i) => [i / 10, Math.floor(random() * 50)] as const)
    const runs = prepareSteps(points, { scale, widthPx: 800, endMs: 1000 })
    const stretches = runs.flat()
    expect(stretches.length).toBeLessThanOrEqual(2 * 800)
    expect(Math.max(...stretches.map(({ high }) => high))).toBe(Math.max(...points.map(([, value]) => value)))
    expect(Math.min(...stretches.map(({ low }) => low))).toBe(Math.min(...points.map(([, value]) => value)))
    // Whatever the pixel, what is drawn there covers what held there.
    for (const [ms, value] of points) {
      const px = (ms / 1000) * 800
      const at = stretches.filter(({ fromPx, toPx }) => fromPx <= px + 1e-9 && px <= toPx + 1e-9)
      expect(at.some(({ low, high }) => low <= value && value <= high)).toBe(true)
    }
  })

  it('is exact again when zoomed in', () => {
    const points = Array.from({ length: 10_000 }, (_, i) => [i / 10, i % 3] as const)
    const near = timeScale({ fromMs: 500, toMs: 501 })
    const [run] = prepareSteps(points, { scale: near, widthPx: 100, endMs: 1000 })
    expect(run?.map(({ value }) => value)).toEqual(Array.from({ length: 10 }, (_, i) => (5000 + i) % 3))
    expect(run?.every(({ low, high, value }) => low === value && high === value)).toBe(true)
  })
})

describe('stepPaths', () => {
  it('moves only level and upright, and closes the area on its base', () => {
    const { line, area } = stepPaths(
      steps([
        [0, 3],
        [400, 5],
      ]),
      (value) => 50 - value,
      50,
    )
    expect(line).toBe('M0 47H0V47H40H40V45H100')
    expect(area).toBe(`${line}V50H0Z`)
  })

  it('is empty for no runs', () => {
    expect(stepPaths([], (value) => value, 10)).toEqual({ line: '', area: '' })
  })
})

describe('joinBands', () => {
  const band = (fromMs: number, toMs: number, tone: 'info' | 'critical' = 'info') => ({
    fromMs,
    toMs,
    tone,
    label: tone,
  })

  it('joins what cannot be told apart, and only within one tone', () => {
    expect(joinBands([band(0, 100), band(110, 200), band(205, 300, 'critical'), band(500, 600)], scale, 100)).toEqual([
      band(0, 200),
      band(205, 300, 'critical'),
      band(500, 600),
    ])
  })

  it('leaves out what lies outside', () => {
    expect(joinBands([band(-50, -10), band(2000, 3000)], scale, 100)).toEqual([])
  })

  it('makes of thousands no more than the plot has places for', () => {
    const many = Array.from({ length: 5000 }, (_, i) => band(i / 5, i / 5 + 0.1))
    expect(joinBands(many, scale, 600).length).toBeLessThanOrEqual(300)
  })
})
