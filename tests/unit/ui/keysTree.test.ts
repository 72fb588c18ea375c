import { describe, expect, it } from 'vitest'
import { branchesToAsk } from '../../../app/(screens)/c/[cluster]/keys/branchesToAsk'
import { branchId, branchOfId, type Level } from '../../../app/(screens)/c/[cluster]/keys/keysQueries'
import {
  branchesOpenAtStart,
  byName,
  createLevelCache,
  flattenTree,
  levelTotals,
  prepareLevel,
  type TreeRow,
} from '../../../app/(screens)/c/[cluster]/keys/prepareTree'
import { keysSentence } from '../../../app/(screens)/c/[cluster]/keys/prepareVerdict'
import { findTyped, parentIndex, treeAct } from '../../../app/(screens)/c/[cluster]/keys/treeKeys'
import type { KeyItem } from '../../../lib/contract'

const leaf = (key: string, valueBytes: number, modRevision = '5'): KeyItem => ({
  key,
  modRevision,
  createRevision: '2',
  version: '1',
  leaseId: null,
  valueBytes,
})
const branch = (prefix: string, count: number, valueBytes: number): KeyItem => ({ prefix, count, valueBytes })
const level = (prefix: string, items: readonly KeyItem[], nextCursor: string | null = null): Level => ({
  base: { prefix },
  items,
  nextCursor,
})

const root = level('/', [branch('/app/', 2, 30), leaf('/lock', 10, '9'), branch('/registry/', 3, 60)])
const app = level('/app/', [leaf('/app/a', 10), leaf('/app/b', 20)])

function rowsOf(open: readonly string[], levels: Record<string, Level | Error> = { '': root, '/app/': app }) {
  return flattenTree({
    root: '',
    levels: new Map(
      Object.entries(levels).map(([id, one]) => [
        id,
        one instanceof Error ? { level: null, error: one } : { level: one, error: null },
      ]),
    ),
    open: new Set(open),
    sort: byName,
    nodesOf: createLevelCache(),
  })
}
const names = (rows: readonly TreeRow[]) =>
  rows.map((row) => `${'.'.repeat(row.depth - 1)}${'node' in row ? row.node.label.text : row.kind}`)

describe('flattenTree', () => {
  it('shows the children of open branches only, named by what stands behind the branch', () => {
    expect(names(rowsOf([]))).toEqual(['app/', 'lock', 'registry/'])
    expect(names(rowsOf(['/app/']))).toEqual(['app/', '.a', '.b', 'lock', 'registry/'])
  })
  it('shows that an open branch loads, or failed', () => {
    expect(names(rowsOf(['/registry/']))).toEqual(['app/', 'lock', 'registry/', '.loading'])
    expect(names(rowsOf(['/registry/'], { '': root, '/registry/': new Error('gone') }))).toEqual([
      'app/',
      'lock',
      'registry/',
      '.failed',
    ])
  })
  it('ends a branch that is not loaded whole with a row that loads more, and counts it as a sibling', () => {
    const rows = rowsOf(['/app/'], { '': root, '/app/': { ...app, nextCursor: 'next' } })
    expect(names(rows)).toEqual(['app/', '.a', '.b', '.more', 'lock', 'registry/'])
    expect(rows[3]).toMatchObject({ branch: '/app/', shown: 2, sorted: false, position: 3, siblings: 3 })
  })
  it('tells each row its place among its siblings, and its share of its branch', () => {
    const rows = rowsOf(['/app/'])
    expect(rows.map((row) => [row.depth, row.position, row.siblings])).toEqual([
      [1, 1, 3],
      [2, 1, 2],
      [2, 2, 2],
      [1, 2, 3],
      [1, 3, 3],
    ])
    expect(rows.map((row) => ('node' in row ? row.node.share : null))).toEqual([0.3, 10 / 30, 20 / 30, 0.1, 0.6])
  })
  it('shows all of 100,000 keys of one branch', () => {
    const items = Array.from({ length: 100_000 }, (_, i) => leaf(`/bulk/${String(i).padStart(6, '0')}`, i % 977))
    const levels = { '': level('/', [branch('/bulk/', 100_000, 1)]), '/bulk/': level('/bulk/', items) }
    expect(rowsOf(['/bulk/'], levels)).toHaveLength(100_001)
  })
})

describe('prepareLevel', () => {
  const order = (column: string, descending: boolean) =>
    prepareLevel(root, { column, descending }).map((node) => node.label.text)
  it.each([
    ['name', false, ['app/', 'lock', 'registry/']],
    ['name', true, ['registry/', 'lock', 'app/']],
    ['bytes', true, ['registry/', 'app/', 'lock']],
    ['keys', true, ['registry/', 'app/', 'lock']],
    ['keys', false, ['lock', 'app/', 'registry/']],
    // A branch has no revision of its own: it stands behind those that have one.
    ['revision', true, ['lock', 'app/', 'registry/']],
  ] as const)('sorts by %s, descending %s', (column, descending, expected) => {
    expect(order(column, descending)).toEqual(expected)
  })
  it('leaves the whole name to be read when the prefix ends within it', () => {
    const cut = level('/registry/po', [branch('/registry/pods/', 3, 1), leaf('/registry/port', 1)])
    expect(prepareLevel(cut, byName).map((node) => node.label.text)).toEqual(['pods/', 'port'])
  })
  it('names keys and branches that are not text by their bytes, behind the bytes of their branch', () => {
    const bytes = (text: string) => Buffer.from(text, 'latin1')
    const binary: Level = {
      base: { prefix: '/\ufffd/', prefixBase64: bytes('/\xff/').toString('base64url') },
      items: [
        { ...leaf('', 1), key: undefined, keyBase64: bytes('/\xff/\x00key').toString('base64') } as KeyItem,
        {
          prefix: '/\ufffd/\ufffd/',
          prefixBase64: bytes('/\xff/\xfe/').toString('base64url'),
          count: 1,
          valueBytes: 1,
        },
      ],
      nextCursor: null,
    }
    expect(prepareLevel(binary, byName).map((node) => node.label)).toEqual([
      { text: '\\x00key', escaped: true },
      { text: '\\xfe/', escaped: true },
    ])
  })
})

