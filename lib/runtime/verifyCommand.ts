import { compareState } from '../collector'
import type { ClusterSettings } from '../config/settings'
import { sentenceOf } from '../core/errors'
import { connectMember } from '../etcd'
import { type ClusterRow, openReader, type RecordReader } from '../store'

type Verified = Awaited<ReturnType<RecordReader['verify']>>
type Print = (line: string) => void

interface VerifyOptions {
  readonly databaseUrl: string
  /** Written down earlier; null: none is looked for. */
  readonly knownHead: string | null
  /** As the settings name them: those that are recorded are compared with their etcd. */
  readonly clusters: readonly ClusterSettings[]
}

/**
 * Checks every cluster's record and prints what was found; false when something is wrong with it, when its newest
 * state is not etcd's own, or when a head that was written down earlier is in no cluster's chain any more.
 */
export async function verifyRecord(options: VerifyOptions, print: Print): Promise<boolean> {
  const { databaseUrl, knownHead } = options
  const reader = await openReader({ databaseUrl })
  let sound = true
  let isKnown = knownHead === null
  try {
    const clusters = await reader.clusters()
    if (clusters.length === 0) print('The record is empty: no cluster has been watched yet.')
    for (const cluster of clusters) {
      const result = await reader.verify(cluster, undefined, knownHead ?? undefined)
      printCluster(cluster, result, print)
      if (result.chain.holdsKnownHead === true) {
        isKnown = true
        print(`  holds ${knownHead}: nothing up to it was taken away`)
      }
      sound &&= result.firstBad === null
      const settings = options.clusters.find(({ name }) => name === cluster.name)
      if (settings !== undefined) sound = (await equalsEtcd(settings, cluster.name, reader, print)) && sound
    }
    if (!isKnown) print(`BROKEN: no chain holds ${knownHead}; what was recorded up to it was replaced or taken away`)
  } finally {
    await reader.close()
  }
  return sound && isKnown
}

function printCluster(cluster: ClusterRow, { checkedChanges, checkedValues, firstBad, chain }: Verified, print: Print) {
  const newest = cluster.epochs.at(-1)
  print(
    `${cluster.name}: ${checkedChanges} changes and ${checkedValues} values checked, stored up to ` +
      `revision ${newest?.storedRevision ?? 0n} of epoch ${newest?.epoch ?? 0}, ${cluster.gaps.length} gaps`,
  )
  for (const gap of cluster.gaps) {
    print(`  gap: epoch ${gap.epoch}, revisions ${gap.fromRevision} to ${gap.toRevision}: ${gap.reason}`)
  }
  if (firstBad === null) {
    print(`  sound: ${chain.links} links, head ${chain.head}`)
    print('  write the head down: it proves the record up to here (verify --head=...)')
    return
  }
  const { epoch, revision, toRevision, key, reason } = firstBad
  const where = toRevision === revision ? `revision ${revision}` : `revisions ${revision} to ${toRevision}`
  const named = key === null ? '' : `, key ${JSON.stringify(Buffer.from(key).toString('utf8'))}`
  print(`  BROKEN at ${where} of epoch ${epoch}${named}: ${reason}`)
}

/** True also when no endpoint could be asked, which says nothing of the record; the line says so. */
async function equalsEtcd(
  settings: ClusterSettings,
  name: string,
  reader: RecordReader,
  print: Print,
): Promise<boolean> {
  let failure = 'no endpoint is set'
  for (const endpoint of settings.endpoints) {
    const connection = connectMember(endpoint, settings)
    try {
      const { header } = await connection.status()
      const cluster = await reader.cluster(name)
      const newest = cluster?.epochs.at(-1)
      if (cluster === null || newest === undefined) return true
      if (header.clusterId !== newest.etcdClusterId) {
        failure = `${endpoint} belongs to another cluster now`
        continue
      }
      const revision = newest.storedRevision
      const { keys, firstDifference } = await compareState(connection, reader, cluster, {
        epoch: newest.epoch,
        revision,
      })
      if (firstDifference === null) {
        print(`  equals etcd's own state at revision ${revision}: ${keys} keys`)
        return true
      }
      const key = JSON.stringify(Buffer.from(firstDifference.key).toString('utf8'))
      print(`  DIFFERS from etcd at revision ${revision}, key ${key}: ${firstDifference.reason}`)
      return false
    } catch (error) {
      failure = sentenceOf(error)
    } finally {
      connection.close()
    }
  }
  print(`  not compared with etcd: ${failure}`)
  return true
}
