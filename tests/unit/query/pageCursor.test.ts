import { describe, expect, it } from 'vitest'
import { pageFrom, positionShape, readCursor, writeCursor } from '../../../lib/query/pageCursor'

describe('a page cursor', () => {
  it('comes back as the position it was made from', () => {
    const cursor = writeCursor('changes-desc', [2, '9007199254740993', 7])
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(readCursor(cursor, 'changes-desc', positionShape)).toEqual([2, '9007199254740993', 7])
  })

  it.each([
    ['another list', writeCursor('history', [1, '5', 0])],
    ['the other order', writeCursor('changes-asc', [1, '5', 0])],
    ['a wrong shape', writeCursor('changes-desc', [1, 5, 0])],
    ['a negative epoch', writeCursor('changes-desc', [-1, '5', 0])],
    ['too many parts', writeCursor('changes-desc', [1, '5', 0, 1])],
    ['not JSON', Buffer.from('{oops').toString('base64url')],
    ['not base64url', '%%%'],
    ['nothing', ''],
  ])('refuses %s, naming cursor', (_what, cursor) => {
    expect(() => readCursor(cursor, 'changes-desc', positionShape)).toThrowError(
      expect.objectContaining({ code: 'BAD_REQUEST', subject: 'cursor' }),
    )
  })

  it('is null on the last page and points behind the last item kept on others', () => {
    const page = (rows: number[]) => pageFrom(rows, 2, String, (row) => `after ${row}`)
    expect(page([])).toEqual({ items: [], nextCursor: null })
    expect(page([1, 2])).toEqual({ items: ['1', '2'], nextCursor: null })
    expect(page([1, 2, 3])).toEqual({ items: ['1', '2'], nextCursor: 'after 2' })
  })
})
