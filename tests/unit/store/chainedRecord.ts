import { onTestFinished } from 'vitest'
import type { ChangeInput } from '../../../lib/store'
import { openWriter } from '../../../lib/store'
import { seededRandom } from '../../support/seededRandom'
import { historyModel } from './historyModel'
import { bytes, change, type TestRecord, testRecord } from './recordFixture'

const clock = { ...(await import('../../../lib/core/clock')).systemClock, nowMs: () => 1_700_000_000_000 }

/**
 * A seeded record with everything that a chain tells of: batches of whole revisions, progress, a named epoch, a
 * re-sync with its gap and a row below the cursor, a key described anew, a restarted writer, a second epoch.
 */
export async function chainedRecord(seed: number): Promise<TestRecord> {
  const record = await testRecord(clock)
  const random = seededRandom(seed)
  const { cluster, ownership, databaseUrl } = record
  await record.writer.nameEpoch(cluster, ownership, 'aaaa')
  const model = historyModel(seed, 120)
  await appendInBatches(record, model.changes, random)
  const at = model.last
  await record.append([], at + 5n)

  const resynced = [
    change({ revision: 1n, key: bytes('/never/seen'), atMs: 5, origin: 'resync', atSource: 'bound' }),
    change({ revision: at + 20n, key: bytes('/app/resynced'), origin: 'resync', atSource: 'bound' }),
    change({ revision: at + 30n, key: bytes('/app/again'), origin: 'resync', atSource: 'bound' }),
  ]
  await record.writer.appendResync({ cluster, epoch: 1, ownership, changes: resynced })
  const gap = { fromRevision: at + 6n, toRevision: at + 40n, reason: 'compacted', atMs: 1_700_000_900_000 }
  await record.writer.finishResync(cluster, 1, ownership, { through: at + 40n, gap })

  const writer = await openWriter({ databaseUrl, clock })
  onTestFinished(() => writer.close())
  const again = change({ revision: at + 41n, key: bytes('/app/again'), op: 'update', createRevision: at + 30n })
  const described = { ...again, version: 2n, resource: 'widgets', namespace: 'shop', name: 'again' }
  await writer.append({ cluster, epoch: 1, ownership, changes: [described], through: at + 41n })
  await writer.openEpoch(cluster, ownership, { etcdClusterId: 'bbbb', reason: 'restored', atMs: 1_700_000_990_000 })
  await appendInBatches({ ...record, writer }, historyModel(seed + 1, 60).changes, random, 2)
  return record
}

async function appendInBatches(
  { writer, cluster, ownership }: TestRecord,
  changes: readonly ChangeInput[],
  random: () => number,
  epoch = 1,
): Promise<void> {
  for (let start = 0; start < changes.length; ) {
    let end = Math.min(changes.length, start + 1 + Math.floor(random() * 25))
    while (changes[end]?.revision === changes[end - 1]?.revision) end++
    const batch = changes.slice(start, end)
    const through = batch.at(-1)?.revision ?? 0n
    await writer.append({ cluster, epoch, ownership, changes: batch, through })
    start = end
  }
}
