import { describe, expect, it } from 'vitest'
import { ScopeError } from '../../../lib/core/errors'
import { parseDurationMs, parseInstant, parseRange } from '../../../lib/query/instant'

const now = Date.parse('2026-03-01T12:00:00.000Z')

describe('parseInstant reads what people and scripts write', () => {
  it.each([
    ['now', now],
    ['-1h', now - 3_600_000],
    ['-90s', now - 90_000],
    ['-250ms', now - 250],
    ['-2d', now - 172_800_000],
    ['-1w', now - 604_800_000],
    ['1772366400000', 1_772_366_400_000],
    ['2026-02-28T23:59:59Z', Date.parse('2026-02-28T23:59:59Z')],
    ['2026-02-28T23:59Z', Date.parse('2026-02-28T23:59:00Z')],
    ['2024-02-29T00:00:00.123456789+02:00', Date.parse('2024-02-28T22:00:00.123Z')],
  ])('%s', (text, expected) => {
    expect(parseInstant(text, now, 'from')).toBe(expected)
  })

  it.each([
    '',
    'yesterday',
    '1h',
    '+1h',
    '-1',
    '-1y',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-02-28',
    '2026-02-28T25:00:00Z',
  ])('refuses %j and names the parameter', (text) => {
    const error = caught(() => parseInstant(text, now, 'from'))
    expect(error).toMatchObject({ code: 'BAD_REQUEST', subject: 'from' })
  })

  it('refuses a range that ends before it starts', () => {
    expect(caught(() => parseRange({ from: 'now', to: '-1h' }, now))).toMatchObject({ subject: 'from' })
    expect(parseRange({ from: '-1h', to: 'now' }, now)).toEqual({ fromMs: now - 3_600_000, toMs: now })
  })
})

describe('parseDurationMs', () => {
  it.each([
    ['500', 500],
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('%s', (text, expected) => {
    expect(parseDurationMs(text, 'step')).toBe(expected)
  })
  it.each(['0', '0s', '-1s', '1.5s', 's', ''])('refuses %j', (text) => {
    expect(caught(() => parseDurationMs(text, 'step'))).toMatchObject({ code: 'BAD_REQUEST', subject: 'step' })
  })
})

function caught(run: () => unknown): ScopeError {
  try {
    run()
  } catch (error) {
    if (error instanceof ScopeError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
