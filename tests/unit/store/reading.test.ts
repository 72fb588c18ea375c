import { describe, expect, it } from 'vitest'
import type { ChangeFilter, ChangeInput, ChangePosition, ChangeRow } from '../../../lib/store'
import { seededRandom } from '../../support/seededRandom'
import { type HistoryModel, historyModel } from './historyModel'
import { bytes, noEnd, type TestRecord, testRecord, text } from './recordFixture'

const seeds = [1, 20_240_607]

async function recorded(seed: number, revisions = 300): Promise<TestRecord & { model: HistoryModel }> {
  const record = await testRecord()
  const model = historyModel(seed, revisions)
  const random = seededRandom(seed)
  let batch: ChangeInput[] = []
  for (const one of model.changes) {
    const newRevision = batch.at(-1)?.revision !== one.revision
    if (newRevision && batch.length > 0 && random() < 0.03) {
      await record.append(batch)
      batch = []
    }
    batch.push(one)
  }
  await record.append(batch)
  return { ...record, model }
}

const place = (one: ChangeInput | ChangeRow) => `${one.revision}.${one.ordinal}`

describe.each(seeds)('reads answer as a plain model of the same history does (seed %i)', (seed) => {
  it('values, keys and trees at any revision', async () => {
    const { reader, cluster, model } = await recorded(seed)
    const random = seededRandom(seed + 1)
    for (let probe = 0; probe < 25; probe++) {
      const revision = BigInt(Math.floor(random() * (Number(model.last) + 20)))
      const live = model.liveAt(revision)
      const keys = await reader.keysAt(cluster, 1, revision, { from: noEnd, to: noEnd }, { limit: 500, afterKey: null })
      expect(keys.map(keyFacts)).toEqual(live.map((one) => keyFacts({ ...one, modRevision: one.revision })))
      for (const prefix of ['', '/registry/', '/registry/pods/', '/app/', '/app/a/b/k1', '/none/']) {
        const tree = await reader.treeAt(cluster, 1, revision, bytes(prefix), 0x2f, { limit: 500, afterKey: null })
        expect(tree.map(treeFacts)).toEqual(treeModel(live, prefix))
      }
      const some = model.changes[Math.floor(random() * model.changes.length)]
      const expected = some === undefined ? undefined : model.newestOf(some.key, revision)
      const value = some === undefined ? null : await reader.valueAt(cluster, 1, some.key, revision)
      expect(value && { place: place(value), value: value.value && text(value.value) }).toEqual(
        expected === undefined ? null : { place: place(expected), value: expected.value && text(expected.value) },
      )
    }
  })

  it('pages of keys and trees join to the whole', async () => {
    const { reader, cluster, model } = await recorded(seed, 200)
    const keys: string[] = []
    for (let afterKey: Uint8Array | null = null; ; ) {
      const page = await reader.keysAt(cluster, 1, model.last, { from: noEnd, to: noEnd }, { limit: 7, afterKey })
      keys.push(...page.map((row) => text(row.key)))
      afterKey = page.at(-1)?.key ?? null
      if (page.length < 7) break
    }
    expect(keys).toEqual(model.liveAt(model.last).map((one) => text(one.key)))
    const items: unknown[] = []
    for (let afterKey: Uint8Array | null = null; ; ) {
      const page = await reader.treeAt(cluster, 1, model.last, bytes('/'), 0x2f, { limit: 1, afterKey })
      items.push(...page.map(treeFacts))
      const last = page[0]
      if (last === undefined) break
      afterKey = 'prefix' in last ? last.prefix : last.key
    }
    expect(items).toEqual(treeModel(model.liveAt(model.last), '/'))
  })

  it('the history of a key, newest first, in pages', async () => {
    const { reader, cluster, model } = await recorded(seed)
    for (const key of new Set(model.changes.slice(0, 40).map((one) => text(one.key)))) {
      const found: ChangeRow[] = []
      for (let after: ChangePosition | null = null; ; ) {
        const page = await reader.history(cluster, Buffer.from(key, 'latin1'), { limit: 3, after })
        found.push(...page)
        const last = page.at(-1)
        if (last === undefined) break
        after = last
      }
      const expected = model.changes.filter((one) => text(one.key) === key).toReversed()
      expect(found.map(place)).toEqual(expected.map(place))
    }
  })

  const filters: [string, ChangeFilter, (one: ChangeInput) => boolean][] = [
    ['nothing', {}, () => true],
    ['a resource', { resources: ['pods'] }, (c) => c.resource === 'pods'],
    ['a namespace', { namespaces: ['shop', 'none'] }, (c) => c.namespace === 'shop'],
    ['a resource never seen', { resources: ['nodes'] }, () => false],
    ['a name', { name: 'k3' }, (c) => c.name === 'k3'],
    ['a name that is not ASCII', { name: 'k3-ü' }, (c) => c.name === 'k3-ü'],
    ['a manager', { managers: ['kubectl'] }, (c) => c.manager === 'kubectl'],
    ['operations', { ops: ['create', 'delete'] }, (c) => c.op !== 'update'],
    ['what was meant', { significances: ['spec', 'metadata'] }, (c) => ['spec', 'metadata'].includes(c.significance)],
    ['one significance', { significances: ['spec'] }, (c) => c.significance === 'spec'],
    ['noise', { significances: ['heartbeat', 'none'] }, (c) => ['heartbeat', 'none'].includes(c.significance)],
    ['a text in the key', { text: 'NODE-Lease/K1' }, (c) => text(c.key).includes('node-lease/k1')],
    [
      'a text in the summary',
      { text: 'moved TO v4' },
      (c) => c.summary?.toLowerCase().includes('moved to v4') ?? false,
    ],
    [
      'a range of keys',
      { keyRange: { from: bytes('/app/'), to: bytes('/app0') } },
      (c) => text(c.key).startsWith('/app/'),
    ],
    [
      'several at once',
      { resources: ['pods', 'leases'], ops: ['update'], significances: ['status'], managers: ['kubelet'] },
      (c) => c.resource !== null && c.op === 'update' && c.significance === 'status' && c.manager === 'kubelet',
    ],
    ['revisions', { fromRevision: 100n, toRevision: 140n }, (c) => c.revision >= 100n && c.revision <= 140n],
  ]
  it('the change log under every filter, both ways, in pages', async () => {
    const { reader, cluster, model } = await recorded(seed)
    for (const [name, filter, matches] of filters) {
      for (const order of ['asc', 'desc'] as const) {
        const expected = model.changes.filter(matches).map(place)
        if (order === 'desc') expected.reverse()
        const found: string[] = []
        for (let after: ChangePosition | null = null; ; ) {
          const page: ChangeRow[] = await reader.changes(cluster, filter, { order, limit: 37, after })
          found.push(...page.map(place))
          after = page.at(-1) ?? null
          if (page.length < 37) break
        }
        expect(found, `${name}, ${order}`).toEqual(expected)
      }
    }
  })

  it('a time is found by bisection exactly where a walk over the history finds it', async () => {
    const { reader, cluster, model } = await recorded(seed)
    const random = seededRandom(seed + 2)
    const [first, last] = [model.changes[0]?.atMs ?? 0, model.changes.at(-1)?.atMs ?? 0]
    for (let probe = 0; probe < 200; probe++) {
      const atMs = Math.floor(first - 2000 + random() * (last - first + 4000))
      const expected = model.changes.findLast((one) => one.atMs <= atMs)?.revision ?? null
      expect(await reader.revisionAt(cluster, 1, atMs)).toBe(expected)
      const toMs = atMs + Math.floor(random() * 60_000)
      const within = await reader.changes(cluster, { fromMs: atMs, toMs }, { order: 'asc', limit: 1000, after: null })
      const walked = model.changes.filter((one) => one.atMs >= atMs && one.atMs <= toMs)
      expect(within.map(place)).toEqual(walked.map(place))
      const revision = BigInt(Math.floor(random() * Number(model.last)))
      const newest = model.changes.findLast((one) => one.revision <= revision)
      expect(await reader.timeOf(cluster, 1, revision)).toBe(newest?.atMs ?? null)
    }
  })

  it('every field of a change comes back as it was written', async () => {
    const { reader, cluster, model } = await recorded(seed, 100)
    const found = await reader.changes(cluster, {}, { order: 'asc', limit: 1000, after: null })
    const fields = ({ value: _, key, ...rest }: ChangeInput & { epoch?: number }) => ({ ...rest, key: text(key) })
    expect(found.map(({ key, ...rest }) => ({ ...rest, key: text(key) }))).toEqual(
      model.changes.map((one) => ({ ...fields(one), epoch: 1 })),
    )
  })

  it('the record verifies', async () => {
    const { reader, cluster, model } = await recorded(seed)
    expect(await reader.verify(cluster)).toMatchObject({
      checkedChanges: model.changes.length,
      checkedValues: model.changes.filter((one) => one.value !== null).length,
      firstBad: null,
    })
  })
})

