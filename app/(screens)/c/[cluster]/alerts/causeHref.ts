import type { Alert } from '../../../../../lib/contract'

/** Where the cause of an alert is to be seen, besides its chart. Null where nothing more is known than the chart. */
export function causeHref(cluster: string, alert: Alert): { readonly href: string; readonly words: string } | null {
  const base = `/c/${encodeURIComponent(cluster)}`
  const { kind, namespace, name, prefix, resource, member } = alert.labels
  if (kind !== undefined && name !== undefined) {
    const place = [kind, namespace ?? '-', name].map(encodeURIComponent).join('/')
    return { href: `${base}/workloads/${place}`, words: kind }
  }
  if (resource !== undefined) {
    const filters = Object.entries({ resource, namespace, name }).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`],
    )
    return { href: `${base}/history?${filters.join('&')}`, words: 'Changes' }
  }
  if (prefix !== undefined) return { href: `${base}/revisions`, words: 'What grows' }
  if (member !== undefined) return { href: `${base}/members`, words: 'Members' }
  return null
}
