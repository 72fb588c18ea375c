import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ChangeFilter, ChangeInput } from '../../../lib/store'
import { packIds, unpackIds } from '../../../lib/store/summary/keySet'
import { needleOf, packSummaries, unpackSummaries } from '../../../lib/store/summary/page'
import { seededRandom } from '../../support/seededRandom'
import { bytes, change, noEnd, type TestRecord, testRecord } from './recordFixture'

const seed = 20

describe('a page of summaries', () => {
  const texts: [number, string][] = [
    [1, 'replicas 3 → 5'],
    [2, ''],
    [7, 'Image moved'],
    [300, 'two\nlines'],
    [301, 'x'.repeat(70_000)],
  ]
  const page = unpackSummaries(packSummaries(texts))

  it.each([...texts, [3, null] as const, [302, null] as const])('gives back id %i', (id, text) => {
    expect(page.textOf(id)).toBe(text)
  })

  it.each([
    ['replicas', [1]],
    ['IMAGE', [7]],
    ['→ 5', [1]],
    ['xxx', [301]],
    ['o', [7, 300]],
    ['absent', []],
  ])('finds "%s", each text once', (text, ids) => {
    expect(page.find(needleOf(text))).toEqual(ids)
  })

  it.each([
    ['no deflate', bytes('nonsense')],
    ['cut', packSummaries(texts).subarray(0, 40)],
  ])('is refused when it is %s', (_, damaged) => {
    expect(() => unpackSummaries(damaged)).toThrow()
  })

  it('of none has none', () => {
    expect(unpackSummaries(packSummaries([])).textOf(1)).toBeNull()
  })

  it('keeps ids of keys, each once and ascending', () => {
    expect(unpackIds(packIds([900_000, 3, 3, 128, 1]))).toEqual([1, 3, 128, 900_000])
    expect(unpackIds(packIds([]))).toEqual([])
    expect(() => unpackIds(Uint8Array.of(0x80))).toThrow(RangeError)
  })
})

const words = ['Pulled', 'web', 'API', 'moved', 'ready', 'Ünder', '→', 'quota', 'replicas']
const significances = ['spec', 'status', 'metadata', 'heartbeat'] as const

/** Revisions of one to many changes; keys and texts that come back, and such that come once. */
function randomChanges(random: () => number, count: number): ChangeInput[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const changes: ChangeInput[] = []
  for (let revision = 2n; changes.length < count; revision += BigInt(1 + Math.floor(random() * 3))) {
    const size = random() < 0.003 ? 900 : random() < 0.1 ? 5 : 1
    for (let ordinal = 0; ordinal < size; ordinal++) {
      const name = random() < 0.3 ? `${pick(words)}-${revision}-${ordinal}` : `${pick(words)}${ordinal}`
      changes.push(
        change({
          revision,
          ordinal,
          key: bytes(`/registry/pods/${random() < 0.1 ? 'Shop' : 'data'}/${name}`),
          value: random() < 0.2 ? null : bytes(`${revision}`),
          resource: name.length % 2 === 0 ? 'pods' : 'events',
          significance: pick(significances),
          summary:
            random() < 0.15 ? null : `${pick(words)} ${pick(words)}${random() < 0.2 ? ` of ${revision % 977n}` : ''}`,
        }),
      )
    }
  }
  return changes
}

const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
const keyText = (one: { key: Uint8Array }) => Buffer.from(one.key).toString()
const place = (one: Pick<ChangeInput, 'revision' | 'ordinal'>) => `${one.revision}.${one.ordinal}`

function matches(one: ChangeInput, filter: ChangeFilter): boolean {
  const text = lower(filter.text ?? '')
  return (
    (lower(one.summary ?? '').includes(text) || lower(keyText(one)).includes(text)) &&
    (filter.significances?.includes(one.significance) ?? true) &&
    (filter.resources?.includes(one.resource ?? '') ?? true) &&
    (filter.key === undefined || Buffer.compare(filter.key, one.key) === 0) &&
    (filter.keyRange === undefined || Buffer.compare(filter.keyRange.from, one.key) <= 0) &&
    one.revision >= (filter.fromRevision ?? 0n) &&
    one.revision <= (filter.toRevision ?? 2n ** 62n)
  )
}

async function found({ reader, cluster }: TestRecord, filter: ChangeFilter, order: 'asc' | 'desc', limit: number) {
  const places: string[] = []
  for (let after = null; ; ) {
    const page = await reader.changes(cluster, filter, { order, limit, after })
    places.push(...page.map(place))
    const last = page.at(-1)
    if (last === undefined || page.length < limit) return places
    after = { epoch: 1, revision: last.revision, ordinal: last.ordinal } as never
  }
}

