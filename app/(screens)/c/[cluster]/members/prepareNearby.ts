import type { Change, MemberState, SeriesAnswer } from '../../../../../lib/contract'
import { formatClock, formatDuration } from '../../../../_client/format'

/** What else happened around a leader change, in the order of time: configuration, members away, defragmentation. Pure. */

export type Nearby =
  | { readonly kind: 'change'; readonly id: string; readonly atMs: number; readonly change: Change }
  | {
      readonly kind: 'member' | 'defrag'
      readonly id: string
      readonly atMs: number
      readonly name: string
      readonly words: string
    }

export interface NearbyInput {
  readonly changes: readonly Change[]
  readonly states: readonly MemberState[]
  readonly defrag: SeriesAnswer | undefined
}

export function prepareNearby({ changes, states, defrag }: NearbyInput): readonly Nearby[] {
  const found: Nearby[] = [
    ...changes.map(
      (change): Nearby => ({
        kind: 'change',
        id: `${change.epoch}-${change.revision}-${change.ordinal}`,
        atMs: Date.parse(change.at),
        change,
      }),
    ),
    ...outages(states),
    ...defragmentations(defrag),
  ]
  return found.sort((a, b) => a.atMs - b.atMs)
}

/** Members are asked each second: shorter than that is a single failed look. */
const ONE_LOOK_MS = 1000

/** Stretches in which a member did not answer; several in a row are one. */
function outages(states: readonly MemberState[]): readonly Nearby[] {
  const down: { memberId: string; name: string; fromMs: number; toMs: number }[] = []
  for (const state of [...states].sort((a, b) => Date.parse(a.from) - Date.parse(b.from))) {
    if (state.state !== 'down') continue
    const fromMs = Date.parse(state.from)
    const toMs = Date.parse(state.to)
    const before = down.find((one) => one.memberId === state.memberId && fromMs <= one.toMs)
    if (before === undefined) down.push({ memberId: state.memberId, name: state.name, fromMs, toMs })
    else before.toMs = Math.max(before.toMs, toMs)
  }
  return down.map(({ memberId, name, fromMs, toMs }) => {
    const back = states.some((s) => s.memberId === memberId && s.state !== 'down' && Date.parse(s.to) > toMs)
    const length = formatDuration(toMs - fromMs)
    const returned = `stopped answering, back at ${formatClock(toMs)} (${length})`
    const away = back ? returned : `stopped answering, for ${length}`
    const words = back && toMs - fromMs < ONE_LOOK_MS ? 'did not answer once' : away
    return { kind: 'member', id: `down-${memberId}-${fromMs}`, atMs: fromMs, name: name || memberId, words }
  })
}

function defragmentations(answer: SeriesAnswer | undefined): readonly Nearby[] {
  return (answer?.series ?? []).flatMap(({ labels, points }): Nearby[] => {
    const first = points.find(([, value]) => value !== null && value > 0)
    const name = labels.member ?? labels.member_id
    if (first === undefined || name === undefined) return []
    return [
      { kind: 'defrag', id: `defrag-${name}-${first[0]}`, atMs: first[0], name, words: 'defragmented its database' },
    ]
  })
}
