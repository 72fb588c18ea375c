'use client'

import Link from 'next/link'
import { useThinned } from '../../../_client/queries'
import { useSharedSearch } from '../../../_client/useUrlState'
import { Time } from '../../../_ui/Figures'

/** What retention has thinned, beside lists that could lack it; nothing where nothing has been removed. */
export function ThinnedNote({ cluster }: { cluster: string }) {
  const horizons = useThinned(cluster).data ?? []
  const shared = useSharedSearch()
  if (horizons.length === 0) return null
  const newest = Math.max(...horizons.map(({ epoch }) => epoch))
  const present = horizons.filter(({ epoch }) => epoch === newest)
  return (
    <span className="dim">
      Not all kept:{' '}
      {present.map(({ class: name, at }, index) => (
        <span key={name}>
          {index > 0 && ', '}
          {name} up to <Time value={at} as="moment" />
        </span>
      ))}
      .{' '}
      <Link className="link" href={`/c/${encodeURIComponent(cluster)}/settings${shared}`}>
        Retention
      </Link>
    </span>
  )
}
