'use client'

import Link from 'next/link'
import type { Rollout, WorkloadAnswer } from '../../../../../../lib/contract'
import { formatDuration } from '../../../../../_client/format'
import { useSharedSearch } from '../../../../../_client/useUrlState'
import { IconButton } from '../../../../../_ui/Button'
import { Revision, Time } from '../../../../../_ui/Figures'
import { Panel } from '../../../../../_ui/Panel'
import { Status, StatusMark } from '../../../../../_ui/StatusMark'
import { objectHref } from '../../history/object/objectHref'
import { outcomeWords } from '../workloadWords'
import { compareWords, failureGroups, rolloutTone, tookMs } from './prepareRollouts'

interface RolloutCardProps {
  readonly cluster: string
  readonly answer: WorkloadAnswer
  readonly rollout: Rollout
  readonly endMs: number
  readonly onClose: () => void
}

/** One rollout: what was changed, how long it took, and all that failed on the way. */
export function RolloutCard({ cluster, answer, rollout, endMs, onClose }: RolloutCardProps) {
  const shared = useSharedSearch()
  const compared = compareWords(rollout)
  return (
    <Panel
      className="rollout-card"
      title={`Rollout of generation ${rollout.generation}`}
      actions={<IconButton icon="x" label="Close" onClick={onClose} />}
      foot={
        <Link className="link" href={objectHref(cluster, { key: answer.key }, { to: rollout.fromRevision }, shared)}>
          What it changed, in History
        </Link>
      }
    >
      <dl className="kv">
        <dt>Outcome</dt>
        <dd>
          <Status tone={rolloutTone(rollout, endMs)}>{outcomeWords[rollout.outcome].words}</Status>
        </dd>
        <dt>Changed</dt>
        <dd>
          {rollout.summary} <span className="dim">({rollout.cause})</span>
        </dd>
        <dt>By</dt>
        <dd>{rollout.manager ?? <span className="dim">manager not stored</span>}</dd>
        <dt>Started</dt>
        <dd>
          <Time value={rollout.startedAt} nowMs={endMs} />, revision <Revision value={rollout.fromRevision} />
        </dd>
        <dt>Ended</dt>
        <dd>{rollout.endedAt === null ? 'not yet' : <Time value={rollout.endedAt} nowMs={endMs} />}</dd>
        <dt>Took</dt>
        <dd>
          {formatDuration(tookMs(rollout, endMs))}
          {compared !== null && <span className="mid">, {compared}</span>}
        </dd>
        <dt>Pods replaced</dt>
        <dd>{rollout.podsReplaced}</dd>
      </dl>
      {rollout.failures.length > 0 && (
        <ul className="note-list rollout-failures">
          {failureGroups(rollout).map((group) => (
            <li key={`${group.reason} ${group.message}`}>
              <StatusMark tone="warn" />
              <div>
                <b>
                  {group.reason}
                  {group.count > 1 && <span className="dim">, {group.count} times</span>}
                </b>
                {group.message !== null && <small>{group.message}</small>}
                <small>{group.objects.join(', ')}</small>
              </div>
              <span className="note-time">
                <Time value={group.firstAt} as="clock" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
