import { type ApiLimits, apiLimits, createApiClient, discover } from '../../apiserver'
import type { KubernetesSettings } from '../../config/settings'
import type { Clock } from '../../core/clock'
import { sentenceOf } from '../../core/errors'
import { recordedResource } from '../../kubernetes'
import type { ClusterRef, Ownership, RecordWriter } from '../../store'

/**
 * Asks an apiserver for the names of its kinds and keeps them beside the record, whichever source that has. Without
 * it nothing is missing but names, so a failure is told once and tried again with the next look.
 */
export interface KindsContext {
  readonly kubernetes: KubernetesSettings
  readonly cluster: ClusterRef
  readonly ownership: () => Ownership
  readonly writer: Pick<RecordWriter, 'saveApiResources'>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: (message: string) => void
  readonly limits?: ApiLimits
}

export async function watchKinds(context: KindsContext): Promise<void> {
  const { clock, signal, limits = apiLimits, cluster } = context
  const client = createApiClient({ settings: context.kubernetes, clock, limits })
  let known = ''
  let failure = ''
  while (!signal.aborted) {
    try {
      const { resources } = await discover(client, signal)
      const rows = resources.map(({ group, version, plural, kind, namespaced, shortNames }) => ({
        resource: recordedResource({ group, plural }),
        apiVersion: group === '' ? version : `${group}/${version}`,
        kind,
        namespaced,
        shortNames,
      }))
      const text = JSON.stringify(rows)
      if (text !== known) await context.writer.saveApiResources(cluster, context.ownership(), rows)
      known = text
      failure = ''
    } catch (error) {
      const words = sentenceOf(error)
      if (!signal.aborted && words !== failure)
        context.log(`${cluster.name}: the names of kinds are not known: ${words}`)
      failure = words
    }
    await clock.sleep(limits.discoverEveryMs, signal)
  }
}
