import type { Cluster } from '../../../lib/contract'
import { formatCount, formatLag, plural } from '../../_client/format'
import type { StatusTone } from '../StatusMark'

/** What the recorder does, in two short lines for the foot of the rail. Pure. */
export interface RecorderWords {
  readonly tone: StatusTone
  readonly title: string
  readonly detail: string
}

const toneOf = {
  live: 'ok',
  backfilling: 'progress',
  reconnecting: 'warn',
  stopped: 'critical',
  archived: 'unknown',
} as const
const titleOf = {
  live: 'Recording',
  backfilling: 'Back-filling',
  reconnecting: 'Reconnecting',
  stopped: 'Not recording',
  archived: 'Archived',
} as const

function ofOne(cluster: Cluster): RecorderWords {
  const { state, lagMs, revision, storedRevision, error } = cluster
  if (state === 'archived') {
    return { tone: toneOf[state], title: titleOf[state], detail: `up to revision ${storedRevision ?? 0}` }
  }
  const behind =
    state === 'backfilling' && revision !== null && storedRevision !== null
      ? `${formatCount(Math.max(0, Number(BigInt(revision) - BigInt(storedRevision))))} revisions to go`
      : lagMs === null
        ? 'lag unknown'
        : `${formatLag(lagMs)} behind the head`
  return {
    tone: toneOf[state],
    title: titleOf[state],
    detail: state === 'live' || state === 'backfilling' ? behind : (error ?? 'no reason given'),
  }
}

export function recorderWords(clusters: readonly Cluster[], chosen: string | null): RecorderWords {
  const one = clusters.find((cluster) => cluster.name === chosen) ?? (clusters.length === 1 ? clusters[0] : undefined)
  if (one !== undefined) return ofOne(one)
  const watched = clusters.filter((cluster) => cluster.state !== 'archived')
  const recording = watched.filter((cluster) => cluster.state === 'live' || cluster.state === 'backfilling')
  const away = watched.filter((cluster) => !recording.includes(cluster))
  if (away.length === 0) {
    const lag = Math.max(0, ...watched.map((cluster) => cluster.lagMs ?? 0))
    return {
      tone: 'ok',
      title: `Recording ${plural(watched.length, 'cluster')}`,
      detail: `at most ${formatLag(lag)} behind`,
    }
  }
  return {
    tone: 'warn',
    title: `Recording ${recording.length} of ${watched.length}`,
    detail: `${away.map((cluster) => cluster.name).join(', ')} not reachable`,
  }
}
