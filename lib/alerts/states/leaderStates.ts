import type { LeaderChangeInput } from '../../store'
import type { Measured } from '../measured'
import type { SampleSeries } from '../view'
import type { RecordedState, StateView } from './state'

/**
 * Changes of leader within the window, all of them or those that nobody asked for. A change is explained when it was
 * planned, or when the old leader's process ended: a restart, also one that is still under way. A leader that comes
 * back with the process it had was frozen or cut off, and counts; so does one that ends again and again.
 */

const processStart = 'process_start_time_seconds'
/** Start times come from the member's clock, and the times of changes from ours. */
const clockSlackMs = 2_000
/** A leader that is stopped hands over first and ends some seconds later. */
const stopLagMs = 15_000
/** How long a change may wait for the scrape that tells what became of the old leader. */
const unknownForMs = 30_000
/** Scrapes of a member are at most about a minute apart; the old leader may have ended since the last one. */
const scrapedApartMs = 60_000
/** A rolling restart ends each process once, a second try twice; more within this time is a crash loop. */
const crashLoopMs = 3_600_000
const crashLoopRestarts = 3

export const leaderChanges = counted(() => true)
export const unplannedLeaderChanges = counted((change, view) => !isExplained(change, view))

function counted(counts: (change: LeaderChangeInput, view: StateView) => boolean): RecordedState {
  return {
    kind: 'record',
    metrics: (windowMs) => ({
      [processStart]: windowMs + crashLoopMs,
      up: windowMs,
      etcd_server_is_leader: windowMs,
      etcdscope_raft_term: windowMs,
    }),
    async read(reader, cluster, { fromMs, toMs, windowMs }) {
      const rows = await reader.leaderChanges(cluster, fromMs - windowMs, toMs)
      return (view) => {
        const within = (atMs: number) => atMs > view.nowMs - windowMs && atMs <= view.nowMs
        const own = rows.filter(({ atMs }) => within(atMs))
        const found = [...own, ...seenInMetrics(view).filter(({ atMs }) => within(atMs))].filter((change) =>
          counts(change, view),
        )
        return [{ labels: {}, value: found.length, ...detailsOf(found) }]
      }
    },
  }
}

function detailsOf(found: readonly LeaderChangeInput[]): Pick<Measured, 'details'> {
  const newest = found.at(-1)
  if (newest === undefined) return {}
  const { term, fromName, toName } = newest
  return { details: { ...(term > 0n ? { term: String(term) } : {}), from: fromName ?? 'unknown', to: toName } }
}

export function isExplained(change: LeaderChangeInput, view: StateView): boolean {
  if (change.planned) return true
  const memberId = change.fromMemberId
  if (memberId === null) return false
  const heldMs = change.atMs - change.leaderlessMs - clockSlackMs
  const goneByMs = change.atMs + stopLagMs
  const starts = rowsOf(view, processStart, memberId)
  if (restartsBefore(starts, view.nowMs) >= crashLoopRestarts) return false
  const ups = rowsOf(view, 'up', memberId)
  const next = starts.find(({ value }) => value * 1000 >= heldMs)
  if (next !== undefined) {
    const wasDown = ups.some(({ atMs, value }) => value === 0 && atMs >= heldMs && atMs <= goneByMs)
    return wasDown || next.value * 1000 <= goneByMs
  }
  // It was scraped long enough after the change, and with the process that it had: nothing ended.
  if (starts.some(({ atMs }) => atMs > goneByMs)) return false
  return view.nowMs - change.atMs < unknownForMs || ups.at(-1)?.value === 0
}

/** Processes that began within the last hour after one that was seen before: the first one seen is no restart. */
function restartsBefore(starts: readonly { atMs: number; value: number }[], nowMs: number): number {
  const lives: number[] = []
  for (const { value } of starts) {
    const startMs = value * 1000
    // The start of one process may be told a little apart.
    if (!lives.some((one) => Math.abs(one - startMs) < clockSlackMs)) lives.push(startMs)
  }
  return lives.slice(1).filter((startMs) => startMs > nowMs - crashLoopMs).length
}

function rowsOf(view: StateView, metric: string, memberId: string): { atMs: number; value: number }[] {
  return view
    .series(metric)
    .filter(({ labels }) => labels.member_id === memberId)
    .flatMap((series) => series.rows.slice(0, series.firstAfter(view.nowMs)))
    .sort((a, b) => a.atMs - b.atMs)
}

/**
 * Imported metrics tell no terms: there a change of leader is that another member says so of itself than before. Moves
 * that were asked for look the same, and so does an election won back between two scrapes not at all.
 */
function seenInMetrics(view: StateView): LeaderChangeInput[] {
  if (view.series('etcdscope_raft_term').some((series) => series.firstAfter(view.nowMs) > 0)) return []
  const looks = view
    .series('etcd_server_is_leader')
    .flatMap((series) => electionsOf(series, view.nowMs))
    .sort((a, b) => a.atMs - b.atMs)
  const changes: LeaderChangeInput[] = []
  let last: (typeof looks)[number] | null = null
  for (const look of looks) {
    // One that led when the window began is no change.
    if (last !== null && look.isFirst) continue
    if (last !== null && look.memberId !== last.memberId) {
      changes.push({
        atMs: look.atMs,
        term: 0n,
        fromMemberId: last.memberId,
        fromName: last.member,
        toMemberId: look.memberId,
        toName: look.member,
        leaderlessMs: scrapedApartMs,
        planned: false,
        elections: 1,
        revision: null,
      })
    }
    last = look
  }
  return changes
}

interface Election {
  readonly atMs: number
  readonly memberId: string
  readonly member: string
  readonly isFirst: boolean
}

/** When the member began to call itself the leader; a deposed one that has not heard yet goes on, which is no change. */
function electionsOf(series: SampleSeries, nowMs: number): Election[] {
  const { member_id: memberId = '', member = '' } = series.labels
  return series.rows.slice(0, series.firstAfter(nowMs)).flatMap(({ atMs, value }, at, rows) => {
    if (value !== 1 || rows[at - 1]?.value === 1) return []
    return [{ atMs, memberId, member, isFirst: at === 0 }]
  })
}
