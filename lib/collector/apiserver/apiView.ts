import { maxBigInt } from '../../core/int64'
import type { MembersView, MemberWatch } from '../members'

/** In the place of the members' watch: an apiserver shows none, so members and leader are unknown and stay so. */
export interface ApiView extends MemberWatch {
  identified(cluster: { readonly clusterId: string | null; readonly version: string | null }): void
  /** The newest revision that is known of; it never falls but with `restarted`. */
  reached(revision: bigint): void
  /** Another cluster, or one that was set back: what was known of the one before is not known of this. */
  restarted(): void
  trouble(sentence: string | null): void
}

const unknown: MembersView = {
  clusterId: null,
  version: null,
  leader: null,
  raftTerm: null,
  revision: null,
  compactRevision: null,
  healthy: null,
  members: [],
  alarms: [],
  error: null,
}

export function createApiView(): ApiView {
  let view = unknown
  return {
    view: () => view,
    headRevision: () => view.revision,
    stop: async () => undefined,
    identified: ({ clusterId, version }) => {
      view = { ...view, clusterId, version }
    },
    reached: (revision) => {
      view = { ...view, revision: maxBigInt(view.revision ?? 0n, revision) }
    },
    restarted: () => {
      view = unknown
    },
    trouble: (error) => {
      if (view.error !== error) view = { ...view, error }
    },
  }
}
