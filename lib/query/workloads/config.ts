import type { Insight, PodConfigItem, WorkloadAnswer, WorkloadPod } from '../../contract'
import { minBigInt } from '../../core/int64'
import type { ClusterRow } from '../../store/store'
import { ConfigVersions, configItemsOf } from '../configAtStart'
import { bytesOfText } from '../keyBytes'
import type { Scope } from '../scope'
import { groupedBy } from './items'
import type { Span } from './span'

/** Config at start, summed over the Pods of a workload that were there at the end of the range. */

/** Pods of one workload run on alike configuration: so many tell. */
const podsRead = 100

type ConfigItem = WorkloadAnswer['config'][number]

export async function workloadConfig(
  scope: Scope,
  cluster: ClusterRow,
  span: Span,
  pods: readonly WorkloadPod[],
): Promise<ConfigItem[]> {
  const versions = new ConfigVersions(scope, cluster, { epoch: span.epoch, revision: span.to })
  const items: PodConfigItem[] = []
  for (const pod of pods.filter(({ to }) => to === null).slice(-podsRead)) {
    const row = await scope.reader.valueAt(cluster, span.epoch, bytesOfText(pod.key), span.to)
    const prefix = pod.key.slice(0, pod.key.lastIndexOf('pods/'))
    if (row !== null && row.op !== 'delete') items.push(...(await configItemsOf(row, prefix, versions)))
  }
  return [...groupedBy(items, ({ container, key }) => `${container} ${key}`).values()].flatMap(summed)
}

/** A remark of the page alone: a list would have to read every Pod for it. */
export function staleConfig(config: readonly ConfigItem[]): Insight[] {
  const stale = config.filter((item) => item.stale === true)
  const [first] = stale
  if (first === undefined) return []
  const sources = [...new Map(stale.map((item) => [item.key, item])).values()]
  const pods = Math.max(...stale.map(({ stalePods }) => stalePods))
  const names = sources.map(({ kind, name }) => `${kind} ${name}`).join(', ')
  return [
    {
      kind: 'StaleConfig',
      severity: 'info',
      message: `${pods === 1 ? '1 pod runs' : `${pods} pods run`} on configuration that has changed since the start: ${names}`,
      objects: sources.slice(0, 10).map(({ kind, name, key }) => ({ kind, namespace: namespaceOf(key), name, key })),
    },
  ]
}

function namespaceOf(key: string): string | null {
  return key.split('/').at(-2) ?? null
}

function summed(items: readonly PodConfigItem[]): ConfigItem[] {
  // One container may read a source in several ways: the first that makes it stale says why.
  const first = items.find(({ stale }) => stale === true) ?? items[0]
  if (first === undefined) return []
  const { container, kind, name, key, currentRevision, reason } = first
  const starts = items.flatMap(({ revisionAtStart }) => (revisionAtStart === null ? [] : [BigInt(revisionAtStart)]))
  const stalePods = podsOf(items.filter(({ stale }) => stale === true))
  const unknown = items.every(({ stale }) => stale === null)
  return [
    {
      container,
      kind,
      name,
      key,
      revisionAtStart: starts.length === 0 ? null : String(starts.reduce(minBigInt)),
      currentRevision,
      stale: unknown ? null : stalePods > 0,
      pods: podsOf(items),
      stalePods,
      reason,
    },
  ]
}

function podsOf(items: readonly PodConfigItem[]): number {
  return new Set(items.map(({ pod }) => pod)).size
}
