import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { describe, expect, it } from 'vitest'
import {
  foldWords,
  inlineItems,
  prepareDiffItems,
} from '../../../app/(screens)/c/[cluster]/history/object/prepareFolds'
import { countLines, type LineRow, parseUnified } from '../../../app/(screens)/c/[cluster]/history/object/prepareLines'
import { formsOf, hexDump, shownLines } from '../../../app/(screens)/c/[cluster]/history/object/prepareValue'
import { prepareEntries } from '../../../app/(screens)/c/[cluster]/history/prepareEntries'
import { prepareFields, redactedWords } from '../../../app/(screens)/c/[cluster]/history/prepareFields'
import { lineWords, wordDiff } from '../../../app/(screens)/c/[cluster]/history/wordDiff'
import { plainDiff } from '../../../lib/query/unifiedDiff'
import { seededRandom } from '../../support/seededRandom'

const rowsOf = (before: string, after: string): readonly LineRow[] => {
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY }
  const unified = before === after ? '' : createTwoFilesPatch('a', 'b', before, after, undefined, undefined, options)
  return parseUnified({ before, after, unified })
}
const lines = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join('')
const sideOf = (rows: readonly LineRow[], side: 'left' | 'right') =>
  rows.flatMap((row) => (row[side] === null ? [] : [row[side].text]))

describe('lines of two values', () => {
  it('gives back both values whole, whatever they are', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 300; round++) {
      const text = () =>
        Array.from(
          { length: Math.floor(random() * 30) },
          () => ['a: 1', 'b: 2', '- x', '-- y', '@@ z', '+++ q', ''][Math.floor(random() * 7)] ?? '',
        )
      const [before, after] = [text(), text()]
      const old = lines(before)
      const now = lines(after)
      for (const rows of [
        rowsOf(old, now),
        parseUnified({
          before: old,
          after: now,
          unified: old === now ? '' : plainDiff(old, now, { before: 'a', after: 'b' }),
        }),
      ]) {
        expect(sideOf(rows, 'left')).toEqual(before)
        expect(sideOf(rows, 'right')).toEqual(after)
        for (const { left, right } of rows)
          if (left?.changed !== true && right?.changed !== true) expect(left?.text).toBe(right?.text)
      }
    }
  })

  it('numbers lines from one on both sides', () => {
    const rows = rowsOf(lines(['a', 'c']), lines(['a', 'b', 'c']))
    expect(rows.map(({ left, right }) => [left?.number ?? null, right?.number ?? null])).toEqual([
      [1, 1],
      [null, 2],
      [2, 3],
    ])
  })

  it('stands a replaced field beside itself, not beside a field added above it', () => {
    const rows = rowsOf(lines(['x', 'replicas: 4']), lines(['x', 'paused: true', 'replicas: 6']))
    expect(rows.slice(1).map(({ left, right }) => [left?.text ?? null, right?.text ?? null])).toEqual([
      [null, 'paused: true'],
      ['replicas: 4', 'replicas: 6'],
    ])
  })

  it('finds the few lines that differ inside one large block', () => {
    const before = Array.from({ length: 5000 }, (_, i) => `line ${i}`)
    const after = before.map((line, i) => (i === 1000 || i === 4000 ? `${line}!` : line))
    const unified = plainDiff(lines(before), lines(after), { before: 'a', after: 'b' })
    const rows = parseUnified({ before: lines(before), after: lines(after), unified })
    expect(countLines(rows)).toEqual({ added: 2, removed: 2, places: 2, unimportant: 0 })
  })

  it('counts unimportant lines apart', () => {
    const rows = rowsOf(lines(['a', 'b']), lines(['c', 'b']))
    expect(countLines(rows, ['status', null])).toEqual({ added: 0, removed: 0, places: 0, unimportant: 1 })
  })
})

const manifest = (replicas: number, revision: number, ready: number) =>
  lines([
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: checkout',
    '  namespace: shop',
    `  resourceVersion: "${revision}"`,
    '  labels:',
    '    app: checkout',
    '  managedFields:',
    '    - manager: argocd',
    `      time: ${revision}`,
    'spec:',
    '  paused: false',
    '  strategy:',
    '    type: Recreate',
    '  selector:',
    '    app: checkout',
    '  template:',
    '    spec: {}',
    `  replicas: ${replicas}`,
    'status:',
    `  readyReplicas: ${ready}`,
    '  conditions:',
    '    - type: Available',
  ])
const shown = (rows: readonly LineRow[], given: Partial<Parameters<typeof prepareDiffItems>[1]> = {}) =>
  prepareDiffItems(rows, { language: 'yaml', foldUnimportant: true, opened: new Set(), ...given })
