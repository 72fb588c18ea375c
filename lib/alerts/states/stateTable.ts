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
import type { StateTable } from './state'
import { nodeNotReady, rolloutFailed, workloadUnconvergedSeconds } from './workloadStates'

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
  'workload-unconverged-seconds': workloadUnconvergedSeconds,
  'rollout-failed': rolloutFailed,
  'node-not-ready': nodeNotReady,
  'secret-age-days': secretAgeDays,
  'outside-writes': outsideWrites,
  'rbac-widened': rbacWidened,
}
