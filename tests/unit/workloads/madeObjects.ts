import type { ChangeInput } from '../../../lib/store'

/** Objects as JSON under Kubernetes' keys, one version a revision, a second apart. */

export const startMs = Date.parse('2026-01-01T00:00:00Z')
export const timeOf = (revision: number) => startMs + revision * 1000
export const isoOf = (revision: number) => new Date(timeOf(revision)).toISOString()

export type Made = Record<string, unknown> & { metadata: { name: string; uid: string; generation?: number } }

export function change(
  revision: number,
  resource: string,
  made: Made | null,
  name: string,
  more: Partial<ChangeInput> = {},
): ChangeInput {
  const namespaced = resource !== 'nodes'
  const folder = resource === 'nodes' ? 'minions' : resource === 'services' ? 'services/specs' : resource
  const custom = /^([a-z]+)\.(.+)$/.exec(resource)
  const path = custom === null ? folder : `${custom[2]}/${custom[1]}`
  const value = made === null ? null : Buffer.from(JSON.stringify(made))
  return {
    revision: BigInt(revision),
    ordinal: 0,
    op: made === null ? 'delete' : 'update',
    key: Buffer.from(`/registry/${path}/${namespaced ? 'shop/' : ''}${name}`),
    value,
    valueBytes: value?.byteLength ?? 0,
    fingerprint: null,
    createRevision: BigInt(revision),
    version: 1n,
    leaseId: 0n,
    atMs: timeOf(revision),
    atSource: 'observed',
    origin: 'watch',
    resource,
    namespace: namespaced ? 'shop' : null,
    name,
    manager: 'test',
    significance: 'spec',
    summary: null,
    ...more,
  }
}

const meta = (name: string, owner?: { kind: string; uid: string; name: string; apiVersion?: string }) => ({
  name,
  namespace: 'shop',
  uid: `uid-${name}`,
  creationTimestamp: isoOf(0),
  ...(owner && { ownerReferences: [{ apiVersion: 'apps/v1', controller: true, ...owner }] }),
})

export interface DeploymentState {
  readonly generation: number
  readonly observed?: number
  readonly replicas: number
  readonly ready: number
  readonly updated?: number
  readonly image?: string
  readonly paused?: boolean
  readonly deadline?: boolean
}

export function deployment(name: string, state: DeploymentState): Made {
  const { generation, observed = generation, replicas, ready, updated = replicas, image = 'app:1' } = state
  const progressing = state.deadline
    ? { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }
    : { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...meta(name), generation },
    spec: {
      replicas,
      progressDeadlineSeconds: 600,
      ...(state.paused && { paused: true }),
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image }] } },
    },
    status: {
      observedGeneration: observed,
      replicas,
      updatedReplicas: updated,
      readyReplicas: ready,
      availableReplicas: ready,
      conditions: [progressing, { type: 'Available', status: ready > 0 ? 'True' : 'False' }],
    },
  }
}

export function replicaSet(name: string, owner: string): Made {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { ...meta(name, { kind: 'Deployment', uid: `uid-${owner}`, name: owner }), generation: 1 },
    spec: { replicas: 1 },
    status: { replicas: 1, observedGeneration: 1 },
  }
}

export function pod(name: string, owner: string | null, status: Record<string, unknown>, node = 'node-1'): Made {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...meta(name, owner === null ? undefined : { kind: 'ReplicaSet', uid: `uid-${owner}`, name: owner }),
      ...{ labels: { app: owner?.split('-')[0] ?? name } },
    },
    spec: { nodeName: node, containers: [{ name: 'app', image: 'app:1' }] },
    status,
  }
}

export const running = (ready: boolean, since: number) => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: isoOf(since) }],
  containerStatuses: [{ name: 'app', image: 'app:1', ready, restartCount: 0, state: { running: {} } }],
})

export const waiting = (reason: string, image = 'app:2') => ({
  phase: 'Pending',
  containerStatuses: [{ name: 'app', image, ready: false, restartCount: 1, state: { waiting: { reason } } }],
})

export function node(name: string, ready: boolean): Made {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `uid-${name}` },
    status: {
      conditions: [
        { type: 'Ready', status: ready ? 'True' : 'Unknown', reason: ready ? 'KubeletReady' : 'NodeStatusUnknown' },
      ],
    },
  }
}
