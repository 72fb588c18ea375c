import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { decodeValue, encodeValue } from '../../../lib/store/value/encoding'
import { readRecordedHistory } from '../../support/recordedHistory'
import { seededRandom } from '../../support/seededRandom'
import { bytes, change, testRecord } from './recordFixture'

const random = seededRandom(7)
const noise = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256))
const prose = (length: number) =>
  bytes('the quick brown fox jumps over the lazy dog. '.repeat(length / 45 + 1).slice(0, length))

const shapes: [string, Uint8Array][] = [
  ['empty', bytes('')],
  ['one byte', noise(1)],
  ['tiny', bytes('on')],
  ['text', prose(1024)],
  ['incompressible', noise(4096)],
  ['not UTF-8', Uint8Array.of(0xff, 0xfe, 0, 0x80, ...noise(300))],
  ['larger than the window', prose(100_000)],
  ['1.5 MiB', prose(1_572_864)],
  ['1.5 MiB incompressible', noise(1_572_864)],
]

describe('encoding', () => {
  it.each(shapes)('gives back exactly what went in: %s', (_, value) => {
    const sources = [null, bytes(''), prose(500), value, noise(2000), prose(70_000)]
    for (const base of sources) {
      for (const aid of base === null ? [null] : sources) {
        const { encoding, bytes: stored, ...uses } = encodeValue(value, { base, aid })
        expect(stored.byteLength).toBeLessThanOrEqual(value.byteLength)
        const used = { base: uses.usesBase ? base : null, aid: uses.usesAid ? aid : null }
        expect(Buffer.compare(decodeValue(encoding, Buffer.from(stored), value.byteLength, used), value)).toBe(0)
      }
    }
  })
})

describe('stored values', () => {
  it('of every shape come back, as first, later and alternating versions', async () => {
    const { append, reader, cluster } = await testRecord()
    const order = [...shapes, ...shapes.toReversed(), ...shapes]
    for (const [index, [, value]] of order.entries()) {
      const revision = BigInt(index) + 2n
      await append([change({ revision, key: bytes('k'), version: BigInt(index) + 1n, createRevision: 2n, value })])
    }
    for (const [index, [name, value]] of order.entries()) {
      const found = await reader.valueAt(cluster, 1, bytes('k'), BigInt(index) + 2n)
      expect(Buffer.compare(found?.value ?? noise(9), value), name).toBe(0)
    }
    expect((await reader.verify(cluster)).firstBad).toBeNull()
  })

  it('are read from at most 97 rows, also when one key changes hundreds of times', async () => {
    const { append, path } = await testRecord()
    const versions = Array.from({ length: 300 }, (_, n) =>
      change({
        revision: BigInt(n) + 2n,
        key: bytes('k'),
        version: BigInt(n) + 1n,
        createRevision: 2n,
        value: bytes(`${'a value that hardly changes '.repeat(20)}${n}`),
      }),
    )
    await append(versions)
    const db = new Database(path, { readonly: true })
    onTestFinished(() => void db.close())
    const sources = db.prepare<[number], { base_id: number | null; aid_id: number | null }>(
      'SELECT base_id, aid_id FROM value WHERE id = ?',
    )
    const read = new Set<number>()
    const readAll = (id: number | null | undefined): void => {
      if (id === null || id === undefined || read.has(id)) return
      read.add(id)
      const row = sources.get(id)
      readAll(row?.base_id)
      readAll(row?.aid_id)
    }
    let most = 0
    for (const id of db.prepare<[], number>('SELECT id FROM value').pluck().all()) {
      read.clear()
      readAll(id)
      most = Math.max(most, read.size)
    }
    expect(most).toBe(97)
    const stored = db.prepare('SELECT sum(length(bytes)) / count(*) FROM value').pluck().get()
    expect(stored).toBeLessThan(40)
  })

  it('that are damaged are reported with their revision, by reading and by verify', async () => {
    const { append, reader, cluster, path } = await testRecord()
    await append([change({ revision: 2n, key: bytes('k'), value: prose(400) })])
    const db = new Database(path)
    onTestFinished(() => void db.close())
    db.prepare('UPDATE value SET bytes = zeroblob(length(bytes))').run()
    await expect(reader.valueAt(cluster, 1, bytes('k'), 2n)).rejects.toThrow(/revision 2 cannot be read/)
    expect((await reader.verify(cluster)).firstBad).toMatchObject({ epoch: 1, revision: 2n })
  })

  it('that are redacted have a fingerprint and a length and no value', async () => {
    const { append, reader, writer, cluster } = await testRecord()
    const fingerprint = Buffer.from('0123456789abcdef')
    await append([change({ revision: 2n, key: bytes('s'), value: null, fingerprint, valueBytes: 77 })])
    expect(await reader.valueAt(cluster, 1, bytes('s'), 2n)).toMatchObject({ value: null, fingerprint, valueBytes: 77 })
    expect(await writer.newest(cluster, 1, [bytes('s')])).toMatchObject([{ value: null, fingerprint, modRevision: 2n }])
  })

  it('of a recorded Kubernetes history take less than a tenth of their bytes and all reconstruct', async () => {
    const { append, reader, cluster, path } = await testRecord()
    const events = readRecordedHistory().slice(0, 4000)
    let ordinal = 0
    const changes = events.map((event, at) => {
      ordinal = events[at - 1]?.modRevision === event.modRevision ? ordinal + 1 : 0
      return change({
        revision: event.modRevision,
        ordinal,
        key: event.key,
        op: event.op === 'delete' ? 'delete' : event.version === 1n ? 'create' : 'update',
        value: event.op === 'delete' ? null : event.value,
        createRevision: event.createRevision,
        version: event.version,
        resource: event.key.toString().split('/')[2] ?? null,
      })
    })
    await append(changes)
    const verified = await reader.verify(cluster)
    expect(verified.firstBad).toBeNull()
    expect(verified.checkedValues).toBe(changes.filter((one) => one.value !== null).length)
    const db = new Database(path, { readonly: true })
    onTestFinished(() => void db.close())
    const stored = Number(db.prepare('SELECT sum(length(bytes)) FROM value').pluck().get())
    const raw = events.reduce((sum, event) => sum + event.value.byteLength, 0)
    expect(stored * 10).toBeLessThan(raw)
  }, 30_000)
})
