import { describe, expect, it } from 'vitest'
import {
  durationLabel,
  durationMs,
  isFollowing,
  parseUrlState,
  resolveSpans,
  type UrlState,
  urlStateParams,
  withParams,
} from '../../../app/_client/urlState'

const at = (text: string) => Date.parse(text)
const from = at('2026-03-01T12:00:00Z')
const to = at('2026-03-01T13:00:00Z')

const states: readonly (readonly [string, UrlState])[] = [
  ['', { range: { kind: 'relative', duration: '15m' }, zoom: null, axis: 'time', pausedAtMs: null }],
  ['range=6h', { range: { kind: 'relative', duration: '6h' }, zoom: null, axis: 'time', pausedAtMs: null }],
  [
    'range=2026-03-01T12:00:00Z..2026-03-01T13:00:00Z&axis=revision',
    { range: { kind: 'absolute', fromMs: from, toMs: to }, zoom: null, axis: 'revision', pausedAtMs: null },
  ],
  [
    'zoom=2026-03-01T12:00:00.250Z..2026-03-01T13:00:00Z&paused=2026-03-01T13:00:00Z',
    {
      range: { kind: 'relative', duration: '15m' },
      zoom: { fromMs: from + 250, toMs: to },
      axis: 'time',
      pausedAtMs: to,
    },
  ],
]

describe('the codec of a link', () => {
  it.each(states)('reads "%s"', (text, state) => {
    expect(parseUrlState(new URLSearchParams(text))).toEqual(state)
  })

  it.each(states)('writes back what it read from "%s"', (text, state) => {
    const written = withParams(new URLSearchParams(), urlStateParams(state))
    expect([...written].sort()).toEqual([...new URLSearchParams(text)].sort())
  })

  it.each([
    'range=forever',
    'range=0m',
    'range=9999999d',
    'range=2026-03-01T13:00:00Z..2026-03-01T12:00:00Z',
    'range=2026-03-01T12:00:00Z',
    'range=..&zoom=..&axis=space&paused=yesterday',
    'zoom=2026-03-01T12:00:00Z..2026-03-01T12:00:00.100Z',
  ])('falls back to the default for "%s"', (text) => {
    expect(parseUrlState(new URLSearchParams(text))).toEqual(states[0]?.[1])
  })

  it('keeps the parameters of others and their order', () => {
    const next = withParams(new URLSearchParams('q=a&range=1h&only=x'), { range: '6h', q: null })
    expect(next.toString()).toBe('range=6h&only=x')
  })
})

describe('spans', () => {
  const base = parseUrlState(new URLSearchParams('range=1h'))

  it('follow the clock while live', () => {
    expect(isFollowing(base)).toBe(true)
    expect(resolveSpans(base, to)).toEqual({ outer: { fromMs: from, toMs: to }, page: { fromMs: from, toMs: to } })
  })

  it('stand still while paused', () => {
    const paused = { ...base, pausedAtMs: to }
    expect(isFollowing(paused)).toBe(false)
    expect(resolveSpans(paused, to + 60_000).outer).toEqual({ fromMs: from, toMs: to })
  })

  it('show the zoom within the outer range', () => {
    const zoom = { fromMs: from + 1000, toMs: from + 2000 }
    expect(resolveSpans({ ...base, zoom }, to)).toEqual({ outer: { fromMs: from, toMs: to }, page: zoom })
  })
})

it.each([
  ['90s', 90_000],
  ['15m', 900_000],
  ['2d', 172_800_000],
  ['1w', 604_800_000],
  ['15', null],
  ['m', null],
  ['-5m', null],
  ['1y', null],
])('durationMs(%s) is %s', (text, ms) => {
  expect(durationMs(text)).toBe(ms)
})

it.each([
  ['1h', 'Last hour'],
  ['6h', 'Last 6 hours'],
  ['7d', 'Last 7 days'],
])('%s reads "%s"', (duration, label) => {
  expect(durationLabel(duration)).toBe(label)
})
