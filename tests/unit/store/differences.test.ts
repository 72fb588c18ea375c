import { describe, expect, it } from 'vitest'
import type { ChangeInput, DifferenceRow } from '../../../lib/store'
import { seededRandom } from '../../support/seededRandom'
import { type HistoryModel, historyModel } from './historyModel'
import { bytes, change, noEnd, type TestRecord, testRecord, text } from './recordFixture'

const seeds = [3, 20_261_122]
const prefixes = ['', '/', '/registry/', '/registry/pods/shop/', '/app/', '/app/a/b/k1', '/none/']

const end = (prefix: string) => (prefix === '' ? noEnd : bytes(`${prefix.slice(0, -1)}${next(prefix.at(-1) ?? '')}`))
const next = (letter: string) => String.fromCharCode(letter.charCodeAt(0) + 1)
const rangeOf = (prefix: string) => ({ from: bytes(prefix), to: end(prefix) })

type Probe = { from: bigint; to: bigint; prefix: string; limit: number; epochs?: [number, number] }

async function allOf({ reader, cluster }: TestRecord, { from, to, prefix, limit, epochs = [1, 1] }: Probe) {
  const rows: DifferenceRow[] = []
  const between = { from: { epoch: epochs[0], revision: from }, to: { epoch: epochs[1], revision: to } }
  for (let fromKey: Uint8Array | null = null; ; ) {
    const page = await reader.differences(cluster, between, rangeOf(prefix), { limit, fromKey })
    expect(page.rows.length).toBeLessThanOrEqual(limit)
    rows.push(...page.rows)
    fromKey = page.nextKey
    if (fromKey === null) return rows
  }
}

/** Both keyspaces whole, key by key: what the store must never do. */
function differencesOf(model: HistoryModel, { from, to, prefix }: Probe): string[] {
  const at = (revision: bigint) => new Map(model.liveAt(revision).map((one) => [text(one.key), one]))
  const [before, after] = [at(from), at(to)]
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => key.startsWith(text(bytes(prefix))))
    .sort()
    .flatMap((key) => {
      const [old, now] = [before.get(key), after.get(key)]
      if (old && now && Buffer.compare(old.value ?? noEnd, now.value ?? noEnd) === 0) return []
      const writes = model.changes.filter(
        (one) => text(one.key) === key && one.revision > from && one.revision <= to,
      ).length
      return [`${key} ${old?.revision ?? '-'} ${now?.revision ?? '-'} ${writes === 1}`]
    })
}

function facts({ before, after, single }: DifferenceRow): string {
  const alive = (row: DifferenceRow['before']) => (row === null || row.op === 'delete' ? '-' : String(row.revision))
  return `${text((after ?? before)?.key ?? noEnd)} ${alive(before)} ${alive(after)} ${single}`
}

describe.each(seeds)('differences are those of a plain model of the same history (seed %i)', (seed) => {
  it('between any two revisions, in both directions, under any prefix, in pages of any size', async () => {
    const record = await testRecord()
    const model = historyModel(seed, 400)
    await record.append(model.changes)
    const random = seededRandom(seed + 1)
    const some = () => BigInt(Math.floor(random() * (Number(model.last) + 1)))
    let found = 0
    for (let probe = 0; probe < 120; probe++) {
      const from = some()
      // Near revisions are led by their changes, far ones by the keys.
      const to = random() < 0.5 ? some() : from + BigInt(Math.floor(random() * 12))
      const prefix = prefixes[Math.floor(random() * prefixes.length)] ?? ''
      const ask = { from, to, prefix, limit: 1 + Math.floor(random() * 40) }
      const expected = differencesOf(model, { ...ask, to: to > model.last ? model.last : to })
      expect((await allOf(record, ask)).map(facts), JSON.stringify({ ...ask, from: `${from}`, to: `${to}` })).toEqual(
        expected,
      )
      found += expected.length
    }
    expect(found).toBeGreaterThan(500)
  })
})

describe('differences', () => {
  const put = (revision: bigint, key: string, value: string, more: Partial<ChangeInput> = {}) =>
    change({ revision, key: bytes(key), value: bytes(value), op: 'update', ...more })
  const gone = (revision: bigint, key: string) => put(revision, key, '', { op: 'delete', value: null, version: 0n })

  it('leave out what changed and changed back, was rewritten, or came and went', async () => {
    const record = await testRecord()
    await record.append([
      put(1n, 'back', 'a'),
      put(2n, 'recreated', 'r'),
      put(3n, 'same', 's', { significance: 'heartbeat' }),
      put(4n, 'changed', '1'),
      put(5n, 'back', 'b'),
      put(6n, 'brief', 'x'),
      gone(7n, 'recreated'),
      put(8n, 'same', 's', { significance: 'heartbeat' }),
      gone(9n, 'brief'),
      put(10n, 'recreated', 'r'),
      put(11n, 'changed', '2'),
      put(12n, 'back', 'a'),
    ])
    const rows = await allOf(record, { from: 4n, to: 12n, prefix: '', limit: 10 })
    expect(rows.map(facts)).toEqual(['changed 4 11 true'])
    expect((await allOf(record, { from: 4n, to: 11n, prefix: '', limit: 10 })).map(facts)).toEqual([
      'back 1 5 true',
      'changed 4 11 true',
    ])
  })

  it('tell redacted values apart by their fingerprints', async () => {
    const record = await testRecord()
    const secret = (revision: bigint, key: string, fingerprint: string) =>
      put(revision, key, '', { value: null, valueBytes: 9, fingerprint: bytes(fingerprint.padEnd(16)) })
    await record.append([
      secret(1n, 'a', 'one'),
      secret(2n, 'b', 'one'),
      secret(3n, 'a', 'one'),
      secret(4n, 'b', 'two'),
    ])
    expect((await allOf(record, { from: 2n, to: 4n, prefix: '', limit: 10 })).map(facts)).toEqual(['b 2 4 true'])
  })

  it('between two epochs compare by content, whatever the revisions', async () => {
    const record = await testRecord()
    const { writer, cluster, ownership } = record
    await record.append([put(1n, 'kept', 'k'), put(2n, 'lost', 'l'), put(3n, 'moved', 'm')])
    await writer.openEpoch(cluster, ownership, { etcdClusterId: 'beef', reason: 'restored', atMs: 1_700_000_001_000 })
    await record.append([put(1n, 'moved', 'n'), put(2n, 'kept', 'k'), put(3n, 'new', 'n')])
    const rows = await allOf(record, { from: 3n, to: 3n, prefix: '', limit: 2, epochs: [1, 2] })
    expect(rows.map(facts)).toEqual(['lost 2 - false', 'moved 3 1 false', 'new - 3 false'])
  })
})
