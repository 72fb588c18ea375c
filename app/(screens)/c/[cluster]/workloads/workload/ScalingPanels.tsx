'use client'

import Link from 'next/link'
import type { WorkloadAnswer } from '../../../../../../lib/contract'
import { useSharedSearch } from '../../../../../_client/useUrlState'
import { Panel } from '../../../../../_ui/Panel'
import { Status, StatusMark, type StatusTone } from '../../../../../_ui/StatusMark'
import { objectHref } from '../../history/object/objectHref'

type Autoscaler = NonNullable<WorkloadAnswer['autoscaler']>

const count = (value: number | null) => value ?? 'not set'

/** What scales it, within which bounds, and whether it can. */
export function AutoscalerPanel({ cluster, autoscaler }: { cluster: string; autoscaler: Autoscaler }) {
  const shared = useSharedSearch()
  const { atLimit, blind, message } = autoscaler
  return (
    <Panel
      title="Autoscaler"
      note={<Link href={objectHref(cluster, { key: autoscaler.key }, {}, shared)}>{autoscaler.name}</Link>}
    >
      <dl className="kv">
        <dt>State</dt>
        <dd>
          <Status tone={blind || atLimit ? 'warn' : 'ok'}>
            {blind ? 'cannot read its metrics' : atLimit ? 'at its limit' : 'within its limits'}
          </Status>
        </dd>
        <dt>Wants</dt>
        <dd>
          {count(autoscaler.desired)} replicas, has {count(autoscaler.current)}
        </dd>
        <dt>Between</dt>
        <dd>
          {count(autoscaler.min)} and {count(autoscaler.max)}
        </dd>
        {message !== null && (
          <>
            <dt>Says</dt>
            <dd>{message}</dd>
          </>
        )}
      </dl>
    </Panel>
  )
}

const volumeTone = (status: WorkloadAnswer['volumes'][number]['status']): StatusTone =>
  status === 'Current' ? 'ok' : status === 'Failed' ? 'critical' : status === 'Unknown' ? 'unknown' : 'warn'

export function VolumesPanel({ cluster, volumes }: { cluster: string; volumes: WorkloadAnswer['volumes'] }) {
  const shared = useSharedSearch()
  return (
    <Panel title="Volumes" note={`${volumes.length} claimed`} flush>
      <ul className="note-list">
        {volumes.map((volume) => (
          <li key={volume.key}>
            <StatusMark tone={volumeTone(volume.status)} />
            <div>
              <b>
                <Link href={objectHref(cluster, { key: volume.key }, {}, shared)}>{volume.claim}</Link>
              </b>
              <small>
                {[volume.phase, volume.reason].filter((part) => part !== null).join(', ') || volume.status}
                {volume.pods.length > 0 && `; mounted by ${volume.pods.join(', ')}`}
              </small>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
