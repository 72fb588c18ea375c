import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../../lib/kubernetes/fingerprint'
import { printYaml } from '../../../lib/kubernetes/presentValue'
import { blame } from '../../../lib/query/blame'
import { plainLines, printedLines } from '../../../lib/query/blamePrinted'
import { matchLines } from '../../../lib/query/blameText'
import { ascribeAll, type BlameNode, blameTree, showOlder } from '../../../lib/query/blameTree'
import { diff } from '../../../lib/query/diff'
import { value } from '../../../lib/query/value'
import type { ValueRow } from '../../../lib/store/store'
import { changeRow, clusterRow, emptyRecord, epochRow, fakeReader } from '../../support/fakeReader'
import { seededRandom } from '../../support/seededRandom'

type Json = Record<string, unknown>
const encode = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const key = '/registry/things/shop/web'

/** Puts and deletes of one key, oldest first, at revisions 10, 20, …; null deletes. */
function versionsOf(values: readonly (unknown | null)[]): ValueRow[] {
  let created = 0n
  let version = 0n
  return values.map((value, i) => {
    const revision = BigInt((i + 1) * 10)
    if (value === null) {
      const row = changeRow(key, Number(revision), { op: 'delete', value: null, valueBytes: 0, createRevision: 0n })
      version = 0n
      return { ...row, version: 0n }
    }
    if (version === 0n) created = revision
    version += 1n
    const bytes = encode(value)
    return changeRow(key, Number(revision), {
      op: version === 1n ? 'create' : 'update',
      value: bytes,
      valueBytes: bytes.length,
      createRevision: created,
      version,
      manager: `writer-${revision}`,
    })
  })
}

function scopeOf(rows: ValueRow[]) {
  const last = rows.at(-1)?.revision ?? 0n
  const epoch = epochRow({ storedRevision: last, firstRevision: 1n, firstMs: 0, lastMs: Number(last) * 1000 })
  const reader = fakeReader({ ...emptyRecord(), clusters: [clusterRow({ epochs: [epoch] })], rows })
  return { reader, nowMs: 1e6, version: '1' }
}

const ask = (rows: ValueRow[], at = 'now') => blame(scopeOf(rows), { cluster: 'prod', key, at })

describe('blame against a plain model of random histories', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('seed %i', async (seed) => {
    const random = seededRandom(seed)
    const values = randomHistory(random)
    const expected = modelOf(values)
    const answer = await ask(versionsOf(values))
    const found = new Map(answer.items.map((item) => [item.path, item.revision]))
    expect(found).toEqual(expected)
    expect(answer.truncated).toBe(false)
    expect(answer.lines.every((line) => line.revision !== null && line.path !== null)).toBe(true)
    for (const line of answer.lines.filter((one) => found.has(one.path ?? '') && !one.text.endsWith('|'))) {
      const item = answer.items.find((one) => one.path === line.path)
      if (typeof item?.value === 'number') expect(line).toMatchObject({ revision: item.revision })
      if (typeof item?.value === 'number') expect(line.text).toContain(String(item.value))
    }
  })
})

describe('the printed lines', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'joined are the printed text, and each leaf stands on its own, seed %i',
    (seed) => {
      const object = { ...randomObject(seededRandom(seed + 1000), 4), text: hostileTexts }
      const text = printYaml(object)
      const root = blameTree<number>(object)
      const lines = printedLines(text, 'yaml', root)
      expect(`${lines.map((line) => line.text).join('\n')}\n`).toBe(text)
      const leaves = leavesOf(root)
      const shown = new Set(lines.map((line) => line.node))
      expect(leaves.filter((leaf) => !shown.has(leaf)).map((leaf) => leaf.path)).toEqual([])
      for (const { text: line, line: own } of lines) if (own !== null) expect(line.trim()).toBe(own.text.trim())
    },
  )
  it('of a block text are each its own', () => {
    const object = { data: { conf: 'a = 1\n\n# note\n  b = 2\n', plain: 'x' } }
    const lines = printedLines(printYaml(object), 'yaml', blameTree(object))
    expect(lines.map(({ line }) => line?.text ?? null)).toEqual([null, null, 'a = 1', '', '# note', '  b = 2', null])
    expect(lines.map(({ node }) => node?.path)).toEqual(['data', ...Array(5).fill('data.conf'), 'data.plain'])
  })
  it('of plain text are the text', () => {
    const root = blameTree('a\nb\n')
    expect(plainLines('a\nb\n', root).map(({ line }) => line?.place)).toEqual([0, 1])
    expect(plainLines('one', blameTree('one'))).toMatchObject([{ text: 'one', line: null }])
  })
})

