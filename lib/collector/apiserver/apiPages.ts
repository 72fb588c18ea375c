import { type ApiClient, type ApiLimits, type ApiResource, keyTail, listResource } from '../../apiserver'
import { ScopeError } from '../../core/errors'
import type { KeyspacePage } from '../resync'

/** A resource and where its keys lie. */
export interface KeyRange {
  readonly keyPrefix: string
  readonly resource: ApiResource
}

/** The ranges' objects as they are at one revision, as etcd's own keyspace would be read, range after range. */
export async function* apiPages(
  ranges: readonly KeyRange[],
  pinned: bigint,
  read: { readonly client: ApiClient; readonly limits: ApiLimits; readonly signal: AbortSignal },
): AsyncGenerator<KeyspacePage> {
  for (const { keyPrefix, resource } of ranges) {
    const end = prefixEnd(keyPrefix)
    let fromKey: Uint8Array = Buffer.from(keyPrefix)
    for await (const page of listResource(read.client, resource, pinned, read.limits, read.signal)) {
      const kvs = page.objects
        .map((object) => ({
          type: 'put' as const,
          key: Buffer.from(keyPrefix + keyTail(object)),
          value: object.value,
          modRevision: object.revision,
          createRevision: 0n,
          version: 0n,
          leaseId: 0n,
        }))
        .sort((a, b) => Buffer.compare(a.key, b.key))
      const [first] = kvs
      if (first !== undefined && Buffer.compare(first.key, fromKey) < 0) {
        // A key that stands in another page than its own would read as deleted.
        throw new ScopeError('UNREACHABLE', `The apiserver lists ${resource.plural} out of order.`)
      }
      const last = kvs.at(-1)?.key
      const nextKey = page.isLast || last === undefined ? end : Buffer.concat([last, Buffer.of(0)])
      yield { kvs, fromKey, nextKey }
      fromKey = nextKey
    }
  }
}

/** The first key behind all that begin with the prefix, which ends in a slash. */
export function prefixEnd(prefix: string): Buffer {
  return Buffer.from(`${prefix.slice(0, -1)}0`)
}
