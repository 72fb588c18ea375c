import type { LeaderChange } from '../../lib/contract'
import { formatClock, formatDuration } from '../_client/format'
import type { XScale } from './xScale'

/** Letters on a time axis: what happened, each a button that may open its side panel. Pure. */

export type MarkKind = 'leader' | 'planned' | 'rollout' | 'alert' | 'alertWarn' | 'defrag' | 'restart' | 'compaction'

export interface ChartMark {
  readonly id: string
  readonly ms: number
  readonly kind: MarkKind
  /** One sentence: hover text and accessible name. */
  readonly label: string
}

export interface PlacedMark {
  readonly place: number
  readonly mark: ChartMark
  /** Marks that stand closer than the limit, the first one included. */
  readonly together: readonly ChartMark[]
}

export const markLetter: Readonly<Record<MarkKind, string>> = {
  leader: 'L',
  planned: 'L',
  rollout: 'R',
  alert: 'A',
  alertWarn: 'A',
  defrag: 'D',
  restart: 'S',
  compaction: 'C',
}

/** What nobody asked for outranks what somebody did, where only one tag fits. */
const rank: Readonly<Record<MarkKind, number>> = {
  alert: 0,
  leader: 1,
  alertWarn: 2,
  restart: 3,
  planned: 4,
  defrag: 5,
  compaction: 6,
  rollout: 7,
}

/** Marks inside the plot, those closer than `apartPx` stacked into one. */
export function placeMarks(
  marks: readonly ChartMark[],
  scale: XScale,
  widthPx: number,
  apartPx = 16,
): readonly PlacedMark[] {
  const inside = marks
    .map((mark) => ({ mark, place: scale.place(mark.ms) }))
    .filter(({ place }) => place >= 0 && place <= 1)
    .sort((a, b) => a.place - b.place)
  const placed: { place: number; together: ChartMark[] }[] = []
  for (const { mark, place } of inside) {
    const last = placed[placed.length - 1]
    if (last !== undefined && (place - last.place) * widthPx < apartPx) last.together.push(mark)
    else placed.push({ place, together: [mark] })
  }
  return placed.flatMap(({ place, together }) => {
    const [mark] = [...together].sort((a, b) => rank[a.kind] - rank[b.kind])
    return mark === undefined ? [] : [{ place, mark, together }]
  })
}

export function leaderMarks(changes: readonly LeaderChange[]): readonly ChartMark[] {
  return changes.map((change) => {
    const ms = Date.parse(change.at)
    const from = change.fromName ?? 'unknown'
    const words = change.planned ? 'Leader moved as planned' : 'Leader lost'
    return {
      id: `leader-${change.term}`,
      ms,
      kind: change.planned ? 'planned' : 'leader',
      label: `${words}, ${formatClock(ms)}: ${from} to ${change.toName}, term ${change.term}, leaderless at most ${formatDuration(change.leaderlessMs)}`,
    }
  })
}
