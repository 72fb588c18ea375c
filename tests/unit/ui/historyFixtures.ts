import type { Change } from '../../../lib/contract'

export const startMs = Date.parse('2026-11-22T13:00:00.000Z')

/** The n-th change: revision n, n seconds after the start. */
export function changeAt(n: number, given: Partial<Change> = {}): Change {
  return {
    revision: String(n),
    ordinal: 0,
    epoch: 1,
    at: new Date(startMs + n * 1000).toISOString(),
    atSource: 'observed',
    origin: 'watch',
    op: 'update',
    key: '/registry/deployments/shop/checkout',
    resource: 'deployments',
    namespace: 'shop',
    name: 'checkout',
    manager: 'argocd',
    significance: 'spec',
    version: String(n),
    createRevision: '1',
    leaseId: null,
    valueBytes: 100,
    redacted: false,
    summary: 'replicas 4 → 6',
    ...given,
  }
}

/** Newest first, as the API answers. */
export const changesDown = (from: number, to: number): Change[] =>
  Array.from({ length: from - to + 1 }, (_, i) => changeAt(from - i))
