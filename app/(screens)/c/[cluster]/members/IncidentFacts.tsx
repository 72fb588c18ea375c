import type { LeaderChange } from '../../../../../lib/contract'
import { Duration } from '../../../../_ui/Figures'
import { Move } from './ChangesList'

/** Who led before and after, for how long nobody did, and whether it was meant. */
export function IncidentFacts({ change }: { change: LeaderChange }) {
  return (
    <>
      <div className="incident-move">
        <Move change={change} />
        <span className="dim">{termWords(change)}</span>
      </div>
      <dl className="incident-facts">
        <div>
          <dt>Leaderless</dt>
          <dd
            className={change.planned ? undefined : 'tone-critical'}
            title="Between the last look with the old leader and the first with the new: an upper bound"
          >
            <span className="dim">≤ </span>
            <Duration ms={change.leaderlessMs} />
          </dd>
        </div>
        <div>
          <dt>Planned</dt>
          <dd>{change.planned ? 'Yes' : 'No'}</dd>
        </div>
        <div>
          <dt>Elections</dt>
          <dd>{change.elections}</dd>
        </div>
      </dl>
    </>
  )
}

/** Elections missed between two looks still show: the term moved by more than one. */
function termWords(change: LeaderChange): string {
  const from = BigInt(change.term) - BigInt(Math.max(1, change.elections))
  return `term ${from} to ${change.term}`
}
