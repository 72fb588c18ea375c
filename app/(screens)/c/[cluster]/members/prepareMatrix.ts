import type { SeriesAnswer } from '../../../../../lib/contract'
import { warnsFromSeconds } from './memberMetrics'
import { memberName, type NamedMember } from './memberNames'
import { largest } from './prepareMemberSeries'

/** Peer round trips as a matrix, from row to column. Pure. */

export interface MatrixCell {
  readonly toId: string
  /** Worst p99 of the window in seconds; null when it was not measured. */
  readonly seconds: number | null
  readonly self: boolean
  /** 0 to 4: under 1, 5, 20, 50 ms, and above. */
  readonly shade: number
  readonly tone: 'warn' | 'critical' | undefined
}

export interface MatrixRow {
  readonly member: NamedMember
  readonly cells: readonly MatrixCell[]
}

const shadesFromSeconds = [0.001, 0.005, 0.02, 0.05]
/** The default election time-out: a heartbeat that takes this long loses the leader. */
const ROUND_TRIP_CRITICAL_SECONDS = 1

export function prepareMatrix(answer: SeriesAnswer | undefined, members: readonly NamedMember[]): readonly MatrixRow[] {
  return members.map((member) => ({
    member,
    cells: members.map((peer) => cellOf(answer, member, peer)),
  }))
}

function cellOf(answer: SeriesAnswer | undefined, from: NamedMember, to: NamedMember): MatrixCell {
  const self = from.id === to.id
  const seconds = self ? null : worst(answer, from, to)
  const known = seconds ?? 0
  return {
    toId: to.id,
    seconds,
    self,
    shade: shadesFromSeconds.filter((limit) => known >= limit).length,
    tone: known >= ROUND_TRIP_CRITICAL_SECONDS ? 'critical' : known >= warnsFromSeconds.roundTrip ? 'warn' : undefined,
  }
}

/** The API names the peer; before it knows the name, the id stands there. */
function worst(answer: SeriesAnswer | undefined, from: NamedMember, to: NamedMember): number | null {
  const lists = (answer?.series ?? [])
    .filter(({ labels }) => labels.member_id === from.id && (labels.to === memberName(to) || labels.to === to.id))
    .map(({ points }) => points)
  return largest(lists).reduce<number | null>(
    (high, [, value]) => (value === null ? high : Math.max(high ?? 0, value)),
    null,
  )
}
