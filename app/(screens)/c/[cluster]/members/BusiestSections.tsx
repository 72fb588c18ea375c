'use client'

import type { LedgerRow } from '../../../../../lib/contract'
import { formatBytes, formatClockShort, formatCount } from '../../../../_client/format'
import { useLedger } from '../../../../_client/queries'
import type { Span } from '../../../../_client/urlState'
import { LoadingState } from '../../../../_ui/States'

const ROWS = 5

/** Who wrote most in these two minutes: by what, and by whom. */
export function BusiestSections({ cluster, around }: { cluster: string; around: Span }) {
  const range = { from: String(around.fromMs), to: String(around.toMs), limit: ROWS }
  const resources = useLedger(cluster, { by: 'resource', ...range })
  const managers = useLedger(cluster, { by: 'manager', ...range })
  const times = `${formatClockShort(around.fromMs)} to ${formatClockShort(around.toMs)}`
  return (
    <>
      <Busiest title={`Busiest resources, ${times}`} rows={resources.data} none="plain keys" />
      <Busiest title={`Busiest writers, ${times}`} rows={managers.data} none="manager not stored" />
    </>
  )
}

function Busiest({ title, rows, none }: { title: string; rows: readonly LedgerRow[] | undefined; none: string }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {rows === undefined ? (
        <LoadingState />
      ) : rows.length === 0 ? (
        <p className="incident-none">Nothing was written</p>
      ) : (
        <ul className="incident-busiest">
          {rows.map(({ label, changes, bytes, share }) => (
            <li key={label}>
              <span className="bar" aria-hidden="true">
                <i style={{ width: `${Math.min(1, share) * 100}%` }} />
              </span>
              {label === '' ? <span className="dim">{none}</span> : <code title={label}>{label}</code>}
              <b title="changes">{formatCount(changes)}</b>
              <span title="bytes written">{formatBytes(bytes)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
