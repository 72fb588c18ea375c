import { type ClusterSnapshot, clusterSnapshot } from '../contract'
import type { ClusterRow } from '../store/store'
import { timeOf } from './instant'

/** What the collector last said of a cluster, checked; null when it said nothing, or nothing that can be read. */
export interface RecordedSnapshot {
  readonly document: ClusterSnapshot
  readonly atMs: number
  /** Written within {@link staleAfterMs}, so that it tells of now, or of an archive, where nothing moves. */
  readonly fresh: boolean
}

/** The collector writes each second; five seconds of silence is more than a slow write. */
export const staleAfterMs = 5_000

export function snapshotOf(row: ClusterRow, nowMs: number): RecordedSnapshot | null {
  if (!row.snapshot) return null
  const parsed = clusterSnapshot.safeParse(row.snapshot.document)
  if (!parsed.success) return null
  const fresh = parsed.data.state === 'archived' || nowMs - row.snapshot.atMs <= staleAfterMs
  return { document: parsed.data, atMs: row.snapshot.atMs, fresh }
}

/** Why there is nothing fresh, as one sentence for people; null while there is. */
export function silenceOf(row: ClusterRow, snapshot: RecordedSnapshot | null, nowMs: number): string | null {
  if (snapshot?.fresh) return null
  if (snapshot) {
    const seconds = Math.round((nowMs - snapshot.atMs) / 1000)
    return `No collector has reported for ${ageOf(seconds)}, since ${timeOf(snapshot.atMs)}: what is shown is the record.`
  }
  if (!row.snapshot) return 'No collector has reported on this cluster yet.'
  const where = clusterSnapshot.safeParse(row.snapshot.document).error?.issues[0]?.path.join('.') ?? ''
  return `The collector's state cannot be read (at ${where}): run the same version of etcdscope for both.`
}

function ageOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}
