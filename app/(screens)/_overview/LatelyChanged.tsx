'use client'

import { useQueries } from '@tanstack/react-query'
import Link from 'next/link'
import type { Cluster } from '../../../lib/contract'
import { stepForSpan } from '../../_charts/prepareSeries'
import { formatCount } from '../../_client/format'
import { activityQuery, changesQuery } from '../../_client/queries'
import { useRange } from '../../_client/range'
import { Revision, Time } from '../../_ui/Figures'
import { Panel } from '../../_ui/Panel'
import { EmptyState, FailedState, LoadingState } from '../../_ui/States'
import { type ClusterChange, hiddenCount, latelyChanged } from './latelyChanged'

const SHOWN = 8
/** Read more than shown: what controllers make is left out afterwards. */
const READ = 200
const REFRESH_MS = 1000

/** Configuration of all clusters, newest first; heartbeats and status are counted, not listed. */
export function LatelyChanged({ clusters }: { clusters: readonly Cluster[] }) {
  const { params, span } = useRange()
  const stepMs = stepForSpan(span.toMs - span.fromMs, 10)
  const lists = useQueries({
    queries: clusters.map((cluster) => ({
      ...changesQuery(cluster.name, { significance: ['spec', 'metadata'], ...params, limit: READ }),
      meta: { everyMs: REFRESH_MS },
    })),
  })
  const noise = useQueries({
    queries: clusters.map((cluster) =>
      activityQuery(cluster.name, { metric: 'changes', by: 'significance', ...params, stepMs, top: 8 }),
    ),
  })
  const failed = lists.find((list) => list.isError && list.data === undefined)
  const loading = lists.some((list) => list.isPending)
  const pages = lists.flatMap((list, index) => {
    const cluster = clusters[index]
    return cluster === undefined || list.data === undefined ? [] : [{ cluster: cluster.name, changes: list.data.items }]
  })
  const changes = latelyChanged(pages, SHOWN)
  const hidden = hiddenCount(noise.map((one) => one.data))
  const [first] = clusters
  const several = clusters.length > 1
  return (
    <Panel
      title="What changed lately"
      note={several ? 'Configuration only, all clusters' : 'Configuration only'}
      flush
      className="lg:col-span-8 col-span-12"
      actions={
        first !== undefined && (
          <Link className="link text-xs" href={`/c/${encodeURIComponent(changes[0]?.cluster ?? first.name)}/history`}>
            Open history
          </Link>
        )
      }
      foot={<span>{formatCount(hidden)} heartbeat and status writes hidden in this range</span>}
    >
      {changes.length > 0 ? (
        <ChangeList changes={changes} several={several} />
      ) : failed !== undefined ? (
        <FailedState
          title="The change log could not be read"
          error={failed.error}
          onRetry={() => void failed.refetch()}
        />
      ) : loading ? (
        <LoadingState />
      ) : (
        <EmptyState title="No configuration change in this range">A wider range is at the top right.</EmptyState>
      )}
    </Panel>
  )
}

function ChangeList({ changes, several }: { changes: readonly ClusterChange[]; several: boolean }) {
  return (
    <div className="overflow-x-auto">
      <table className="plain-table lately">
        <thead>
          <tr>
            <th>Time</th>
            <th>Object</th>
            <th>Change</th>
            <th>Manager</th>
            <th className="num">Revision</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ cluster, change, times }) => (
            <tr key={`${cluster} ${change.epoch} ${change.revision} ${change.ordinal}`}>
              <td className="mono dim">
                <Time value={change.at} />
              </td>
              <td>
                <ObjectName cluster={cluster} change={change} times={times} several={several} />
              </td>
              <td title={change.summary}>{change.summary === '' ? change.op : change.summary}</td>
              <td className="mid">{change.manager ?? <span className="dim">not stored</span>}</td>
              <td className="num">
                <Revision value={change.revision} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ObjectName({ cluster, change, times, several }: ClusterChange & { several: boolean }) {
  const key =
    change.key === undefined
      ? `keyBase64=${encodeURIComponent(change.keyBase64 ?? '')}`
      : `key=${encodeURIComponent(change.key)}`
  const where = [change.namespace, several ? cluster : null, times > 1 ? `${formatCount(times)} times` : null]
    .filter((part) => part !== null)
    .join(', ')
  const name = change.name ?? change.key ?? change.keyBase64 ?? ''
  return (
    <Link
      href={`/c/${encodeURIComponent(cluster)}/history?${key}`}
      className="lately-object"
      title={change.key ?? name}
    >
      {change.name !== null && change.resource !== null && <span className="dim">{change.resource} </span>}
      <b className={change.name === null ? 'mono' : undefined}>{name}</b>
      {where !== '' && <small>{where}</small>}
    </Link>
  )
}
