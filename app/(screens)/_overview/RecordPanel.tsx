'use client'

import Link from 'next/link'
import type { Cluster } from '../../../lib/contract'
import { formatBytes } from '../../_client/format'
import { useHealth } from '../../_client/queries'
import { Revision, Time } from '../../_ui/Figures'
import { Panel } from '../../_ui/Panel'
import { StatusMark } from '../../_ui/StatusMark'

const engines = { sqlite: 'SQLite', postgresql: 'PostgreSQL' } as const
const SHOWN = 3

/** What the record holds of each cluster, and every gap with its reason. */
export function RecordPanel({ clusters }: { clusters: readonly Cluster[] }) {
  const { data: health } = useHealth()
  return (
    <Panel
      title="Record"
      note={
        health === undefined ? undefined : `${engines[health.store.engine]}, ${formatBytes(health.store.sizeBytes)}`
      }
      flush
    >
      <ul className="record">
        {clusters.map((cluster) => (
          <ClusterRecord key={cluster.name} cluster={cluster} />
        ))}
      </ul>
    </Panel>
  )
}

function ClusterRecord({ cluster }: { cluster: Cluster }) {
  const gaps = [...cluster.gaps].reverse()
  const [oldest] = cluster.coverage
  const whole = gaps.length === 0
  return (
    <li>
      <StatusMark tone={oldest === undefined ? 'unknown' : whole ? 'ok' : 'warn'} />
      <div>
        <Link className="link" href={`/c/${encodeURIComponent(cluster.name)}/record`}>
          {cluster.name}
        </Link>
        {oldest === undefined ? (
          <small>nothing recorded yet</small>
        ) : (
          <small>
            <Revision value={oldest.fromRevision} /> to <Revision value={cluster.storedRevision} />
            {whole ? ', complete' : ''}
            {cluster.firstTime !== null && (
              <>
                , since <Time value={cluster.firstTime} />
              </>
            )}
          </small>
        )}
        {gaps.slice(0, SHOWN).map((gap) => (
          <small key={`${gap.epoch} ${gap.fromRevision}`} className="record-gap" title={gap.reason}>
            <i /> <Revision value={gap.fromRevision} /> to <Revision value={gap.toRevision} />: {gap.reason}
          </small>
        ))}
        {gaps.length > SHOWN && <small>and {gaps.length - SHOWN} earlier gaps</small>}
      </div>
    </li>
  )
}
