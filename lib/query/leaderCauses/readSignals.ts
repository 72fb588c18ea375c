import { median } from '../../core/median'
import type { ClusterRef, LeaderChangeInput, RecordReader } from '../../store/store'
import { readMembers } from './readMembers'
import { readWrites } from './readWrites'
import {
  type MemberSignals,
  type Reading,
  type SignalName,
  type Signals,
  type Span,
  signalNames,
  signalSources,
} from './signals'

/** Reads what the rules need to know of one leader change. Bounded: minutes of the hour before, scrapes of the last. */

const minuteMs = 60_000
const usualMs = 60 * minuteMs
/** The last half minute before the minute may already be part of the trouble. */
const apartMs = 30_000
const scrapeMs = 5_000
/** What was measured while nobody led is scraped a little later. */
const scrapeLagMs = 3 * scrapeMs
/** One slow answer is no silence. */
const silenceMs = 2_000

export async function readSignals(
  reader: RecordReader,
  cluster: ClusterRef,
  change: LeaderChangeInput,
): Promise<Signals> {
  const heldMs = change.atMs - change.leaderlessMs
  const members = await readMembers(reader, cluster, change.atMs)
  const before = { fromMs: heldMs - minuteMs, toMs: change.atMs }
  const usual = { fromMs: before.fromMs - apartMs - usualMs, toMs: before.fromMs - apartMs }
  const readings = new Map<SignalName, readonly Reading[]>()
  for (const name of signalNames) {
    const source = signalSources[name]
    const ask = { metric: source.metric, agg: source.agg }
    const [now, earlier] = await Promise.all([
      reader.series(cluster, { ...ask, fromMs: before.fromMs, toMs: before.toMs + scrapeLagMs, stepMs: scrapeMs }),
      reader.series(cluster, { ...ask, ...usual, stepMs: minuteMs }),
    ])
    const usualBy = new Map(
      earlier.map(({ labels, points }) => [seriesKey(labels), median(points.map(([, value]) => value))]),
    )
    const counted = source.counted === true
    readings.set(
      name,
      now.flatMap(({ labels, points }) => {
        const memberId = labels.member_id ?? ''
        const away = silences(members, memberId, labels.to)
        const values = points.filter(([t]) => !away.some((span) => t >= span.fromMs && t < span.toMs)).map(([, v]) => v)
        if (values.length === 0) return []
        return {
          memberId,
          member: labels.member ?? memberId,
          to: labels.to ?? null,
          before: counted ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values),
          usual: usualBy.get(seriesKey(labels)) ?? null,
        }
      }),
    )
  }
  return { change, heldMs, members, readings, writes: await readWrites(reader, cluster, before, usual) }
}

/**
 * What a member counts while it, or the peer that it talks to, is gone tells of the loss, not of its cause; and the
 * first scrape after its return covers all of it.
 */
function silences(members: readonly MemberSignals[], memberId: string, peer: string | undefined): Span[] {
  return members
    .filter((one) => one.memberId === memberId || one.name === peer)
    .flatMap((one) => one.down)
    .filter((span) => span.toMs - span.fromMs >= silenceMs)
    .map((span) => ({ fromMs: span.fromMs, toMs: span.toMs + scrapeLagMs }))
}

const seriesKey = ({ member_id, to }: Readonly<Record<string, string>>) => `${member_id} ${to}`