function keyFacts(row: {
  key: Uint8Array
  modRevision: bigint
  createRevision: bigint
  version: bigint
  leaseId: bigint
  valueBytes: number
}) {
  const { key, modRevision, createRevision, version, leaseId, valueBytes } = row
  return { key: text(key), modRevision, createRevision, version, leaseId, valueBytes }
}

function treeFacts(item: Awaited<ReturnType<TestRecord['reader']['treeAt']>>[number]) {
  if ('prefix' in item) return { prefix: text(item.prefix), count: item.count, valueBytes: item.valueBytes }
  return keyFacts(item)
}

function treeModel(live: readonly ChangeInput[], prefix: string) {
  const items = new Map<string, unknown>()
  for (const one of live) {
    const key = text(one.key)
    if (!key.startsWith(prefix)) continue
    const cut = key.indexOf('/', prefix.length)
    if (cut < 0) items.set(key, keyFacts({ ...one, modRevision: one.revision }))
    else {
      const branch = key.slice(0, cut + 1)
      const known = items.get(branch) as { count: number; valueBytes: number } | undefined
      items.set(branch, {
        prefix: branch,
        count: (known?.count ?? 0) + 1,
        valueBytes: (known?.valueBytes ?? 0) + one.valueBytes,
      })
    }
  }
  return [...items].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}
