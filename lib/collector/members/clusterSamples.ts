import type { Member } from '../../contract'
import type { SampleInput } from '../../store'
import { alarmsOf } from './alarms'
import type { KnownMember } from './knownMembers'
import { sortedLabels } from './scrape'

/**
 * What is known of the cluster beside each member's own numbers, as samples, so that rules can ask for it at any moment
 * of the past: alarms, whether the members' hashes agree, how many failures the quorum still takes.
 */

const alarmTypes = ['NOSPACE', 'CORRUPT'] as const

export function clusterSamples(
  members: readonly KnownMember[],
  hashes: ReadonlyMap<string, NonNullable<Member['hash']>>,
): SampleInput[] {
  // Nobody answers: nothing is known now, and `up` says so.
  if (members.every(({ status }) => status === null)) return []
  const gauge = (metric: string, labels: Record<string, string>, value: number): SampleInput => {
    return { metric, labels: sortedLabels(labels), kind: 'gauge', value, spanMs: 0 }
  }
  const alarms = alarmsOf(members.flatMap(({ status }) => status?.errors ?? []))
  const samples = [gauge('etcdscope_failures_tolerated', {}, failuresTolerated(members))]
  for (const { id, name } of members) {
    if (name === '') continue
    const labels = { member: name, member_id: id }
    for (const type of alarmTypes) {
      const raised = alarms.some((one) => one.memberId === id && one.type === type)
      samples.push(gauge('etcdscope_alarm', { ...labels, type }, raised ? 1 : 0))
    }
    const agrees = hashes.get(id)?.agrees ?? null
    if (agrees !== null) samples.push(gauge('etcdscope_hash_agrees', labels, agrees ? 1 : 0))
  }
  return samples
}

/** Members that were added and have not started count as voters: etcd waits for them too. */
function failuresTolerated(members: readonly KnownMember[]): number {
  const voters = members.filter(({ isLearner }) => !isLearner)
  const healthy = voters.filter(({ status }) => status !== null && status.leader !== null).length
  return Math.max(0, healthy - (Math.floor(voters.length / 2) + 1))
}
