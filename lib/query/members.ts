import type { AnswerOf, InputOf, Member } from '../contract'
import { type RecordedSnapshot, silenceOf, snapshotOf } from './recordedSnapshot'
import { clusterOf, type Scope } from './scope'

/** The members as the collector sees them now; when it is silent, as it saw them last, marked as unknown. */
export async function members(scope: Scope, input: InputOf<'members'>): Promise<AnswerOf<'members'>> {
  const row = await clusterOf(scope, input.cluster)
  const snapshot = snapshotOf(row, scope.nowMs)
  return { items: membersOf(snapshot, silenceOf(row, snapshot, scope.nowMs)), nextCursor: null }
}

/** Health of long ago is no health: without a fresh snapshot no member counts as healthy or leading. */
export function membersOf(snapshot: RecordedSnapshot | null, silence: string | null): Member[] {
  if (!snapshot) return []
  if (silence === null) return snapshot.document.members
  return snapshot.document.members.map((member) => ({
    ...member,
    healthy: false,
    isLeader: false,
    latencyMs: null,
    error: silence,
  }))
}
