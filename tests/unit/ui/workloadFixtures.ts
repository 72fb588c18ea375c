import type { Rollout, WorkloadAnswer, WorkloadItem, WorkloadPod, WorkloadStatus } from '../../../lib/contract'

/** A Deployment with one rollout that does not end, and the parts that a test bends. */

export const END_MS = Date.parse('2026-03-10T14:02:00.000Z')
export const MINUTE_MS = 60_000
export const ago = (ms: number) => new Date(END_MS - ms).toISOString()

export function rollout(generation: string, change: Partial<Rollout> = {}): Rollout {
  return {
    generation,
    fromRevision: `10${generation}`,
    startedAt: ago(12 * MINUTE_MS),
    endedRevision: null,
    endedAt: null,
    convergedMs: null,
    outcome: 'in-progress',
    cause: 'template',
    manager: 'argocd',
    summary: 'image 2.32.0',
    podsReplaced: 4,
    failures: [],
    usualMs: 48_000,
    ratio: 15,
    ...change,
  }
}

export function item(name: string, change: Partial<WorkloadItem> = {}): WorkloadItem {
  return {
    kind: 'Deployment',
    group: 'apps',
    resource: 'deployments',
    namespace: 'shop',
    name,
    key: `/registry/deployments/shop/${name}`,
    desired: 6,
    current: 6,
    updated: 6,
    ready: 6,
    available: 6,
    generation: '42',
    observedGeneration: '42',
    status: 'Current',
    reason: null,
    message: null,
    insights: [],
    since: ago(60 * MINUTE_MS),
    usualConvergeMs: 48_000,
    revision: '5000',
    createdAt: ago(30 * 24 * 60 * MINUTE_MS),
    owner: null,
    lastRollout: null,
    steps: null,
    ...change,
  }
}

export const unwell = (name: string, status: WorkloadStatus, change: Partial<WorkloadItem> = {}): WorkloadItem =>
  item(name, { status, reason: 'LessAvailable', available: 4, ready: 4, since: ago(12 * MINUTE_MS), ...change })

export function pod(name: string, change: Partial<WorkloadPod> = {}): WorkloadPod {
  return {
    namespace: 'shop',
    name,
    key: `/registry/pods/shop/${name}`,
    owner: { kind: 'ReplicaSet', name: 'checkout-5d8bf7c4' },
    node: 'node-1',
    from: ago(12 * MINUTE_MS),
    to: null,
    stretches: [
      { from: ago(12 * MINUTE_MS), to: ago(11 * MINUTE_MS), revision: '1043', phase: 'pending', reason: null },
      { from: ago(11 * MINUTE_MS), to: null, revision: '1044', phase: 'ready', reason: null },
    ],
    restarts: 0,
    status: 'Current',
    reason: null,
    message: null,
    ...change,
  }
}

const identity = {
  kind: 'Deployment',
  group: 'apps',
  resource: 'deployments',
  namespace: 'shop',
  name: 'checkout',
  key: '/registry/deployments/shop/checkout',
} as const

export function answer(change: Partial<WorkloadAnswer> = {}): WorkloadAnswer {
  return {
    ...identity,
    epoch: 1,
    revision: '5000',
    derivedThrough: '5000',
    current: unwell('checkout', 'InProgress'),
    deletedAt: null,
    timeline: [],
    truncated: false,
    rollouts: [rollout('42')],
    converge: { count: 13, p50Ms: 48_000, p90Ms: 52_000, p99Ms: 60_000 },
    pods: [],
    podsTotal: 0,
    events: [],
    config: [],
    ownership: [],
    services: [],
    autoscaler: null,
    volumes: [],
    ...change,
  }
}
