import { ScopeError } from '../../core/errors'
import { outsideWrites, rbacWidened } from './changeStates'
import { leaderChanges, unplannedLeaderChanges } from './leaderStates'
import { quotaHoursLeft } from './quotaState'
import { gapRevisions, writerShare } from './recordStates'
import {
  alarm,
  appliedLag,
  certificateDaysLeft,
  failuresTolerated,
  hashDivergence,
  recordingLag,
  sourceReachable,
} from './sampledStates'
import { secretAgeDays } from './secretState'
import type { RecordedState, StateTable } from './state'

/** Where each state comes from. */
export const stateTable: StateTable = {
  'leader-changes': leaderChanges,
  'unplanned-leader-changes': unplannedLeaderChanges,
  'failures-tolerated': failuresTolerated,
  'applied-lag': appliedLag,
  alarm,
  'hash-divergence': hashDivergence,
  'quota-hours-left': quotaHoursLeft,
  'certificate-days-left': certificateDaysLeft,
  'writer-share': writerShare,
  'recording-lag-seconds': recordingLag,
  'gap-revisions': gapRevisions,
  'source-reachable': sourceReachable,
  'workload-unconverged-seconds': notYet('workload-unconverged-seconds'),
  'rollout-failed': notYet('rollout-failed'),
  'node-not-ready': notYet('node-not-ready'),
  'secret-age-days': secretAgeDays,
  'outside-writes': outsideWrites,
  'rbac-widened': rbacWidened,
}

function notYet(state: string): RecordedState {
  return {
    kind: 'record',
    metrics: () => ({}),
    async read() {
      return () => {
        throw new ScopeError('UNSUPPORTED', `${state} is not told by this version.`, { subject: 'measure' })
      }
    },
  }
}
