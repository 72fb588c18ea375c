'use client'

import { useRouter } from 'next/navigation'
import { useClusters } from '../../_client/queries'
import { useSharedSearch } from '../../_client/useUrlState'
import { Icon } from '../Icon'
import { Menu, MenuItem, MenuLabel } from '../Menu'
import { type Place, placePath, places } from './places'

/** Two letters stand for a cluster: those of its last part, so that prod-eu-1 and prod-us-1 differ. */
export function clusterGlyph(name: string | null): string {
  if (name === null) return 'All'
  const parts = name.split(/[^A-Za-z0-9]+/).filter((part) => /[A-Za-z]/.test(part))
  return (parts[parts.length - 1] ?? name).slice(0, 2)
}

export function ClusterSwitcher({ cluster, place }: { cluster: string | null; place: Place | null }) {
  const router = useRouter()
  const search = useSharedSearch()
  const { data: clusters = [] } = useClusters()
  const chosen = clusters.find((one) => one.name === cluster)
  const title = cluster ?? 'All clusters'
  const note =
    cluster === null ? `${clusters.length} ${clusters.length === 1 ? 'cluster' : 'clusters'}` : versionOf(chosen)
  const target = place?.ofCluster === true ? place : places[1]
  return (
    <Menu
      label="Clusters"
      align="start"
      trigger={
        <button type="button" className="switcher" title="Switch the cluster">
          <span className="glyph" aria-hidden="true">
            {clusterGlyph(cluster)}
          </span>
          <span className="switcher-text">
            <b>{title}</b>
            <small>{note}</small>
          </span>
          <Icon name="updown" />
        </button>
      }
    >
      <MenuLabel>Clusters</MenuLabel>
      <MenuItem onSelect={() => router.push(`/${search}`)}>All clusters</MenuItem>
      {clusters.map((one) => (
        <MenuItem
          key={one.name}
          note={one.version ?? ''}
          onSelect={() => target !== undefined && router.push(`${placePath(target, one.name)}${search}`)}
        >
          {one.name}
        </MenuItem>
      ))}
    </Menu>
  )
}

function versionOf(cluster: { readonly source: string; readonly version: string | null } | undefined): string {
  if (cluster === undefined) return ' '
  return cluster.version === null ? `${cluster.source}, version unknown` : `${cluster.source} ${cluster.version}`
}