describe('a change is ascribed', () => {
  it('line by line within a text of a ConfigMap', async () => {
    const map = (conf: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { conf } })
    const answer = await ask(versionsOf([map('a=1\nb=1\nc=1\n'), map('a=1\nb=2\nc=1\n'), map('z=0\na=1\nb=2\nc=1\n')]))
    const conf = answer.lines.filter(({ path }) => path === 'data.conf')
    expect(conf.map(({ text, revision }) => [text.trim(), revision])).toEqual([
      ['conf: |', '30'],
      ['z=0', '30'],
      ['a=1', '10'],
      ['b=2', '20'],
      ['c=1', '10'],
    ])
    expect(conf[3]).toMatchObject({ manager: 'writer-20', at: '1970-01-01T00:00:20.000Z', afterGap: false })
  })
  it('to the line of a plain text', async () => {
    const answer = await ask(versionsOf(['one\ntwo\n', 'one\n2\n', 'zero\none\n2\n']))
    expect(answer.language).toBe('text')
    expect(answer.lines.map(({ text, revision }) => [text, revision])).toEqual([
      ['zero', '30'],
      ['one', '10'],
      ['2', '20'],
    ])
  })
  it('not to a move within a list with merge keys', async () => {
    const pod = (...names: string[]) => ({ spec: { containers: names.map((name) => ({ name, image: `i-${name}` })) } })
    const answer = await ask(versionsOf([pod('a', 'b'), pod('b', 'a'), pod('c', 'b', 'a')]))
    expect(answer.items.map(({ path, revision }) => [path, revision])).toEqual([
      ['spec.containers[name=c].name', '30'],
      ['spec.containers[name=c].image', '30'],
      ['spec.containers[name=b].name', '10'],
      ['spec.containers[name=b].image', '10'],
      ['spec.containers[name=a].name', '10'],
      ['spec.containers[name=a].image', '10'],
    ])
  })
  it('to the re-creation, whatever the key held before it was deleted', async () => {
    const answer = await ask(versionsOf([{ a: 1, b: 1 }, null, { a: 1, b: 1 }, { a: 2, b: 1 }]))
    expect(answer.items.map(({ revision }) => revision)).toEqual(['40', '30'])
  })
  it('of the moment asked for, and not of later ones', async () => {
    const rows = versionsOf([
      { a: 1, b: 1 },
      { a: 2, b: 1 },
      { a: 3, b: 3 },
    ])
    expect((await ask(rows, '20')).items.map(({ revision }) => revision)).toEqual(['20', '10'])
    await expect(ask(versionsOf([{ a: 1 }, null]))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
  it('to the first version after lost ones, and says so', async () => {
    const rows = versionsOf([
      { a: 1, b: 1 },
      { a: 2, b: 1 },
      { a: 2, b: 1 },
      { a: 2, b: 1, c: 1 },
    ])
    const answer = await ask(rows.filter((_, i) => i !== 1))
    expect(answer.items.map(({ revision, afterGap }) => [revision, afterGap])).toEqual([
      ['30', true],
      ['10', false],
      ['40', false],
    ])
  })
  it('to the first recorded version when the key is older than the record', async () => {
    const answer = await ask(
      versionsOf([
        { a: 1, b: 1 },
        { a: 1, b: 1 },
        { a: 2, b: 1 },
      ]).slice(1),
    )
    expect(answer.items.map(({ revision, afterGap }) => [revision, afterGap])).toEqual([
      ['30', false],
      ['20', true],
    ])
  })
  it('within one epoch: another cluster with the same name wrote nothing of it', async () => {
    const rows = versionsOf([{ a: 1 }, { a: 1 }]).map((row) => ({ ...row, epoch: Number(row.revision) / 10 }))
    const epochs = [1, 2].map((epoch) =>
      epochRow({ epoch, storedRevision: 20n, firstRevision: 1n, firstMs: 0, lastMs: 20_000 }),
    )
    const reader = fakeReader({ ...emptyRecord(), clusters: [clusterRow({ epochs })], rows })
    const answer = await blame({ reader, nowMs: 1e6, version: '1' }, { cluster: 'prod', key, at: 'now' })
    expect(answer.items).toMatchObject([{ revision: '20', afterGap: true }])
  })
})

describe('the entries of a Secret', () => {
  const secretKey = Buffer.from('a key')
  const stored = (row: ValueRow, data: Record<string, string>, whole = false): ValueRow => {
    const object = { kind: 'Secret', apiVersion: 'v1', data }
    const fingerprint = fingerprintOf(secretKey, encode(object), object)
    return { ...row, value: null, fingerprint: whole ? fingerprint.subarray(0, 16) : fingerprint }
  }
  const [a, b, c] = versionsOf(['1', '2', '3'])
  if (!a || !b || !c) throw new Error('three versions were made')

  it('are each ascribed to the version that replaced them', async () => {
    const rows = [
      stored(a, { x: 'eA==', y: 'eA==' }),
      stored(b, { x: 'eQ==', y: 'eA==' }),
      stored(c, { w: '', x: 'eQ==', y: 'eA==' }),
    ]
    const answer = await ask(rows)
    expect(answer.language).toBe('redacted')
    expect(answer.lines.map(({ text, revision }) => [text.split(/[,:]/)[0], revision])).toEqual([
      ['redacted', '30'],
      ['w', '30'],
      ['x', '20'],
      ['y', '10'],
    ])
  })
  it('that an older version does not tell of are as after a gap', async () => {
    const answer = await ask([stored(a, { x: 'eA==' }, true), stored(b, { x: 'eA==' }), stored(c, { x: 'eA==' })])
    expect(answer.lines).toMatchObject(Array(2).fill({ revision: '20', afterGap: true }))
  })
  it('are compared by name in a diff', async () => {
    const rows = [stored(a, { x: 'eA==', y: 'eA==' }), stored(b, { x: 'eQ==', y: 'eA==' })]
    const answer = await diff(scopeOf(rows), { cluster: 'prod', key, from: '10', to: '20' })
    expect(answer).toMatchObject({ language: 'redacted', changes: [{ path: 'data.x', op: 'replace' }] })
    expect(await value(scopeOf(rows), { cluster: 'prod', key, at: '10' })).toMatchObject({
      redacted: {
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
        entries: [{ name: 'x', valueBytes: 1 }, { name: 'y' }],
      },
    })
  })
})

describe('blame is bounded', () => {
  it('to 500 versions, and says how far back it looked', async () => {
    const answer = await ask(versionsOf(Array.from({ length: 700 }, (_, i) => ({ fixed: 1, count: i }))))
    expect(answer).toMatchObject({ truncated: true, versions: 500 })
    expect(answer.note).toContain('back to revision 2010 of ')
    expect(answer.items).toMatchObject([
      { path: 'fixed', revision: null, at: null },
      { path: 'count', revision: '7000' },
    ])
  })
  it('and looks at all 200 versions of an object of 8 KB', async () => {
    const object = (i: number) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', generation: i },
      spec: {
        fixed: 1,
        containers: Array.from({ length: 60 }, (_, n) => ({
          name: `c${n}`,
          image: `registry/app:${n}-${i % (n + 2)}`,
          args: ['--a', '--b=1', '--c'],
        })),
      },
    })
    const rows = versionsOf(Array.from({ length: 200 }, (_, i) => object(i)))
    expect(await ask(rows)).toMatchObject({ versions: 200, truncated: false })
  })
})

