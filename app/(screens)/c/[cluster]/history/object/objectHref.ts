import { keyParams, type NamedKey } from '../changeId'

/** The address of one key's versions. `from` and `to` name versions as changeId.ts writes them. */
export function objectHref(
  cluster: string,
  named: NamedKey,
  ends: { readonly from?: string | undefined; readonly to?: string | undefined },
  shared = '',
): string {
  const params = new URLSearchParams(shared)
  for (const [name, value] of Object.entries({ ...keyParams(named), ...ends })) {
    if (value !== undefined) params.set(name, value)
  }
  return `/c/${encodeURIComponent(cluster)}/history/object?${params.toString()}`
}
