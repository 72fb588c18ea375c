import { describe, expect, it } from 'vitest'
import { recordingLag, sourceReachable } from '../../../lib/alerts/states/sampledStates'
import { SampleSeries, type View } from '../../../lib/alerts/view'

/** What the collector says of itself each 5 s, until it dies. */

const second = 1_000
const lastMs = 100 * second

function viewAt(nowMs: number, values: readonly number[], everyMs = 5 * second): View {
  const series = new SampleSeries({}, 'gauge')
  for (const [at, value] of values.entries()) {
    series.push({ atMs: lastMs - (values.length - 1 - at) * everyMs, value, spanMs: 0 })
  }
  return { nowMs, memo: new Map(), series: () => [series], changes: () => [], state: () => [] }
}

const of = (state: typeof recordingLag, view: View) => state.at(view, 0).map(({ value }) => value)

describe('a collector that falls silent', () => {
  it.each([
    ['just said', 0, [2], [1]],
    ['said within 15 s', 15 * second, [2], [1]],
    ['said nothing for longer', 16 * second, [18], [0]],
    ['said nothing for an hour', 3_600 * second, [3_602], [0]],
    ['has been gone for most of a day: nothing is known', 7 * 3_600 * second, [], []],
  ])('%s', (_what, silentMs, lag, reachable) => {
    expect(of(recordingLag, viewAt(lastMs + silentMs, [0, 1, 2]))).toEqual(lag)
    expect(of(sourceReachable, viewAt(lastMs + silentMs, [1, 1, 1]))).toEqual(reachable)
  })

  it('is given three of its own intervals where these are longer', () => {
    expect(of(recordingLag, viewAt(lastMs + 170 * second, [0, 0], 60 * second))).toEqual([0])
    expect(of(recordingLag, viewAt(lastMs + 181 * second, [0, 0], 60 * second))).toEqual([181])
  })

  it('that never spoke is no value, not zero', () => {
    expect(of(recordingLag, viewAt(lastMs, []))).toEqual([])
  })
})
