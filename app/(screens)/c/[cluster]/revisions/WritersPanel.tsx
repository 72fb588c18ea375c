'use client'

import { useMemo } from 'react'
import type { LedgerRow } from '../../../../../lib/contract'
import { exactBytes, formatShare } from '../../../../_client/format'
import { useLedger } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { type Column, DataTable } from '../../../../_ui/DataTable'
import { Bytes, Count } from '../../../../_ui/Figures'
import { Panel } from '../../../../_ui/Panel'
import { ShareBar } from '../../../../_ui/QuotaBar'
import { queryState } from '../../../../_ui/States'
import { useActivityChoice } from './useActivityChoice'

const heads = { resource: 'Resource', namespace: 'Namespace', manager: 'Manager', key: 'Key' } as const

/** Who writes most, and what it costs a day. Follows what the chart above is stacked by. */
export function WritersPanel({ cluster }: { cluster: string }) {
  const { params } = useRange()
  const choice = useActivityChoice()
  // Operations say nothing about cost; managers are the writers.
  const by = choice.by === 'op' ? 'manager' : choice.by
  const query = useLedger(cluster, { by, limit: 100, ...params })
  const columns = useMemo(() => columnsBy(by), [by])
  return (
    <Panel title="Who writes" note={`by ${by}, per day at the rate of this range`} flush>
      {queryState(query, {
        failed: 'The ledger could not be read',
        isEmpty: query.data?.length === 0,
        empty: { title: 'Nothing was written in this range' },
      }) ?? (
        <DataTable
          id="writers"
          label={`Writers by ${by}`}
          rows={query.data ?? []}
          columns={columns}
          rowKey={(row) => row.label}
          defaultSort={{ column: 'bytes', descending: true }}
          maxHeightPx={330}
        />
      )}
    </Panel>
  )
}

const meaningful = (row: LedgerRow) => (row.changes === 0 ? 0 : 1 - row.meaningless / row.changes)

function columnsBy(by: keyof typeof heads): readonly Column<LedgerRow>[] {
  return [
    {
      id: 'label',
      head: heads[by],
      sort: (row) => row.label,
      cell: (row) =>
        row.label === '' ? (
          <span className="dim">{by === 'manager' ? 'not stored' : 'none'}</span>
        ) : (
          <span className={by === 'key' ? 'mono' : ''} title={row.label}>
            {row.label}
          </span>
        ),
      width: 'minmax(140px, 2fr)',
    },
    {
      id: 'changes',
      head: 'Changes',
      align: 'end',
      sort: (row) => row.changes,
      cell: (row) => <Count value={row.changes} />,
      width: '84px',
    },
    {
      id: 'bytes',
      head: 'Bytes/day',
      align: 'end',
      sort: (row) => row.bytesPerDay,
      cell: (row) => <Bytes value={row.bytesPerDay} />,
      width: '92px',
    },
    {
      id: 'share',
      head: 'Share',
      sort: (row) => row.share,
      cell: (row) => (
        <span className="share-cell" title={`${formatShare(row.share)} of all bytes, ${exactBytes(row.bytes)}`}>
          <ShareBar share={row.share} />
        </span>
      ),
      text: (row) => formatShare(row.share),
      width: '84px',
      wideOnly: true,
    },
    {
      id: 'meaningful',
      head: 'Meaningful',
      align: 'end',
      sort: meaningful,
      cell: (row) => formatShare(meaningful(row)),
      width: '92px',
    },
  ]
}