describe(`summaries of a record (seed ${seed})`, () => {
  it('come back with each change, from pages and fresh ones, and searches find what a walk finds', async () => {
    const random = seededRandom(seed)
    const record = await testRecord()
    const changes = randomChanges(random, 4_000)
    for (let start = 0; start < changes.length; ) {
      let end = Math.min(changes.length, start + 1 + Math.floor(random() ** 3 * 900))
      while (end < changes.length && changes[end]?.revision === changes[end - 1]?.revision) end++
      await record.append(changes.slice(start, end))
      start = end
    }
    const db = new Database(record.path, { readonly: true })
    onTestFinished(() => void db.close())
    expect(Number(db.prepare('SELECT count(*) FROM summary_page').pluck().get())).toBeGreaterThan(4)
    expect(Number(db.prepare('SELECT count(*) FROM summary_fresh').pluck().get())).toBeLessThan(400)

    const all = await record.reader.changes(record.cluster, {}, { order: 'asc', limit: 10_000, after: null })
    expect(all.map((one) => [place(one), one.summary])).toEqual(changes.map((one) => [place(one), one.summary]))

    const texts = ['web', 'shop', 'api', 'of 12', 'Ünder', '→', 'absent', '-41', 'quota ready', 'registry', 'éé']
    for (const text of texts) {
      const last = changes.at(-1)?.revision ?? 0n
      const some = BigInt(Math.floor(random() * Number(last)))
      const filters: ChangeFilter[] = [
        { text },
        { text, significances: ['spec', 'metadata'] },
        { text, significances: ['status'], resources: ['pods'] },
        { text, fromRevision: some, toRevision: some + 300n },
        { text, key: changes[Number(some) % changes.length]?.key ?? noEnd },
        { text, keyRange: { from: bytes('/registry/pods/data/m'), to: noEnd } },
      ]
      for (const filter of filters) {
        const expected = changes.filter((one) => matches(one, filter)).map(place)
        expect(await found(record, filter, 'asc', 700), text).toEqual(expected)
        expect(await found(record, filter, 'desc', 130), text).toEqual(expected.toReversed())
      }
    }
    expect((await record.reader.verify(record.cluster)).firstBad).toBeNull()
  }, 30_000)

  it('of a change that a re-sync stored below pages is found, and takes no other one over', async () => {
    const record = await testRecord()
    const { writer, cluster, ownership, reader } = record
    const put = (revision: bigint) => change({ revision: revision * 2n, summary: `step ${revision}` })
    await record.append(Array.from({ length: 1_000 }, (_, at) => put(BigInt(at) + 1n)))
    const missed = change({ revision: 501n, key: bytes('missed'), summary: 'came late', significance: 'spec' })
    await writer.appendResync({ cluster, epoch: 1, ownership, changes: [missed] })
    await writer.finishResync(cluster, 1, ownership, { through: 2_100n, gap: null })
    await record.append(Array.from({ length: 1_000 }, (_, at) => put(BigInt(at) + 1_100n)))
    for (const text of ['came late', 'missed']) {
      expect(await found(record, { text }, 'desc', 10)).toEqual(['501.0'])
    }
    expect(await found(record, { text: 'step 250' }, 'asc', 10)).toEqual(['500.0'])
    const all = await reader.changes(cluster, {}, { order: 'asc', limit: 3_000, after: null })
    for (const one of all) {
      expect(one.summary).toBe(one.revision === 501n ? 'came late' : `step ${one.revision / 2n}`)
    }
    expect((await reader.verify(cluster)).firstBad).toBeNull()
  })

  it('of a long re-sync get their pages with the appends that follow', async () => {
    const record = await testRecord()
    const { writer, cluster, ownership } = record
    const drafts = Array.from({ length: 5_000 }, (_, at) =>
      change({ revision: BigInt(at) + 2n, summary: `synced ${at}`, origin: 'resync' }),
    )
    await writer.appendResync({ cluster, epoch: 1, ownership, changes: drafts })
    await writer.finishResync(cluster, 1, ownership, { through: 6_000n, gap: null })
    const db = new Database(record.path, { readonly: true })
    onTestFinished(() => void db.close())
    const fresh = db.prepare('SELECT count(*) FROM summary_fresh').pluck()
    expect(fresh.get()).toBe(5_000)
    expect(await found(record, { text: 'synced 44' }, 'asc', 500)).toHaveLength(111)
    for (let at = 0n; at < 4n; at++) await record.append([change({ revision: 6_001n + at, summary: 'live' })])
    expect(fresh.get()).toBe(1)
    expect(await found(record, { text: 'synced 44' }, 'asc', 500)).toHaveLength(111)
    expect(await found(record, { text: 'live' }, 'asc', 500)).toHaveLength(4)
  })
})
