import type { ClusterRef, RecordReader } from '../../store/store'
import { rollingReachMs } from './eventRules'
import type { MemberSignals, ProcessLife } from './signals'

/** Restarts before and after a change are looked for this far away. */
const reachMs = rollingReachMs + 5 * 60_000
const scrapeMs = 5_000
/** The start of one process may be reported a little apart: it is computed from the host's boot time, which drifts. */
const sameStartMs = 2_000
const processStart = 'process_start_time_seconds'

/** The lanes and process lives of every member around a moment. */
export async function readMembers(reader: RecordReader, cluster: ClusterRef, atMs: number): Promise<MemberSignals[]> {
  const range = { fromMs: atMs - reachMs, toMs: atMs + reachMs }
  const [states, starts] = await Promise.all([
    reader.memberStates(cluster, range.fromMs, range.toMs),
    reader.series(cluster, { metric: processStart, agg: 'max', stepMs: scrapeMs, ...range }),
  ])
  const ids = [...new Set(states.map((one) => one.memberId))]
  return ids.map((memberId) => {
    const own = states.filter((one) => one.memberId === memberId).sort((a, b) => a.fromMs - b.fromMs)
    const spans = (state: string) =>
      own.flatMap((one, index) => {
        if (one.state !== state) return []
        // It answered again with the look that began the next stretch.
        return { fromMs: one.fromMs, toMs: Math.max(one.toMs, own[index + 1]?.fromMs ?? 0) }
      })
    return {
      memberId,
      name: own.at(-1)?.name ?? memberId,
      down: spans('down'),
      leaderless: spans('no-leader'),
      seenMs: own.findLast((one) => one.state !== 'down')?.toMs ?? 0,
      lives: livesOf(starts.filter(({ labels }) => labels.member_id === memberId).flatMap(({ points }) => points)),
    }
  })
}

function livesOf(points: readonly (readonly [number, number])[]): ProcessLife[] {
  const lives: ProcessLife[] = []
  for (const [seenMs, seconds] of [...points].sort(([a], [b]) => a - b)) {
    const startMs = Math.round(seconds * 1000)
    const last = lives.at(-1)
    if (last !== undefined && Math.abs(startMs - last.startMs) < sameStartMs) {
      lives[lives.length - 1] = { ...last, lastSeenMs: seenMs }
    } else lives.push({ startMs, firstSeenMs: seenMs, lastSeenMs: seenMs })
  }
  return lives
}