describe('lines are matched', () => {
  it('in ascending order, equal to equal', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 200; round++) {
      const text = () => Array.from({ length: Math.floor(random() * 12) }, () => String(Math.floor(random() * 5)))
      const [older, newer] = [text(), text()]
      const places = [...matchLines(older, newer)]
      const matched = places.filter((place) => place !== -1)
      expect(matched).toEqual([...new Set(matched)].sort((a, b) => a - b))
      for (const [i, place] of places.entries()) if (place !== -1) expect(older[place]).toBe(newer[i])
    }
  })
  it('and two that share nothing are bounded in time', () => {
    const many = (word: string) => Array.from({ length: 20_000 }, (_, i) => `${word} ${i}`)
    expect([...matchLines(many('a'), many('b'))].every((place) => place === -1)).toBe(true)
  })
})

it('what was ascribed stays ascribed, however many versions are shown', () => {
  const root = blameTree<number>({ a: 1, b: 2 })
  showOlder(root, { a: 1, b: 2 }, { a: 0, b: 2 }, 3)
  showOlder(root, { a: 0, b: 2 }, { a: 9, b: 9 }, 2)
  ascribeAll(root, 1)
  expect(leavesOf(root).map((leaf) => leaf.origin)).toEqual([3, 2])
})

const hostileTexts = [
  'a\nb',
  'a\n\n',
  '\n',
  ' lead\n in\n',
  'trail \n  \n',
  '# not a comment',
  '- x: y',
  'on',
  '"',
  '\ttab\nx',
  'é\u2028\n…',
  'x'.repeat(3000),
  `${'long words '.repeat(30)}\nend`,
]