const foldsOf = (items: ReturnType<typeof prepareDiffItems>) =>
  items.flatMap((item) => (item.kind === 'fold' ? [`${item.fold.names.join(', ')}: ${foldWords(item.fold)}`] : []))

describe('folds', () => {
  const rows = rowsOf(manifest(4, 100, 4), manifest(6, 101, 4))

  it('say what is folded, how much, and whether it changed', () => {
    expect(foldsOf(shown(rows))).toEqual([
      'apiVersion, kind, metadata: 5 lines, equal',
      'resourceVersion: 1 line, folded as unimportant: 1 changed',
      'managedFields: 3 lines, folded as unimportant: 1 changed',
      'spec: 5 lines, equal',
      'status: 4 lines, folded as unimportant: unchanged',
    ])
  })

  it('hide no changed line but unimportant ones', () => {
    for (const foldUnimportant of [true, false]) {
      const items = shown(rows, { foldUnimportant })
      for (const item of items)
        if (item.kind === 'fold' && !item.fold.unimportant) expect(item.fold.changedLines).toBe(0)
    }
    const all = shown(rows, { foldUnimportant: false })
    expect(foldsOf(all).some((words) => words.includes('unimportant'))).toBe(false)
  })

  it('open one by one until every row is there', () => {
    let items = shown(rows)
    const opened = new Set<string>()
    for (
      let item = items.find(({ kind }) => kind === 'fold');
      item !== undefined;
      item = items.find(({ kind }) => kind === 'fold')
    ) {
      opened.add(item.id)
      items = shown(rows, { opened: new Set(opened) })
    }
    expect(items).toHaveLength(rows.length)
  })

  it('leave short equal runs alone', () => {
    const short = rowsOf(lines(['a', 'b', 'c']), lines(['a', 'b', 'd']))
    expect(foldsOf(shown(short))).toEqual([])
  })

  it('know nothing unimportant in what is not a Kubernetes object', () => {
    const text = rowsOf(lines(['status: 1']), lines(['status: 2']))
    expect(foldsOf(shown(text, { language: 'text' }))).toEqual([])
  })

  it('in one column stand removed lines above those added in their place', () => {
    const items = inlineItems(shown(rowsOf(lines(['a: 1', 'b: 1']), lines(['a: 2', 'b: 2']))))
    expect(items.map((item) => (item.kind === 'line' ? item.side : 'fold'))).toEqual([
      'removed',
      'removed',
      'added',
      'added',
    ])
  })
})

describe('words', () => {
  const marked = (parts: readonly { text: string; changed: boolean }[]) =>
    parts.map(({ text, changed }) => (changed ? `[${text}]` : text)).join('')

  it.each([
    [
      'image: shop.test/checkout:2.31.0',
      'image: shop.test/checkout:2.32.0',
      'image: shop.test/checkout:[2.31.0]',
      'image: shop.test/checkout:[2.32.0]',
    ],
    ['replicas: 4', 'replicas: 6', 'replicas: [4]', 'replicas: [6]'],
    ['4', '6', '[4]', '[6]'],
    ['same', 'same', 'same', 'same'],
    ['', 'new', '', '[new]'],
    ['one two three x', 'one deux trois x', 'one [two three] x', 'one [deux trois] x'],
    [
      `${'a'.repeat(50)}b${'c'.repeat(50)}`,
      `${'a'.repeat(50)}d${'c'.repeat(50)}`,
      `${'a'.repeat(50)}[b]${'c'.repeat(50)}`,
      `${'a'.repeat(50)}[d]${'c'.repeat(50)}`,
    ],
    ['alpha beta', 'gamma delta', '[alpha beta]', '[gamma delta]'],
  ])('%s → %s', (before, after, left, right) => {
    const words = wordDiff(before, after)
    expect(marked(words.before)).toBe(left)
    expect(marked(words.after)).toBe(right)
  })

  it('lose no letter, whatever the texts', () => {
    const random = seededRandom(11)
    const text = () =>
      Array.from({ length: Math.floor(random() * 40) }, () => 'ab :/="\n'[Math.floor(random() * 8)] ?? '').join('')
    for (let round = 0; round < 500; round++) {
      const [before, after] = [text(), text()]
      const words = wordDiff(before, after)
      expect(words.before.map((part) => part.text).join('')).toBe(before)
      expect(words.after.map((part) => part.text).join('')).toBe(after)
    }
  })

  it('show the stretch around the difference of a line of a megabyte', () => {
    const long = 'x'.repeat(1_000_000)
    const words = lineWords(`${long} old ${long}`, `${long} new ${long}`)
    expect(marked(words.before)).toContain('[old]')
    expect(marked(words.after)).toContain('[new]')
    expect(marked(words.after).length).toBeLessThan(3000)
    expect(marked(words.after)).toMatch(/^… 999,8\d\d equal characters …/)
  })
})

