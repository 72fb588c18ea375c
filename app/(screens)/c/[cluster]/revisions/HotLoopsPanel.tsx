'use client'

import Link from 'next/link'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { Bytes, Count, Duration } from '../../../../_ui/Figures'
import { Panel } from '../../../../_ui/Panel'
import { EmptyState } from '../../../../_ui/States'
import type { HotLoop } from './prepareVerdict'

const mostShown = 12

/** Objects that somebody rewrites again and again without changing anything that matters. */
export function HotLoopsPanel({ cluster, loops }: { cluster: string; loops: readonly HotLoop[] }) {
  const shared = useSharedSearch()
  return (
    <Panel title="Hot loops" note="rewritten, nothing meaningful changed" flush>
      {loops.length === 0 ? (
        <EmptyState title="None in this range">
          Leases, Events and endpoints are rewritten by design and left out.
        </EmptyState>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Object</th>
              <th scope="col" className="num">
                Rewrites
              </th>
              <th scope="col" className="num">
                Bytes
              </th>
              <th scope="col" className="num">
                Every
              </th>
            </tr>
          </thead>
          <tbody>
            {loops.slice(0, mostShown).map((loop) => (
              <tr key={loop.key}>
                <td className="loop-key">
                  <Link
                    className="link mono"
                    title={loop.key}
                    href={`/c/${encodeURIComponent(cluster)}/history${withKey(shared, loop.key)}`}
                  >
                    {loop.key.replace(/^\/registry\//, '')}
                  </Link>
                </td>
                <td className="num">
                  <Count value={loop.rewrites} />
                </td>
                <td className="num">
                  <Bytes value={loop.bytes} />
                </td>
                <td className="num">
                  <Duration ms={loop.everyMs} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

function withKey(shared: string, key: string): string {
  const params = new URLSearchParams(shared)
  params.set('key', key)
  return `?${params.toString()}`
}
