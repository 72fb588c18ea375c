import { maxBigInt } from '../../core/int64'
import type { SampleInput } from '../../store'
import type { KnownMember } from './knownMembers'
import { sortedLabels } from './scrape'
import type { ReadOutcome } from './statusRound'

/**
 * Samples that Status gives and `/metrics` does not. `up` is named as everybody names it; the rest carry our prefix,
 * because they are measured from here and not by etcd. A member that does not answer has `up` 0 and nothing else.
 */
export function statusSamples(members: readonly KnownMember[], read: ReadOutcome | null): SampleInput[] {
  const started = members.filter((m) => m.status !== null || m.name !== '')
  const indexes = started.flatMap((m) => (m.status === null ? [] : [m.status.raftIndex]))
  const head = indexes.length > 0 ? indexes.reduce(maxBigInt) : 0n
  return started.flatMap((member) => {
    const labels = sortedLabels({ member: member.name, member_id: member.id })
    const gauge = (metric: string, value: number): SampleInput => ({ metric, labels, kind: 'gauge', value, spanMs: 0 })
    const { status, latencyMs } = member
    if (status === null) return [gauge('up', 0)]
    const samples = [
      gauge('up', 1),
      gauge('etcdscope_raft_term', Number(status.raftTerm)),
      // Entries that the furthest member has and this one has not applied: 0 or a few unless it falls behind.
      gauge('etcdscope_raft_lag_entries', Math.max(0, Number(head - status.raftAppliedIndex))),
      gauge('etcdscope_revision', Number(status.revision)),
    ]
    if (latencyMs !== null) samples.push(gauge('etcdscope_status_latency_seconds', latencyMs / 1000))
    if (read?.ok && read.memberId === member.id) {
      samples.push(gauge('etcdscope_linearizable_read_seconds', read.latencyMs / 1000))
    }
    return samples
  })
}
