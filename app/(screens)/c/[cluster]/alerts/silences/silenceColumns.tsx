import type { Silence } from '../../../../../../lib/contract'
import { formatMoment, formatSpan, plural } from '../../../../../_client/format'
import type { Column } from '../../../../../_ui/DataTable'
import { Status, type StatusTone } from '../../../../../_ui/StatusMark'
import { matcherWords } from './silenceDraft'

const states: Readonly<
  Record<Silence['state'], { readonly word: string; readonly tone: StatusTone; readonly rank: number }>
> = {
  active: { word: 'Active', tone: 'progress', rank: 0 },
  pending: { word: 'Waits', tone: 'info', rank: 1 },
  expired: { word: 'Over', tone: 'unknown', rank: 2 },
}

export function silenceColumns(nowMs: number): readonly Column<Silence>[] {
  return [
    {
      id: 'state',
      head: 'State',
      width: '96px',
      sort: ({ state }) => states[state].rank,
      text: ({ state }) => states[state].word,
      cell: ({ state }) => <Status tone={states[state].tone}>{states[state].word}</Status>,
    },
    {
      id: 'matchers',
      head: 'Holds back',
      width: 'minmax(240px, 3fr)',
      sort: ({ matchers }) => matcherWords(matchers),
      cell: ({ matchers, matched, state }) => (
        <div>
          <span className="mono" title={matcherWords(matchers)}>
            {matcherWords(matchers)}
          </span>
          <small>{state === 'active' ? heldWords(matched) : ''}</small>
        </div>
      ),
    },
    {
      id: 'reason',
      head: 'Reason',
      width: 'minmax(160px, 2fr)',
      sort: ({ reason }) => reason,
      cell: ({ reason, author }) => (
        <div>
          <span title={reason}>{reason}</span>
          <small>{author}</small>
        </div>
      ),
    },
    {
      id: 'ends',
      head: 'Until',
      width: '150px',
      sort: ({ endsAt }) => Date.parse(endsAt),
      text: ({ endsAt }) => endsAt,
      cell: (silence) => (
        <div>
          <span title={silence.endsAt}>{formatMoment(Date.parse(silence.endsAt), nowMs)}</span>
          <small>{timeWords(silence, nowMs)}</small>
        </div>
      ),
    },
  ]
}

export function heldWords(matched: number): string {
  return matched === 0 ? 'nothing at the moment' : `${plural(matched, 'alert')} now`
}

export function timeWords({ state, startsAt, endsAt }: Silence, nowMs: number): string {
  if (state === 'pending') return `begins ${formatMoment(Date.parse(startsAt), nowMs)}`
  const leftMs = Date.parse(endsAt) - nowMs
  return state === 'active' && leftMs > 0 ? `${formatSpan(leftMs)} left` : ''
}
