/** The address of a comparison. Without `from` it is the start of the page's range. */
export function compareHref(
  cluster: string,
  given: { readonly prefix?: string; readonly from?: string; readonly to?: string },
  shared = '',
): string {
  const params = new URLSearchParams(shared)
  for (const [name, value] of Object.entries(given)) if (value !== '') params.set(name, value)
  const search = params.toString()
  return `/c/${encodeURIComponent(cluster)}/compare${search === '' ? '' : `?${search}`}`
}
