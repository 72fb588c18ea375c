import { describe, expect, it } from 'vitest'
import { boundTimes, observedTime } from '../../../lib/collector/writeTimes'

const changes = (...rows: [revision: number, hint: number | null][]) =>
  rows.map(([revision, notBeforeMs]) => ({ revision: BigInt(revision), notBeforeMs }))

describe('observedTime', () => {
  it.each([
    ['nothing before', 100, null, 100],
    ['later than the last', 100, 90, 100],
    ['a clock that went back stays at the last', 100, 120, 120],
  ])('%s', (_, received, last, expected) => {
    expect(observedTime(received, last)).toBe(expected)
  })
})

describe('boundTimes', () => {
  it.each([
    ['no hint at all: when it was received', changes([1, null], [2, null]), null, [1000, 1000]],
    ['no hint, clock behind the record: the record wins', changes([1, null]), 2000, [2000]],
    ['hints as they are', changes([1, 100], [2, 200]), null, [100, 200]],
    ['the first hint reaches back to the start of the record', changes([1, null], [2, 200]), null, [200, 200]],
    ['without a hint the one before holds', changes([1, 100], [2, null], [3, 300]), null, [100, 100, 300]],
    ['never decreasing', changes([1, 300], [2, 100]), null, [300, 300]],
    ['a hint from the future ends at when it was received', changes([1, 5000]), null, [1000]],
    ['never before the last stored change', changes([1, 100], [2, 400]), 250, [250, 400]],
    ['events of one revision share its newest hint', changes([1, 100], [1, 300], [2, null]), null, [300, 300, 300]],
    ['a zero time is no hint', changes([1, 0], [2, 200]), null, [200, 200]],
  ])('%s', (_, rows, last, expected) => {
    expect(boundTimes(rows, 1000, last)).toEqual(expected)
  })
})
