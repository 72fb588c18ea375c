import type { ApiClient } from './apiClient'
import { type ApiResource, pathOf } from './apiEvent'
import type { ApiLimits } from './limits'
import { isJson, parseJson, revisionOf, type ServedObject, servedObject, storedValueOf, withKind } from './parseObject'
import { elementsOf, memberOf } from './rawJson'

export interface ListedObject extends ServedObject {
  /** JSON without the resourceVersion. */
  readonly value: Buffer
}

export interface ListPage {
  readonly objects: readonly ListedObject[]
  readonly isLast: boolean
}

/**
 * A resource's objects as they are at one revision, in pages in the order of their keys. Rejects with NOT_COVERED when
 * the revision is compacted, also between pages.
 */
export async function* listResource(
  client: ApiClient,
  resource: ApiResource,
  at: bigint,
  limits: ApiLimits,
  signal: AbortSignal,
): AsyncGenerator<ListPage> {
  const path = pathOf(resource)
  const pinned = { resourceVersion: String(at), resourceVersionMatch: 'Exact' }
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
  for (let next: string | null = ''; next !== null; ) {
    // A page after the first names its revision by its token alone.
    const place: Readonly<Record<string, string>> = next === '' ? pinned : { continue: next }
    const text = await client.text(path, { limit: String(limits.pageObjects), ...place }, signal)
    const answer = parseJson(text, `the list of ${path}`)
    const items = Array.isArray(answer.items) ? answer.items.filter(isJson) : []
    const metadata = isJson(answer.metadata) ? answer.metadata : {}
    next = typeof metadata.continue === 'string' && metadata.continue !== '' ? metadata.continue : null
    const found = memberOf(text, text.indexOf('{'), 'items')
    const places = found === null || text[found.from] !== '[' ? [] : [...elementsOf(text, found.from)]
    const objects = items.flatMap((item, i) => {
      const span = places[i]
      if (span === undefined) return []
      const own = withKind(item, text.slice(span.from, span.to), { apiVersion, kind: resource.kind })
      return [{ ...servedObject(item), value: storedValueOf(own) }]
    })
    yield { objects, isLast: next === null }
  }
}

/** The newest revision, as a list of this resource that hardly reads anything tells it. */
export async function headOf(client: ApiClient, resource: ApiResource, signal: AbortSignal): Promise<bigint> {
  return revisionOf(await client.json(pathOf(resource), { limit: '1' }, signal))
}
