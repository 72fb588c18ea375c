import type { WatchItem } from '../etcd'

/**
 * A watch session that ends at a revision, whatever the member writes afterwards: a restored etcd lets leases expire
 * and deletes their keys, which the cluster that the snapshot is of may never have done.
 */
export async function* itemsThrough(items: AsyncIterable<WatchItem>, last: bigint): AsyncGenerator<WatchItem> {
  for await (const item of items) {
    if ((item.kind !== 'events' && item.kind !== 'progress') || item.through < last) {
      yield item
      continue
    }
    if (item.kind === 'progress') yield { ...item, through: last }
    else yield { ...item, events: item.events.filter((event) => event.modRevision <= last), through: last }
    return
  }
}
