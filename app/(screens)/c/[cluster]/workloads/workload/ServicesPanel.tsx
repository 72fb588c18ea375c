'use client'

import Link from 'next/link'
import type { WorkloadService } from '../../../../../../lib/contract'
import { formatCount, formatDuration } from '../../../../../_client/format'
import { useSharedSearch } from '../../../../../_client/useUrlState'
import { Time } from '../../../../../_ui/Figures'
import { Panel } from '../../../../../_ui/Panel'
import { StatusMark } from '../../../../../_ui/StatusMark'
import { objectHref } from '../../history/object/objectHref'

interface ServicesPanelProps {
  readonly cluster: string
  readonly services: readonly WorkloadService[]
  readonly endMs: number
}

/** Each Service that takes the workload's pods: its endpoints, and which change took the last ready one away. */
export function ServicesPanel({ cluster, services, endMs }: ServicesPanelProps) {
  const shared = useSharedSearch()
  return (
    <Panel title="Services" note="ready endpoints" flush>
      {services.map((service) => {
        const last = service.steps[service.steps.length - 1]
        const none = last !== undefined && last.ready === 0
        return (
          <div key={service.key} className="service">
            <p>
              <StatusMark
                tone={last === undefined ? 'unknown' : none ? 'critical' : last.notReady > 0 ? 'warn' : 'ok'}
              />
              <Link href={objectHref(cluster, { key: service.key }, {}, shared)}>
                <b>{service.name}</b>
              </Link>
              <span className="dim">{service.type}</span>
              <span className={none ? 'tone-critical service-count' : 'service-count'}>
                {last === undefined
                  ? 'not known'
                  : `${formatCount(last.ready)} ready${last.notReady > 0 ? `, ${formatCount(last.notReady)} not` : ''}`}
              </span>
            </p>
            <ul className="note-list">
              {[...service.emptied].reverse().map((empty) => (
                <li key={empty.revision}>
                  <StatusMark tone={empty.until === null ? 'critical' : 'warn'} />
                  <div>
                    <b>
                      {empty.until === null
                        ? 'No ready endpoint since then'
                        : `No ready endpoint for ${formatDuration(Date.parse(empty.until) - Date.parse(empty.at))}`}
                    </b>
                    <small>
                      {empty.cause === null ? (
                        'Which change took the last one away is not known. '
                      ) : (
                        <>
                          The last one went with{' '}
                          <Link
                            className="link"
                            href={objectHref(cluster, { key: empty.cause.key }, { to: empty.cause.revision }, shared)}
                          >
                            {empty.cause.summary}
                          </Link>
                          {empty.cause.manager === null ? '' : `, by ${empty.cause.manager}`}.{' '}
                        </>
                      )}
                      <Link
                        className="link"
                        href={objectHref(cluster, { key: empty.key }, { to: empty.revision }, shared)}
                      >
                        Change of the slice
                      </Link>
                    </small>
                  </div>
                  <span className="note-time">
                    <Time value={empty.at} nowMs={endMs} />
                  </span>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </Panel>
  )
}