describe('fields of a change', () => {
  it('counts bookkeeping instead of listing it', () => {
    const fields = prepareFields([
      { path: 'spec.replicas', op: 'replace', before: 4, after: 6 },
      { path: 'metadata.resourceVersion', op: 'replace', before: '1', after: '2' },
      { path: 'metadata.managedFields[0].time', op: 'replace', before: 'a', after: 'b' },
    ])
    expect(fields.fields.map(({ path }) => path)).toEqual(['spec.replicas'])
    expect(fields.unimportant).toBe(2)
  })

  it('lists at most forty, and says how many more', () => {
    const changes = Array.from({ length: 100 }, (_, i) => ({ path: `data.k${i}`, op: 'add' as const, after: i }))
    const fields = prepareFields(changes)
    expect([fields.fields.length, fields.more]).toEqual([40, 60])
    expect(fields.fields[0]?.before).toBeNull()
  })

  it('cuts long values with a plain word', () => {
    const [field] = prepareFields([{ path: 'data.x', op: 'add', after: 'y'.repeat(5000) }]).fields
    expect(field?.after?.[0]?.text).toMatch(/4,400 characters more$/)
  })

  it('tells of a redacted value its length and whether it is the same', () => {
    const line = (fingerprint: string) => `redacted, 14.2 KiB, fingerprint ${fingerprint}\n`
    expect(redactedWords({ before: line('a'), after: line('b') })).toEqual({
      before: '14.2 KiB',
      after: '14.2 KiB',
      changed: true,
    })
    expect(redactedWords({ before: line('a'), after: line('a') }).changed).toBe(false)
    expect(redactedWords({ before: '', after: line('a') }).before).toBeNull()
  })
})

describe('a value alone', () => {
  it.each([
    [{ encoding: 'kubernetes', redacted: null, object: {} }, ['yaml', 'json']],
    [{ encoding: 'json', redacted: null, object: {}, text: '{}' }, ['json', 'text', 'hex']],
    [{ encoding: 'text', redacted: null, text: 'a' }, ['text', 'hex']],
    [{ encoding: 'binary', redacted: null, base64: 'AA==' }, ['hex']],
    [{ encoding: 'binary', redacted: { fingerprint: 'f', valueBytes: 1, entries: null } }, []],
  ] as const)('%j has the forms %j', (value, forms) => {
    expect(formsOf(value)).toEqual(forms)
  })

  it('prints bytes with their places and letters', () => {
    expect(hexDump(new TextEncoder().encode('hello, etcd 12345\n'))).toBe(
      '00000000  68 65 6c 6c 6f 2c 20 65 74 63 64 20 31 32 33 34  |hello, etcd 1234|\n' +
        '00000010  35 0a                                            |5.|',
    )
  })

  it('says what it leaves out', () => {
    expect(shownLines('a\nb\n', false)).toEqual({ lines: ['a', 'b'], cut: null })
    expect(shownLines('x'.repeat(3000), false).cut).toContain('2,000 characters')
    expect(shownLines('a\n'.repeat(60_000), true)).toMatchObject({
      cut: 'The value is longer than 2 MiB: its beginning is shown. The first 50,000 of 60,000 lines are shown.',
    })
  })
})

describe('entries of a redacted Secret', () => {
  const printed = (...entries: string[]) => ['redacted, 1.2 KiB, fingerprint 0f', ...entries, ''].join('\n')
  it('are told by name: equal, replaced, added, removed', () => {
    const before = printed('a: 1 B, fingerprint 01', 'b: 1 B, fingerprint 02', 'c: 1 B, fingerprint 03')
    const after = printed('a: 1 B, fingerprint 01', 'b: 9 B, fingerprint 99', 'd: 1 B, fingerprint 03')
    expect(prepareEntries({ before, after })?.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'equal'],
      ['b', 'replaced'],
      ['c', 'removed'],
      ['d', 'added'],
    ])
    expect(prepareEntries({ before: '', after })?.every(({ state }) => state === 'added')).toBe(true)
  })
  it('are not told where one side has none recorded', () => {
    expect(prepareEntries({ before: printed(), after: printed('a: 1 B, fingerprint 01') })).toBeNull()
    expect(prepareEntries({ before: '', after: printed() })).toBeNull()
  })
})
