'use client'

import type { RetentionAnswer } from '../../../../../lib/contract'
import { Bytes, Count, Time } from '../../../../_ui/Figures'
import { Panel } from '../../../../_ui/Panel'
import { EmptyState } from '../../../../_ui/States'
import { StatusMark } from '../../../../_ui/StatusMark'

/** What retention did when it ran last. */
export function LastRunPanel({ answer }: { answer: RetentionAnswer }) {
  const run = answer.lastRun
  return (
    <Panel title="Last run" note="each hour, and soon after a change here" className="col-span-12 lg:col-span-5">
      {run === null ? (
        <EmptyState title="It has not run yet">Without a policy there is nothing to do.</EmptyState>
      ) : (
        <>
          {run.problem !== null && (
            <p className="retention-problem">
              <StatusMark tone="warn" /> {run.problem}
            </p>
          )}
          <dl className="kv">
            <dt>{run.endedAt === null ? 'Running since' : 'Ended'}</dt>
            <dd>
              <Time value={run.endedAt ?? run.startedAt} as="moment" />
            </dd>
            <dt>Changes removed</dt>
            <dd>
              <Count value={run.removedChanges} />
            </dd>
            <dt>Keys gone whole</dt>
            <dd>
              <Count value={run.removedKeys} />
            </dd>
            <dt>Freed</dt>
            <dd>
              <Bytes value={run.freedBytes} />, which the database file takes for what comes next
            </dd>
          </dl>
        </>
      )}
    </Panel>
  )
}
