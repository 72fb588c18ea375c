import type { IconName } from '../Icon'

/** Where one can go. Only screens that exist stand here: the rail has no dead links. */
export interface Place {
  readonly id: string
  readonly title: string
  readonly icon: IconName
  /** Overview is of all clusters; the others are of one. */
  readonly ofCluster: boolean
}

export const places: readonly Place[] = [
  { id: 'overview', title: 'Overview', icon: 'overview', ofCluster: false },
  { id: 'members', title: 'Members', icon: 'members', ofCluster: true },
  { id: 'revisions', title: 'Revisions', icon: 'revisions', ofCluster: true },
  { id: 'workloads', title: 'Workloads', icon: 'workloads', ofCluster: true },
  { id: 'history', title: 'History', icon: 'history', ofCluster: true },
  { id: 'keys', title: 'Keys', icon: 'keys', ofCluster: true },
  { id: 'compare', title: 'Compare', icon: 'split', ofCluster: true },
  { id: 'alerts', title: 'Alerts', icon: 'alerts', ofCluster: true },
  { id: 'record', title: 'Record', icon: 'check', ofCluster: true },
  { id: 'settings', title: 'Settings', icon: 'settings', ofCluster: true },
]

/** The address of a place, without parameters. A place of one cluster needs one. */
export function placePath(place: Place, cluster: string | null): string {
  return place.ofCluster && cluster !== null ? `/c/${encodeURIComponent(cluster)}/${place.id}` : '/'
}

/** The cluster and place of an address; unknown addresses have no place. */
export function whereIs(pathname: string): { readonly cluster: string | null; readonly place: Place | null } {
  const [, first, cluster, id] = pathname.split('/')
  if (first === '' || first === undefined) return { cluster: null, place: places[0] ?? null }
  if (first !== 'c' || cluster === undefined) return { cluster: null, place: null }
  return { cluster: decodeURIComponent(cluster), place: places.find((place) => place.id === id) ?? null }
}
