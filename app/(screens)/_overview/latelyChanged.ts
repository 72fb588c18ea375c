import type { Change, SeriesAnswer } from '../../../lib/contract'

/** Which changes of all clusters are configuration that somebody made. Pure. */

export interface ClusterChange {
  readonly cluster: string
  readonly change: Change
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

/** Named by Kubernetes' own layout; plain application keys have no resource and count as configuration. */
function isDerived(change: Change): boolean {
  const resource = change.resource?.split('/').pop() ?? ''
  return derived.has(resource) || derived.has(resource.split('.')[0] ?? '')
}

export function latelyChanged(
  pages: readonly { cluster: string; changes: readonly Change[] }[],
  count: number,
): readonly ClusterChange[] {
  return pages
    .flatMap(({ cluster, changes }) =>
      changes.filter((change) => !isDerived(change)).map((change) => ({ cluster, change })),
    )
    .sort(
      (a, b) =>
        Date.parse(b.change.at) - Date.parse(a.change.at) || Number(b.change.revision) - Number(a.change.revision),
    )
    .slice(0, count)
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
