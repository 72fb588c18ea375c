import { storagePrefix } from '../../lib/kubernetes'
import type { ApiRecording } from './apiRecording'
import type { FakeApiserver } from './apiserver'
import { ApiserverModel } from './apiserverModel'
import { until } from './until'

/** An apiserver that serves the recorded watch streams, and where their objects lie in etcd. */

const kinds: Readonly<Record<string, string>> = {
  '/api/v1/configmaps': 'ConfigMap',
  '/api/v1/events': 'Event',
  '/api/v1/pods': 'Pod',
  '/api/v1/services': 'Service',
  '/apis/apps/v1/daemonsets': 'DaemonSet',
  '/apis/apps/v1/deployments': 'Deployment',
  '/apis/apps/v1/replicasets': 'ReplicaSet',
  '/apis/apps/v1/statefulsets': 'StatefulSet',
}

export function prefixOfPath(path: string): string {
  const parts = path.split('/')
  const [group, plural] = parts[1] === 'api' ? ['', parts[3] ?? ''] : [parts[2] ?? '', parts[4] ?? '']
  return storagePrefix('/registry', { group, plural })
}

export function recordedModel(streams: ReadonlyMap<string, readonly string[]>): ApiserverModel {
  const model = new ApiserverModel()
  for (const [path, lines] of streams) {
    model.serve({ path, kind: kinds[path] ?? '', namespaced: true })
    model.load(path, lines)
  }
  return model
}

/** Late ones come when their stream is back; a bookmark then says that nothing is behind. */
export async function everythingTold(server: FakeApiserver, { writer, cluster }: ApiRecording, revision: bigint) {
  await until('every watch to be open', () => server.openWatches.length === server.model.kinds.size, 30_000)
  server.bookmark()
  await until(
    'every resource to be told',
    async () => {
      const cursors = [...(await writer.resourceCursors(cluster, 1)).values()]
      return cursors.length === server.model.kinds.size && cursors.every((at) => at >= revision)
    },
    60_000,
  )
}
