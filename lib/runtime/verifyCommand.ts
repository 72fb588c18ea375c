import { type ClusterRow, openReader, type RecordReader } from '../store'

type Verified = Awaited<ReturnType<RecordReader['verify']>>
type Print = (line: string) => void

/**
 * Checks every cluster's record and prints what was found; false when something is wrong with it, or when a head that
 * was written down earlier is in no cluster's chain any more.
 */
export async function verifyRecord(databaseUrl: string, knownHead: string | null, print: Print): Promise<boolean> {
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
