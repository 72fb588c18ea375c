import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { compareState } from '../../lib/collector'
import { connectMember } from '../../lib/etcd'
import {
  type CollectorHarness,
  clusterSettings,
  createCollectorHarness,
  testClusterName,
} from '../support/collectorHarness'
import { headRevision } from '../support/etcdOracle'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { recordedCluster } from '../support/recordReading'
import { writeSeededLoad } from '../support/seededLoad'

/** The record's newest state is etcd's own, and where it is not, the key and what differs are named. */

let etcd: EtcdCluster | null = null
let harness: CollectorHarness | null = null

afterEach(async () => {
  await harness?.dispose()
  await etcd?.stop()
  harness = null
  etcd = null
})

async function recorded(version: '3.4' | '3.5') {
  etcd = await startEtcd({ version, members: 1 })
  harness = await createCollectorHarness(etcd)
  await writeSeededLoad(etcd.endpoints, { seed: 11, operations: 400, leases: false })
  await etcd.etcdctl('put', '/registry/secrets/shop/db', 'not stored')
  await etcd.etcdctl('put', 'zz/last', 'one')
  const head = await headRevision(etcd)
  await harness.start()
  await harness.recorded(head)
  await harness.stop()
  const { endpoints } = etcd
  const { databaseUrl } = harness
  const compare = async () => {
    const reader = await (harness as CollectorHarness).reader()
    const cluster = await recordedCluster(reader, testClusterName)
    const connection = connectMember(endpoints[0] ?? '', clusterSettings(endpoints))
    try {
      return await compareState(connection, reader, cluster, { epoch: 1, revision: head })
    } finally {
      connection.close()
    }
  }
  const alter = (sql: string) => {
    const database = new Database(databaseUrl.slice('file:'.length))
    try {
      return database.prepare(sql).run().changes
    } finally {
      database.close()
    }
  }
  return { etcd, compare, alter, head }
}

describe.each(['3.4', '3.5'] as const)('against etcd %s', (version) => {
  it('the whole state is equal, also after etcd went on', async () => {
    const { etcd, compare } = await recorded(version)
    await etcd.etcdctl('put', 'zz/later', 'not recorded')
    const { keys, firstDifference } = await compare()
    expect(firstDifference).toBeNull()
    expect(keys).toBeGreaterThan(20)
  })
})

describe('a record that was altered', () => {
  it.each([
    ['loses a key', 'DELETE FROM change WHERE revision = $head', 'zz/last', 'the record does not have it'],
    [
      'keeps a deleted key',
      "UPDATE key SET key = x'7a7a7a' WHERE key = x'7a7a2f6c617374'",
      'zz/last',
      'does not have it',
    ],
    ['counts otherwise', 'UPDATE change SET version = 7 WHERE revision = $head', 'zz/last', 'and 7 since'],
    [
      'holds another value',
      'UPDATE change SET value_id = (SELECT min(id) FROM value) WHERE revision = $head',
      'zz/last',
      'its value is another',
    ],
    [
      'holds a redacted value of another length',
      'UPDATE change SET value_bytes = 3 WHERE fingerprint IS NOT NULL',
      '/registry/secrets/shop/db',
      'its value is another',
    ],
  ])('that %s is told by the key', async (_, sql, key, reason) => {
    const { compare, alter, head } = await recorded('3.5')
    expect(alter(sql.replace('$head', String(head)))).toBe(1)
    const { firstDifference } = await compare()
    expect(Buffer.from(firstDifference?.key ?? []).toString()).toBe(key)
    expect(firstDifference?.reason).toContain(reason)
  })
})
