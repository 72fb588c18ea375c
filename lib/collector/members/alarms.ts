import type { ClusterSnapshot } from '../../contract'
import { hexOfId } from '../../core/int64'

export type MemberAlarm = ClusterSnapshot['alarms'][number]

/**
 * The alarms that members report, read from the remarks in Status. Not asked with Alarm(GET): etcd passes even that
 * question through raft as a log entry on every member, and etcdscope writes nothing to what it watches.
 * A remark is the text form of etcd's AlarmMember: `memberID:9372538179322589801 alarm:NOSPACE `.
 */
export function alarmsOf(remarks: readonly string[]): MemberAlarm[] {
  const alarms = new Map<string, MemberAlarm>()
  for (const remark of remarks) {
    const found = /memberID:(\d{1,20})\s+alarm:([A-Z]+)/.exec(remark)
    if (found?.[1] === undefined) continue
    const type = found[2] === 'NOSPACE' || found[2] === 'CORRUPT' ? found[2] : 'UNKNOWN'
    const memberId = hexOfId(BigInt(found[1]))
    alarms.set(`${memberId} ${type}`, { memberId, type })
  }
  return [...alarms.values()].sort((a, b) => (a.memberId + a.type < b.memberId + b.type ? -1 : 1))
}
