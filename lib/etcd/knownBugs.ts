import { hasFix } from './serverVersion'

/**
 * Server faults that touch what a watcher or a reader sees, for the version advisor: one release per minor line in
 * which each was mended, from etcd's change logs.
 */
interface ServerBug {
  readonly title: string
  readonly fixedIn: readonly string[]
}

const serverBugs: readonly ServerBug[] = [
  { title: 'A watch may deliver an event twice', fixedIn: ['3.4.24', '3.5.8'] },
  { title: 'Progress or events out of order on watchers that catch up', fixedIn: ['3.4.25', '3.5.8'] },
  { title: 'A watch may lose events after a compaction', fixedIn: ['3.4.31', '3.5.13'] },
  { title: 'A compaction may drop the tombstone at its own revision', fixedIn: ['3.4.34', '3.5.16'] },
  { title: 'A watch may miss a delete after a compaction', fixedIn: ['3.4.36', '3.5.18'] },
  { title: 'A watch on a future revision may receive older events', fixedIn: ['3.4.38', '3.5.22', '3.6.2'] },
  { title: 'A linearizable read may be stale', fixedIn: ['3.4.42', '3.5.28', '3.6.9'] },
  { title: 'A watch may ignore permissions (GHSA-xg4h-6gfc-h4m8)', fixedIn: ['3.5.33', '3.6.14', '3.7.1'] },
]

export interface KnownBug {
  /** The release of this version's own line that mends it; the first of a later line when there is none. */
  readonly fixedIn: string
  readonly title: string
}

/** The bugs that a server of this version still has, oldest first. */
export function knownBugs(version: string): readonly KnownBug[] {
  if (!/^\d+\.\d+\.\d+/.test(version)) return []
  const line = version.split('.').slice(0, 2).join('.')
  return serverBugs
    .filter((bug) => !hasFix(version, bug.fixedIn))
    .map(({ title, fixedIn }) => ({ title, fixedIn: fixIn(line, fixedIn) }))
}

function fixIn(line: string, fixedIn: readonly string[]): string {
  return fixedIn.find((fix) => fix.startsWith(`${line}.`)) ?? fixedIn[0] ?? ''
}
