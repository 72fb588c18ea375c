import { describe, expect, it } from 'vitest'
import { compareValues, holdBack, holdPlaces, parseSort, sortText, toCsv } from '../../../app/_ui/table'

describe('order', () => {
  it('numbers in names count as numbers', () => {
    expect(['m10', 'm9', 'm1'].sort((a, b) => compareValues(a, b, false))).toEqual(['m1', 'm9', 'm10'])
  })

  it('int64 keep their order beyond 2^53', () => {
    expect(compareValues(9007199254740993n, 9007199254740992n, false)).toBe(1)
  })

  it('unknown stands last in both directions', () => {
    for (const descending of [false, true]) {
      expect([null, 1, 2].sort((a, b) => compareValues(a, b, descending)).at(-1)).toBeNull()
    }
  })

  it('is read from and written to the link; columns that do not exist are ignored', () => {
    expect(parseSort('-bytes', ['bytes'])).toEqual({ column: 'bytes', descending: true })
    expect(parseSort('size', ['bytes'])).toBeNull()
    expect(sortText({ column: 'bytes', descending: true })).toBe('-bytes')
  })
})

describe('rows that came while somebody points at the table', () => {
  const key = (row: string) => row

  it('wait above the first one shown', () => {
    expect(holdBack(['e', 'd', 'c', 'b'], key, 'c')).toEqual({ shown: ['c', 'b'], waiting: 2 })
  })

  it('show at once when nothing is held', () => {
    expect(holdBack(['e', 'd'], key, null)).toEqual({ shown: ['e', 'd'], waiting: 0 })
  })

  it('show when the held row is no longer there: it is another view', () => {
    expect(holdBack(['x', 'y'], key, 'c')).toEqual({ shown: ['x', 'y'], waiting: 0 })
  })
})

describe('rows that change their place while somebody points at the table', () => {
  interface Row {
    readonly id: string
    readonly rank: number
    readonly text: string
  }
  const row = (id: string, rank = 0, text = '') => ({ id, rank, text })
  const hold = (rows: readonly Row[], held: readonly Row[] | null) =>
    holdPlaces(
      rows,
      ({ id }) => id,
      ({ rank }) => rank,
      held,
    )

  it('stay where they are, with their newest content', () => {
    const held = [row('a'), row('b')]
    expect(hold([row('b'), row('a', 0, 'new')], held)).toEqual({ shown: [row('a', 0, 'new'), row('b')], waiting: 0 })
  })

  it('count what waits: new rows, rows that are gone, rows of another rank by now', () => {
    const held = [row('a'), row('b'), row('c', 1)]
    const now = [row('c', 0), row('new'), row('a')]
    expect(hold(now, held)).toEqual({ shown: [row('a'), row('b'), row('c', 0)], waiting: 3 })
  })

  it('show at once when nothing is held', () => {
    expect(hold([row('x')], null)).toEqual({ shown: [row('x')], waiting: 0 })
  })
})

it('CSV quotes what needs it and defuses formulas', () => {
  const csv = toCsv(['a,b', 'say "x"', '=1+1', '-5'], [{ head: 'v', text: (row) => row }])
  expect(csv.split('\r\n')).toEqual(['v', '"a,b"', '"say ""x"""', "'=1+1", '-5'])
})
