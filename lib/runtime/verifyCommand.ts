import { openReader } from '../store'

/** Checks every cluster's record and prints what was found; false when something is wrong with it. */
export async function verifyRecord(databaseUrl: string, print: (line: string) => void): Promise<boolean> {
  const reader = await openReader({ databaseUrl })
  let sound = true
  try {
    const clusters = await reader.clusters()
    if (clusters.length === 0) print('The record is empty: no cluster has been watched yet.')
    for (const cluster of clusters) {
      const result = await reader.verify(cluster)
      const newest = cluster.epochs.at(-1)
      print(
        `${cluster.name}: ${result.checkedChanges} changes and ${result.checkedValues} values checked, stored up to ` +
          `revision ${newest?.storedRevision ?? 0n} of epoch ${newest?.epoch ?? 0}, ${cluster.gaps.length} gaps`,
      )
      for (const gap of cluster.gaps) {
        print(`  gap: epoch ${gap.epoch}, revisions ${gap.fromRevision} to ${gap.toRevision}: ${gap.reason}`)
      }
      if (result.firstBad === null) print('  sound')
      else {
        sound = false
        const { epoch, revision, reason } = result.firstBad
        print(`  BROKEN at revision ${revision} of epoch ${epoch}: ${reason}`)
      }
    }
  } finally {
    await reader.close()
  }
  return sound
}
