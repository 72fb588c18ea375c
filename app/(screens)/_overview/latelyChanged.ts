import type { Change, SeriesAnswer } from '../../../lib/contract'

/** Which changes of all clusters are configuration that somebody made. Pure. */

export interface ClusterChange {
  readonly cluster: string
  /** The newest change of its key. */
  readonly change: Change
  /** How often the key changed within what was read. */
  readonly times: number
}

/** Made by controllers out of configuration: their own spec changes follow from another change. */
const derived = new Set([
  'pods',
  'replicasets',
  'events',
  'leases',
  'endpoints',
  'endpointslices',
  'controllerrevisions',
  'jobs',
  'masterleases',
])

function isDerived(change: Change): boolean {
  const resource = change.resource?.split('/').pop() ?? ''
  return derived.has(resource) || derived.has(resource.split('.')[0] ?? '')
}

const keyOf = (change: Change): string => change.key ?? change.keyBase64 ?? ''

/**
 * Newest first, each key once. A key under a lease lives only as long as its client: sessions and locks are not
 * configuration, also not when they are deleted.
 */
export function latelyChanged(
  pages: readonly { readonly cluster: string; readonly changes: readonly Change[] }[],
  count: number,
): readonly ClusterChange[] {
  return pages
    .flatMap(({ cluster, changes }) => {
      const leased = new Set(changes.filter((change) => change.leaseId !== null && change.leaseId !== '0').map(keyOf))
      return oncePerKey(
        cluster,
        changes.filter((change) => !isDerived(change) && !leased.has(keyOf(change))),
      )
    })
    .sort(
      (a, b) =>
        Date.parse(b.change.at) - Date.parse(a.change.at) || Number(b.change.revision) - Number(a.change.revision),
    )
    .slice(0, count)
}

/** Takes changes newest first. */
function oncePerKey(cluster: string, changes: readonly Change[]): readonly ClusterChange[] {
  const byKey = new Map<string, ClusterChange>()
  for (const change of changes) {
    const newest = byKey.get(keyOf(change))
    if (newest === undefined) byKey.set(keyOf(change), { cluster, change, times: 1 })
    else byKey.set(keyOf(change), { ...newest, times: newest.times + 1 })
  }
  return [...byKey.values()]
}

const noise = new Set(['heartbeat', 'status', 'none'])

/** How many changes of a range are hidden as heartbeat and status writes. */
export function hiddenCount(answers: readonly (SeriesAnswer | undefined)[]): number {
  let hidden = 0
  for (const answer of answers) {
    if (answer === undefined) continue
    const factor = answer.unit.endsWith('/s') ? answer.stepMs / 1000 : 1
    for (const { labels, points } of answer.series) {
      if (!Object.values(labels).some((label) => noise.has(label))) continue
      for (const [, value] of points) hidden += (value ?? 0) * factor
    }
  }
  return Math.round(hidden)
}
