import type { Cluster } from '../../../lib/contract'
import { plural } from '../../_client/format'
import type { StatusTone } from '../../_ui/StatusMark'

/** Health in words. Pure: the same sentence from the same facts, tested as a table. */

export interface Health {
  readonly tone: StatusTone
  readonly words: string
  readonly detail: string
}

/** A forecast nearer than this is worth a word. */
export const QUOTA_WARN_DAYS = 14
const DAY_MS = 86_400_000

export function daysUntilFull(cluster: Cluster, nowMs: number): number | null {
  return cluster.quota.fullAt === null ? null : Math.max(0, (Date.parse(cluster.quota.fullAt) - nowMs) / DAY_MS)
}

export function clusterHealth(cluster: Cluster): Health {
  const { quorum, state, error, source } = cluster
  if (source === 'apiserver') {
    if (state === 'reconnecting')
      return { tone: 'critical', words: 'Not reachable', detail: error ?? 'no apiserver answers' }
    return { tone: 'unknown', words: 'Members not visible', detail: error ?? 'the source is the apiserver' }
  }
  if (state === 'archived') return { tone: 'unknown', words: 'Archived', detail: 'imported from snapshots' }
  if (quorum.voters === 0) {
    return state === 'live' || state === 'backfilling'
      ? { tone: 'unknown', words: 'Members not seen yet', detail: 'asking' }
      : { tone: 'critical', words: 'Not reachable', detail: error ?? 'no endpoint answers' }
  }
  const words = `${quorum.healthy} of ${plural(quorum.voters, 'member')} healthy`
  const tolerates = `tolerates ${plural(quorum.tolerates, 'failure')}`
  if (quorum.healthy === 0) return { tone: 'critical', words: 'Not reachable', detail: error ?? 'no member answers' }
  if (quorum.healthy < quorum.needed)
    return { tone: 'critical', words, detail: `quorum needs ${quorum.needed}: no writes` }
  const [alarm] = cluster.alarms
  if (alarm !== undefined) {
    const what = alarm.type === 'NOSPACE' ? 'NOSPACE alarm: etcd refuses writes' : `${alarm.type} alarm`
    return { tone: 'critical', words: what, detail: words }
  }
  if (cluster.leader === null) return { tone: 'critical', words: 'No leader', detail: words }
  if (quorum.healthy < quorum.voters) return { tone: 'warn', words, detail: tolerates }
  return { tone: 'ok', words, detail: tolerates }
}
