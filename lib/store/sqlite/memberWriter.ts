import type { LeaderChangeInput, MemberStateInput } from '../store'
import type { PulseWriter } from './pulses'
import { bigOf, numberOf, type Statements, textOf } from './statements'

/** Member lanes and changes of leader. Each call runs inside one transaction of its caller. */
export interface MemberWriter {
  observe(clusterId: number, members: readonly MemberStateInput[], atMs: number, pausedAfterMs: number): void
  recordLeaderChange(clusterId: number, change: LeaderChangeInput): void
  newestLeader(clusterId: number): { term: bigint; memberId: string; lastSeenMs: number } | null
}

export function createMemberWriter(statements: Statements, pulses: PulseWriter): MemberWriter {
  const open = statements.big(
    `SELECT id, state, term, name, to_ms FROM member_state
     WHERE cluster_id = ? AND member_id = ? ORDER BY from_ms DESC, id DESC LIMIT 1`,
  )
  const extend = statements.run('UPDATE member_state SET to_ms = max(to_ms, ?) WHERE id = ?')
  const begin = statements.run(
    'INSERT INTO member_state (cluster_id, member_id, name, state, term, from_ms, to_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const insertChange = statements.run(
    `INSERT INTO leader_change (cluster_id, at_ms, term, from_member_id, from_name, to_member_id, to_name,
       leaderless_ms, planned, elections, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  )
  const newestChange = statements.big(
    `SELECT term, to_member_id, at_ms FROM leader_change WHERE cluster_id = ? ORDER BY term DESC, id DESC LIMIT 1`,
  )
  const newestSeen = statements.big(
    `SELECT term, member_id, to_ms FROM member_state
     WHERE cluster_id = ? AND state = 'leader' AND term IS NOT NULL ORDER BY term DESC, to_ms DESC LIMIT 1`,
  )

  /** True when a stretch of this member begins. */
  function observeOne(clusterId: number, member: MemberStateInput, atMs: number, pausedAfterMs: number): boolean {
    const row = open.get(clusterId, member.memberId)
    const same =
      row !== undefined &&
      row[1] === member.state &&
      row[2] === member.term &&
      row[3] === member.name &&
      atMs - numberOf(row[4]) <= pausedAfterMs
    if (same) {
      extend.run(atMs, row[0])
      return false
    }
    begin.run(clusterId, member.memberId, member.name, member.state, member.term, atMs, atMs)
    return true
  }

  return {
    observe(clusterId, members, atMs, pausedAfterMs) {
      let moved = false
      for (const member of members) moved = observeOne(clusterId, member, atMs, pausedAfterMs) || moved
      if (moved) pulses.bump(clusterId, 'members')
    },
    recordLeaderChange(clusterId, c) {
      const { changes } = insertChange.run(
        clusterId,
        c.atMs,
        c.term,
        c.fromMemberId,
        c.fromName,
        c.toMemberId,
        c.toName,
        c.leaderlessMs,
        c.planned ? 1 : 0,
        c.elections,
        c.revision,
      )
      if (changes > 0) pulses.bump(clusterId, 'leader')
    },
    newestLeader(clusterId) {
      const rows = [newestChange.get(clusterId), newestSeen.get(clusterId)].filter((row) => row !== undefined)
      const leaders = rows.map((row) => ({
        term: bigOf(row[0]),
        memberId: textOf(row[1]),
        lastSeenMs: numberOf(row[2]),
      }))
      return leaders.reduce<(typeof leaders)[number] | null>(
        (best, one) =>
          best === null || one.term > best.term || (one.term === best.term && one.lastSeenMs > best.lastSeenMs)
            ? one
            : best,
        null,
      )
    },
  }
}
