import { describe, expect, it } from 'vitest'
import {
  digitGroups,
  formatBytes,
  formatCount,
  formatDuration,
  formatLag,
  formatMetric,
  formatNumber,
  formatShare,
  formatSpan,
  plural,
} from '../../../app/_client/format'

describe('figures keep at most three significant figures', () => {
  it.each([
    [0, '0'],
    [0.2, '0.2'],
    [41.94, '41.9'],
    [1240, '1,240'],
    [0.00887, '0.00887'],
    [123456, '123,000'],
  ])('%s reads %s', (value, text) => expect(formatNumber(value)).toBe(text))

  it.each([
    [0, '0'],
    [9999, '9,999'],
    [41906, '41,900'],
    [2_680_000, '2.68 M'],
    [1_400_000_000, '1.4 G'],
  ])('count %s reads %s', (value, text) => expect(formatCount(value)).toBe(text))

  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KiB'],
    [14_541, '14.2 KiB'],
    [6_335_076_761, '5.9 GiB'],
    [321_912_832, '307 MiB'],
  ])('%s bytes read %s', (value, text) => expect(formatBytes(value)).toBe(text))
})

describe('durations read like people say them', () => {
  it.each([
    [0.42, '0.4 ms'],
    [18, '18 ms'],
    [1840, '1.84 s'],
    [730_000, '12 min 10 s'],
    [3_600_000, '1 h'],
    [13_260_000, '3 h 41 min'],
    [86_400_000, '1 day'],
    [260_000_000, '3 days'],
  ])('%s ms', (ms, text) => expect(formatDuration(ms)).toBe(text))

  it('spans keep the larger unit only', () => {
    expect([formatSpan(59_999), formatSpan(61_000), formatSpan(7_300_000), formatSpan(2 * 86_400_000)]).toEqual([
      '59 s',
      '1 min',
      '2 h',
      '2 days',
    ])
  })

  it('lag shows tenths of a second while it is small', () => {
    expect([formatLag(200), formatLag(9_900), formatLag(61_000)]).toEqual(['0.2 s', '9.9 s', '1 min'])
  })
})

it.each([
  [0.0094, 'seconds', '9.4 ms'],
  [1.5, 'seconds', '1.5 s'],
  [2048, 'bytes/s', '2 KiB/s'],
  [182, '1/s', '182/s'],
  [0.36, 'ratio', '36%'],
  [12, 'count', '12'],
])('%s in %s reads %s', (value, unit, text) => expect(formatMetric(value, unit)).toBe(text))

it('a share under one percent is not zero', () => {
  expect([formatShare(0), formatShare(0.004), formatShare(0.41)]).toEqual(['0%', 'under 1%', '41%'])
})

it.each(['7', '42', '999', '1000', '4388177843', '9223372036854775807'])('revision %s keeps all digits', (revision) => {
  const groups = digitGroups(revision)
  expect(groups.join('')).toBe(revision)
  expect(groups.slice(1).every((group) => group.length === 3)).toBe(true)
})

it('one is not many', () => {
  expect([plural(1, 'failure'), plural(0, 'failure'), plural(2, 'failure')]).toEqual([
    '1 failure',
    '0 failures',
    '2 failures',
  ])
})