describe('branchId', () => {
  it.each([{ prefix: '/a/' }, { prefix: 'base64:/' }, { prefix: '', prefixBase64: 'L_8v' }])(
    'names a branch so that it can be asked for again: %j',
    (name) => {
      expect(branchOfId(branchId(name))).toEqual(name)
    },
  )
})

describe('branchesToAsk', () => {
  it.each([
    [['/registry/', '/registry/pods/'], '/', ['/registry/', '/registry/pods/']],
    // The branch around it is closed: nobody sees it.
    [['/registry/pods/'], '/', []],
    // The page begins inside it: the branches around the page need not be open.
    [['/registry/pods/'], '/registry/', ['/registry/pods/']],
    [['/', '/registry/'], '/registry/', []],
    [['/app/', 'base64:L_8v'], '/registry/', ['base64:L_8v']],
  ] as const)('%j under %s', (open, base, expected) => {
    expect(branchesToAsk(open, base)).toEqual(expected)
  })
})

describe('the tree under the keyboard', () => {
  const rows = rowsOf(['/app/'])
  const at = (name: string) => names(rows).indexOf(name)
  it.each([
    ['.a', 'ArrowDown', '.b'],
    ['lock', 'ArrowUp', '.b'],
    ['.b', 'ArrowLeft', 'app/'],
    ['app/', 'ArrowRight', '.a'],
    ['lock', 'Home', 'app/'],
    ['app/', 'End', 'registry/'],
    ['app/', 'PageDown', 'registry/'],
  ])('from %s, %s goes to %s', (from, key, to) => {
    expect(treeAct(rows, at(from), key)).toEqual({ kind: 'move', index: at(to) })
  })
  it.each([
    ['registry/', 'ArrowRight', 'open'],
    ['app/', 'ArrowLeft', 'close'],
    ['lock', 'Enter', 'choose'],
    ['registry/', ' ', 'choose'],
  ])('on %s, %s means %s', (from, key, kind) => {
    expect(treeAct(rows, at(from), key)).toEqual({ kind, row: rows[at(from)] })
  })
  it.each([
    ['app/', 'ArrowUp'],
    ['lock', 'ArrowRight'],
    ['lock', 'ArrowLeft'],
    ['registry/', 'End'],
    ['app/', 'Tab'],
  ])('on %s, %s means nothing', (from, key) => {
    expect(treeAct(rows, at(from), key)).toBeNull()
  })
  it('means nothing in an empty tree', () => {
    for (const key of ['ArrowDown', 'Home', 'Enter', 'ArrowLeft']) expect(treeAct([], 0, key)).toBeNull()
  })
  it('finds the row that a row stands in', () => {
    expect(parentIndex(rows, at('.b'))).toBe(at('app/'))
    expect(parentIndex(rows, at('lock'))).toBeNull()
  })
  it.each([
    ['app/', 'l', 'lock'],
    ['lock', 'a', 'app/'],
    ['app/', 'a', '.a'],
    // The second letter may stay where the first led.
    ['lock', 'lo', 'lock'],
    ['app/', 'zz', null],
  ])('from %s, typing %s finds %s', (from, typed, to) => {
    expect(findTyped(rows, at(from), typed)).toBe(to === null ? null : at(to))
  })
})

describe('what the screen says first', () => {
  it('adds keys and branches up', () => {
    expect(levelTotals(root)).toEqual({ keys: 6, valueBytes: 100, more: false })
  })
  it.each([
    [root, '', '6 keys, 100 B of values'],
    [root, '/', '6 keys, 100 B of values under /'],
    [level('', [leaf('a', 1)]), '', '1 key, 1 B of values'],
    [{ ...root, nextCursor: 'more' }, '', 'More than 6 keys, 100 B of values'],
    [level('', []), '', 'No keys'],
    [level('/x', []), '/x', 'No key starts with /x'],
  ] as const)('%#', (shown, prefix, sentence) => {
    expect(keysSentence(shown, prefix)).toBe(sentence)
  })
  it('opens few branches from the start, many not', () => {
    expect(branchesOpenAtStart(root)).toEqual(['/app/', '/registry/'])
    expect(
      branchesOpenAtStart(
        level(
          '/',
          [...'abcde'].map((x) => branch(`/${x}/`, 1, 1)),
        ),
      ),
    ).toEqual([])
  })
})
