/** The page of one leader change, named by the term that it began. */
export function incidentHref(cluster: string, term: string): string {
  return `/c/${encodeURIComponent(cluster)}/members/incidents/${encodeURIComponent(term)}`
}
