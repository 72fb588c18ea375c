'use client'

import Link from 'next/link'
import { useMemo } from 'react'
import type { OwnedObject, WorkloadAnswer } from '../../../../../../lib/contract'
import { formatCount, plural } from '../../../../../_client/format'
import { useSharedSearch, useUrlParam } from '../../../../../_client/useUrlState'
import { Time } from '../../../../../_ui/Figures'
import { Panel } from '../../../../../_ui/Panel'
import { Status, type StatusTone } from '../../../../../_ui/StatusMark'
import { objectHref } from '../../history/object/objectHref'
import { prepareOwnership, type TreeRow, withoutGone } from './prepareOwnership'

const MOST_ROWS = 200

/** What it belongs to and what belongs to it, at the end of the range; what is gone is one click away. */
export function OwnershipPanel({ cluster, answer }: { cluster: string; answer: WorkloadAnswer }) {
  const [param, setParam] = useUrlParam('owned')
  const rows = useMemo(() => prepareOwnership(answer), [answer])
  const living = useMemo(() => withoutGone(rows), [rows])
  const gone = rows.length - living.length
  const all = param === 'all'
  const shown = (all ? rows : living).slice(0, MOST_ROWS)
  const cut = (all ? rows : living).length - shown.length
  return (
    <Panel
      className="ownership-panel"
      title="Ownership"
      note={`${plural(living.length - 1, 'object')} at the end of the range`}
      flush
      foot={
        (gone > 0 || cut > 0) && (
          <>
            {cut > 0 && <span>{formatCount(cut)} more are not listed here.</span>}
            {gone > 0 && (
              <button type="button" className="link" onClick={() => setParam(all ? null : 'all')}>
                {all ? 'Hide what is gone' : `Show ${formatCount(gone)} that are gone`}
              </button>
            )}
          </>
        )
      }
    >
      <ul className="ownership">
        {shown.map((row) => (
          <OwnedRow key={row.id} cluster={cluster} row={row} />
        ))}
      </ul>
    </Panel>
  )
}

function OwnedRow({ cluster, row }: { cluster: string; row: TreeRow }) {
  const shared = useSharedSearch()
  const { object } = row
  return (
    <li data-gone={row.gone} data-root={object === null} style={{ ['--depth' as string]: row.depth }}>
      <span className="ownership-name">
        <span className="mid">{row.kind} </span>
        {object === null ? (
          <b>{row.name}</b>
        ) : (
          <Link href={objectHref(cluster, { key: row.key }, {}, shared)} title={row.key}>
            {row.name}
          </Link>
        )}
        {object !== null && relationWords[object.relation] !== '' && (
          <span className="dim"> {relationWords[object.relation]}</span>
        )}
        {row.node !== null && (
          <span className="mid">
            {' '}
            on <Link href={objectHref(cluster, { key: row.node.key }, {}, shared)}>{row.node.name}</Link>
            {row.node.status !== null && row.node.status !== 'Current' && (
              <span className="tone-warn"> ({row.node.reason ?? row.node.status})</span>
            )}
          </span>
        )}
      </span>
      {object !== null && <Standing object={object} />}
    </li>
  )
}

const relationWords: Readonly<Record<OwnedObject['relation'], string>> = {
  owner: 'owns it',
  owned: '',
  autoscaler: 'scales it',
  service: 'selects its pods',
  endpoints: '',
  volume: 'mounted',
  node: '',
}

const tones: Readonly<Record<string, StatusTone>> = {
  Current: 'ok',
  InProgress: 'progress',
  Failed: 'critical',
  Terminating: 'info',
}

function Standing({ object }: { object: OwnedObject }) {
  if (object.to !== null) {
    return (
      <span className="dim">
        gone <Time value={object.to} />
      </span>
    )
  }
  if (object.status === null) return null
  return (
    <span title={object.reason ?? undefined}>
      <Status tone={tones[object.status] ?? 'unknown'}>{object.reason ?? object.status}</Status>
    </span>
  )
}
