import { describe, expect, it } from 'vitest'
import { addHistograms, decodeHistogram, encodeHistogram, quantileOf } from '../../../lib/store/histogram'

const inf = Number.POSITIVE_INFINITY

describe('quantiles are what Prometheus computes with histogram_quantile', () => {
  it.each<[string, number, number[], number[], number | null]>([
    ['the middle of the only filled bucket', 0.5, [1, 2, 4, inf], [0, 10, 0, 0], 1.5],
    ['the first bucket starts at zero', 0.5, [1, 2, inf], [10, 0, 0], 0.5],
    ['linear within a bucket', 0.9, [1, 2, 3, inf], [50, 30, 20, 0], 2.5],
    ['exactly on a bound', 0.5, [1, 2, inf], [5, 5, 0], 1],
    ['beyond the last bound: the last bound', 0.99, [1, 2, inf], [5, 0, 95], 2],
    ['empty buckets are passed over', 0.99, [1, 2, 4, 8, inf], [1, 0, 0, 99, 0], 4 + (4 * 98) / 99],
    ['a first bound below zero is its own value', 0.5, [-1, 2, inf], [10, 0, 0], -1],
    ['only +Inf: nothing can be said', 0.5, [inf], [10], null],
    ['nothing counted: nothing can be said', 0.5, [1, inf], [0, 0], null],
  ])('%s', (_, quantile, bounds, counts, expected) => {
    const value = quantileOf(quantile, bounds, counts)
    if (expected === null) expect(value).toBeNull()
    else expect(value).toBeCloseTo(expected, 10)
  })
})

describe('stored histograms', () => {
  it.each([
    [[], 0],
    [[0, 127, 128, 300, 70_000], 1.5],
    [[2 ** 40, 3], -2.25],
  ])('come back as they were: %j', (counts, sum) => {
    expect(decodeHistogram(encodeHistogram({ counts, sum }))).toEqual({ counts, sum })
  })

  it('add bucket by bucket', () => {
    const a = { counts: [1, 2], sum: 3 }
    expect(addHistograms(null, a)).toBe(a)
    expect(addHistograms(a, { counts: [10, 20, 30], sum: 4 })).toEqual({ counts: [11, 22, 30], sum: 7 })
  })
})
