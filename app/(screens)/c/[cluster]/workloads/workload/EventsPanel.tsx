'use client'

import Link from 'next/link'
import type { WorkloadAnswer } from '../../../../../../lib/contract'
import { formatCount, plural } from '../../../../../_client/format'
import { useSharedSearch, useUrlParam } from '../../../../../_client/useUrlState'
import { ToggleChip } from '../../../../../_ui/Chip'
import { Time } from '../../../../../_ui/Figures'
import { Panel } from '../../../../../_ui/Panel'
import { StatusMark } from '../../../../../_ui/StatusMark'
import { objectHref } from '../../history/object/objectHref'

const SHOWN = 8
/** As many as the interface hands out. */
const MOST = 200

interface EventsPanelProps {
  readonly cluster: string
  readonly events: WorkloadAnswer['events']
  readonly endMs: number
}

/** What Kubernetes reported about it and what it owns, newest first. */
export function EventsPanel({ cluster, events, endMs }: EventsPanelProps) {
  const shared = useSharedSearch()
  const [param, setParam] = useUrlParam('events')
  const only = param === 'warnings' || param === 'all-warnings'
  const all = param === 'all' || param === 'all-warnings'
  const warnings = events.filter(({ type }) => type === 'Warning')
  const matching = only ? warnings : events
  const shown = all ? matching : matching.slice(0, SHOWN)
  const write = (next: { only: boolean; all: boolean }) =>
    setParam(next.only ? (next.all ? 'all-warnings' : 'warnings') : next.all ? 'all' : null)
  return (
    <Panel
      title="Events"
      note={events.length === MOST ? `the newest ${MOST}` : `${formatCount(events.length)} in this range`}
      actions={
        warnings.length > 0 && warnings.length < events.length ? (
          <ToggleChip on={only} onChange={(on) => write({ only: on, all })}>
            {plural(warnings.length, 'warning')}
          </ToggleChip>
        ) : undefined
      }
      foot={
        matching.length > SHOWN ? (
          <button type="button" className="link" onClick={() => write({ only, all: !all })}>
            {all ? 'Show fewer' : `All ${formatCount(matching.length)}`}
          </button>
        ) : undefined
      }
      flush
    >
      <ul className="note-list">
        {shown.length === 0 && <li className="note-none">None is recorded in this range.</li>}
        {shown.map((event) => (
          <li key={event.key}>
            <StatusMark tone={event.type === 'Warning' ? 'warn' : 'info'} />
            <div>
              <b>
                <Link href={objectHref(cluster, { key: event.key }, {}, shared)}>{event.reason}</Link>
              </b>
              <small>
                {event.regarding.kind} {event.regarding.name}: {event.message}
              </small>
            </div>
            <span className="note-time">
              <Time value={event.at} nowMs={endMs} />
              {event.count > 1 && <small>{formatCount(event.count)} times</small>}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