function leavesOf(node: BlameNode<number>): BlameNode<number>[] {
  return node.kind === 'leaf' ? [node] : [...node.children.values()].flatMap(leavesOf)
}

const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T

function randomObject(random: () => number, depth: number): Json {
  const names = ['a', 'b', 'app.io/x', '123', 'on', 'deep', '__proto__x', ''].filter(() => random() < 0.5)
  return Object.fromEntries(names.map((name) => [name, randomValue(random, depth - 1)]))
}

function randomValue(random: () => number, depth: number): unknown {
  const kind = depth <= 0 ? 0 : Math.floor(random() * 5)
  if (kind === 1) return randomObject(random, depth)
  if (kind === 2) {
    const names = ['x', 'y', 'z', 'w'].filter(() => random() < 0.6)
    return shuffled(random, names).map((name) => ({ name, ...randomObject(random, depth - 1) }))
  }
  if (kind === 3) return Array.from({ length: Math.floor(random() * 3) }, () => randomValue(random, 0))
  return pick(random, [Math.floor(random() * 4), 'text', null, true, '', 'a\nb\nc\n', {}, []])
}

function shuffled<T>(random: () => number, list: readonly T[]): T[] {
  return list
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item)
}

/** Most of a version is the version before: fields are edited, lists shuffled; now and then the key goes. */
function randomHistory(random: () => number): (Json | null)[] {
  const values: (Json | null)[] = []
  let now: Json | null = null
  const length = 2 + Math.floor(random() * 150)
  for (let i = 0; i < length; i++) {
    if (now !== null && random() < 0.04 && i < length - 1) now = null
    else now = now === null ? { root: 1, ...randomObject(random, 4) } : editedFields(random, now)
    values.push(now)
  }
  return values
}

/** Named elements stay named: whether a list has merge keys is part of its kind. */
function edited(random: () => number, value: unknown): unknown {
  if (random() < 0.03) return randomValue(random, 2)
  if (Array.isArray(value)) {
    const kept = value.filter(() => random() > 0.03)
    if (!value.every(isNamed)) return kept.map((item) => edited(random, item))
    const items = kept.map((item) => editedFields(random, item))
    return random() < 0.3 ? shuffled(random, items) : items
  }
  return typeof value === 'object' && value !== null ? editedFields(random, value) : value
}

function editedFields(random: () => number, value: object): Json {
  const fields = Object.entries(value).filter(([name]) => fixed.has(name) || random() > 0.02)
  return Object.fromEntries(fields.map(([name, field]) => [name, fixed.has(name) ? field : edited(random, field)]))
}

const fixed: ReadonlySet<string> = new Set(['name', 'root'])
const isNamed = (item: unknown): item is Json => typeof item === 'object' && item !== null && 'name' in item

/** Forwards, from the first version on: a leaf that was there with the same value keeps its revision. */
function modelOf(values: readonly (Json | null)[]): Map<string, string> {
  let known = new Map<string, { text: string; revision: string }>()
  values.forEach((value, i) => {
    const before = known
    known = new Map()
    for (const [path, text] of flat(value, '')) {
      const old = before.get(path)
      known.set(path, old?.text === text ? old : { text, revision: String((i + 1) * 10) })
    }
  })
  return new Map([...known].map(([path, { revision }]) => [path, revision]))
}

function flat(value: unknown, path: string): [string, string][] {
  if (Array.isArray(value) && value.length > 0) {
    const named = value.every((item) => typeof item === 'object' && item !== null && typeof item.name === 'string')
    return value.flatMap((item, i) => flat(item, named ? `${path}[name=${item.name}]` : `${path}[${i}]`))
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0 && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, field]) => {
      const plain = /^[A-Za-z_$][\w$-]*$/.test(name)
      return flat(field, plain ? (path === '' ? name : `${path}.${name}`) : `${path}[${JSON.stringify(name)}]`)
    })
  }
  return value === null && path === '' ? [] : [[path, JSON.stringify(value)]]
}
