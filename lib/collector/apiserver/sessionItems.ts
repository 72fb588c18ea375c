import type { SourceItem } from '../../apiserver'
import type { SessionItem } from '../recorder'
import type { ApiView } from './apiView'

/** The apiserver's stream in the words of a recording session. */
export async function* sessionItems(
  items: AsyncIterable<SourceItem>,
  on: {
    readonly view: Pick<ApiView, 'reached'>
    readonly server: () => string | null
    readonly saveFrontiers: (frontiers: ReadonlyMap<string, bigint>) => Promise<void>
  },
): AsyncGenerator<SessionItem> {
  for await (const item of items) {
    if (item.kind === 'connection') {
      yield { ...item, endpoint: on.server() ?? 'apiserver', etcdClusterId: null }
    } else if (item.kind === 'frontiers') {
      yield { kind: 'after', run: () => on.saveFrontiers(item.frontiers) }
    } else {
      if (item.kind === 'events' || item.kind === 'progress') on.view.reached(item.through)
      yield item
    }
  }
}
