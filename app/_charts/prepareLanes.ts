import type { MemberState } from '../../lib/contract'
import { formatDuration } from '../_client/format'
import { seriesLook } from './prepareSeries'
import type { XScale } from './xScale'

/** Member stretches as lanes: one lane a member, its colour and line style the same on every screen. Pure. */

export interface LaneSegment {
  readonly from: number
  readonly width: number
  readonly state: MemberState['state']
  /** Hover text: what, from when, how long. */
  readonly label: string
  /** Words inside the bar; empty unless it is a leader's. */
  readonly words: string
}

export interface Lane {
  readonly id: string
  readonly name: string
  readonly look: { readonly color: string; readonly style: 'solid' | 'dashed' | 'dotted' }
  readonly segments: readonly LaneSegment[]
  /** The newest state, or null when nothing was observed. */
  readonly now: MemberState['state'] | null
}

const words: Readonly<Record<MemberState['state'], string>> = {
  leader: 'leader',
  follower: 'follower',
  learner: 'learner',
  'no-leader': 'no leader',
  down: 'not answering',
}

export const laneWords = (state: MemberState['state'] | null) => (state === null ? 'unknown' : words[state])

/** `order` fixes the lanes (and so the colours): member ids as the member list has them. */
export function prepareLanes(states: readonly MemberState[], order: readonly string[], scale: XScale): readonly Lane[] {
  const ids = [...order, ...new Set(states.map((s) => s.memberId).filter((id) => !order.includes(id)))]
  return ids.map((id, index) => {
    const own = states.filter((state) => state.memberId === id).sort((a, b) => Date.parse(a.from) - Date.parse(b.from))
    const newest = own[own.length - 1]
    return {
      id,
      name: newest?.name ?? id,
      look: seriesLook(index),
      segments: joined(own).flatMap((state) => segmentOf(state, scale)),
      now: newest?.state ?? null,
    }
  })
}

/** A new term alone does not end a bar: the same role goes on. Only a pause between stretches does. */
function joined(states: readonly MemberState[]): readonly MemberState[] {
  const result: MemberState[] = []
  for (const state of states) {
    const last = result[result.length - 1]
    const touches = last !== undefined && Date.parse(state.from) - Date.parse(last.to) <= 0
    const sameTerm = last?.state !== 'leader' || last.term === state.term
    if (last !== undefined && touches && last.state === state.state && sameTerm) {
      result[result.length - 1] = { ...last, to: state.to }
    } else result.push(state)
  }
  return result
}

function segmentOf(state: MemberState, scale: XScale): readonly LaneSegment[] {
  const fromMs = Date.parse(state.from)
  const toMs = Date.parse(state.to)
  const from = Math.max(0, scale.place(fromMs))
  const to = Math.min(1, scale.place(toMs))
  if (to < 0 || from > 1 || to < from) return []
  const length = formatDuration(toMs - fromMs)
  const term = state.term === null ? '' : `, term ${state.term}`
  return [
    {
      from,
      width: to - from,
      state: state.state,
      label: `${state.name}: ${words[state.state]} for ${length}${term}`,
      words: state.state === 'leader' ? `leader ${length}` : '',
    },
  ]
}
