import type { AnswerOf, InputOf, PodConfigItem } from '../contract'
import type { ClusterRow, ValueRow } from '../store/store'
import { ConfigVersions, configItemsOf } from './configAtStart'
import { prefixRange } from './keyBytes'
import { coveredMoment, type Moment } from './moment'
import { clusterOf, type Scope } from './scope'

/** Looked at and answered at most; a namespace narrows. */
const podLimit = 5_000
const itemLimit = 1_000
const podsPerPage = 500

/**
 * Config at start: a container reads its configuration when it starts, so the version in force then is what it runs
 * on. Derived from two times, the kubelet's and ours; each item says how.
 */
export async function podConfig(scope: Scope, input: InputOf<'podConfig'>): Promise<AnswerOf<'podConfig'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const moment = await coveredMoment(scope, cluster, input.at)
  const prefix = await prefixOfPods(scope, cluster)
  const versions = new ConfigVersions(scope, cluster, moment)
  const items: PodConfigItem[] = []
  let pods = 0
  let truncated = false
  for await (const pod of prefix === null ? [] : podsAt(scope, cluster, moment, prefix, input)) {
    if (++pods > podLimit || items.length >= itemLimit) {
      truncated = true
      break
    }
    for (const item of await configItemsOf(pod, prefix ?? '', versions, input)) {
      if (input.stale === undefined || item.stale === true) items.push(item)
    }
  }
  return {
    revision: String(moment.revision),
    items: items.slice(0, itemLimit),
    pods: Math.min(pods, podLimit),
    truncated,
  }
}

/** What stands before `pods/` in this cluster's keys; null when no Pod is recorded. */
async function prefixOfPods(scope: Scope, cluster: ClusterRow): Promise<string | null> {
  const [row] = await scope.reader.changes(cluster, { resources: ['pods'] }, { order: 'desc', limit: 1, after: null })
  const key = row === undefined ? '' : Buffer.from(row.key).toString('utf8')
  const at = key.indexOf('pods/')
  return at === -1 ? null : key.slice(0, at)
}

async function* podsAt(
  scope: Scope,
  cluster: ClusterRow,
  { epoch, revision }: Moment,
  prefix: string,
  { namespace, pod }: Pick<InputOf<'podConfig'>, 'namespace' | 'pod'>,
): AsyncGenerator<ValueRow> {
  const range = prefixRange(`${prefix}pods/${namespace === undefined ? '' : `${namespace}/`}`)
  let afterKey: Uint8Array | null = null
  for (;;) {
    const page: Awaited<ReturnType<typeof scope.reader.keysAt>> = await scope.reader.keysAt(
      cluster,
      epoch,
      revision,
      range,
      { limit: podsPerPage, afterKey },
    )
    for (const { key, unknown } of page) {
      if (unknown) continue
      if (pod !== undefined && !Buffer.from(key).toString('utf8').endsWith(`/${pod}`)) continue
      const row = await scope.reader.valueAt(cluster, epoch, key, revision)
      if (row !== null && row.op !== 'delete') yield row
    }
    afterKey = page.at(-1)?.key ?? null
    if (page.length < podsPerPage || scope.signal?.aborted) return
  }
}
