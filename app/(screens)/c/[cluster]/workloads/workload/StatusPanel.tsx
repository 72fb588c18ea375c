'use client'

import Link from 'next/link'
import type { WorkloadItem } from '../../../../../../lib/contract'
import { useSharedSearch } from '../../../../../_client/useUrlState'
import { Revision, Time } from '../../../../../_ui/Figures'
import { Panel } from '../../../../../_ui/Panel'
import { objectHref } from '../../history/object/objectHref'

/** Every figure as it was worked out from the stored object, with the change that brought it. */
export function StatusPanel({ cluster, item, endMs }: { cluster: string; item: WorkloadItem; endMs: number }) {
  const shared = useSharedSearch()
  const figures = (['desired', 'current', 'updated', 'ready', 'available'] as const).filter(
    (name) => item[name] !== null,
  )
  return (
    <Panel title="Status, as kstatus has it">
      <dl className="kv">
        <dt>Status</dt>
        <dd>
          {item.status}
          {item.reason === null ? '' : `, ${item.reason}`}
        </dd>
        {item.message !== null && (
          <>
            <dt>Message</dt>
            <dd>{item.message}</dd>
          </>
        )}
        <dt>Since</dt>
        <dd>
          <Time value={item.since} nowMs={endMs} />
        </dd>
        {figures.length > 0 && (
          <>
            <dt>Replicas</dt>
            <dd>{figures.map((name) => `${name} ${item[name]}`).join(', ')}</dd>
          </>
        )}
        {item.generation !== null && (
          <>
            <dt>Generation</dt>
            <dd>
              {item.generation}, observed {item.observedGeneration ?? 'none'}
            </dd>
          </>
        )}
        <dt>Revision</dt>
        <dd>
          <Link className="link" href={objectHref(cluster, { key: item.key }, { to: item.revision }, shared)}>
            <Revision value={item.revision} />
          </Link>
        </dd>
        {item.createdAt !== null && (
          <>
            <dt>Created</dt>
            <dd>
              <Time value={item.createdAt} nowMs={endMs} />
            </dd>
          </>
        )}
      </dl>
    </Panel>
  )
}
