import type { Cluster, LeaderChange, Member } from '../../../../../lib/contract'
import { formatClock, formatMoment, formatSpan, plural } from '../../../../_client/format'
import type { StatusTone } from '../../../../_ui/StatusMark'
import { memberName } from './memberNames'

/**
 * The first line of the page: is the cluster led, and how many failures away is it from not being? The worst fact
 * takes the sentence, everything else goes into the reasons. Pure; every case is a row of the test's table.
 */

export interface MembersVerdict {
  readonly tone: StatusTone
  readonly sentence: string
  /** Who leads, for the first reason; null when nobody does or nobody can tell. */
  readonly leader: { readonly name: string; readonly words: string } | null
  /** Further sentences, without a full stop. */
  readonly notes: readonly string[]
}

export interface VerdictInput {
  readonly cluster: Cluster
  readonly members: readonly Member[]
  /** Of the page's range. */
  readonly changes: readonly LeaderChange[]
  /** Length of that range in words: "6 h". */
  readonly rangeWords: string
  readonly nowMs: number
}

/** Within it the clock alone says which day is meant. */
const HALF_DAY_MS = 12 * 3_600_000

/** A member that answers Status, healthy or not. */
const answers = (member: Member) => member.latencyMs !== null && member.revision !== null

export function prepareVerdict(input: VerdictInput): MembersVerdict {
  const { cluster, members } = input
  if (cluster.source === 'apiserver') {
    return unseen('Members not visible: the source is the apiserver', [])
  }
  if (cluster.state === 'archived') return unseen('Members not visible: imported from snapshots', [])
  if (cluster.state === 'stopped') {
    const since = formatMoment(Date.parse(cluster.since), input.nowMs)
    return unseen(`Members not seen since ${since}`, cluster.error === null ? [] : [bare(cluster.error)])
  }
  if (members.length === 0) return unseen('No member seen yet', cluster.error === null ? [] : [bare(cluster.error)])
  return { ...headline(cluster, members), leader: leaderWords(input), notes: notesOf(input) }
}

function unseen(sentence: string, notes: readonly string[]): MembersVerdict {
  return { tone: 'unknown', sentence, leader: null, notes }
}

function headline(cluster: Cluster, members: readonly Member[]): Pick<MembersVerdict, 'tone' | 'sentence'> {
  const { voters, healthy, needed, tolerates } = cluster.quorum
  const answering = members.filter((member) => !member.isLearner && answers(member)).length
  if (answering === 0) return { tone: 'critical', sentence: `None of ${plural(voters, 'member')} answers` }
  if (answering < needed) {
    return {
      tone: 'critical',
      sentence: `No quorum: ${answering} of ${plural(voters, 'member')} answering, ${needed} needed`,
    }
  }
  if (cluster.leader === null) {
    return {
      tone: 'critical',
      sentence: `No leader: ${answering} of ${plural(voters, 'member')} answering, none leads`,
    }
  }
  const count = `${healthy} of ${plural(voters, 'member')} healthy`
  if (healthy < needed) return { tone: 'critical', sentence: `No quorum: ${count}, ${needed} needed` }
  const differing = members.filter((member) => member.hash?.agrees === false)
  if (differing.length > 0) {
    return { tone: 'critical', sentence: `Members differ: the hash of ${namesOf(differing)} disagrees` }
  }
  const alarm = worstAlarm(cluster, members)
  if (alarm !== null) return { tone: 'critical', sentence: alarm }
  const sentence = `${count}, tolerates ${plural(tolerates, 'failure')}`
  // One member alone never tolerates a failure: that is how it was set up, not something that went wrong.
  return { tone: healthy < voters || (tolerates === 0 && voters > 1) ? 'warn' : 'ok', sentence }
}

function worstAlarm(cluster: Cluster, members: readonly Member[]): string | null {
  const raisedBy = (type: Cluster['alarms'][number]['type']) =>
    cluster.alarms
      .filter((alarm) => alarm.type === type)
      .map((alarm) => members.find((member) => member.id === alarm.memberId)?.name || alarm.memberId)
  const corrupt = raisedBy('CORRUPT')
  if (corrupt.length > 0) return `Alarm CORRUPT on ${corrupt.join(' and ')}: its data differs from the others`
  const full = raisedBy('NOSPACE')
  if (full.length > 0) return `Alarm NOSPACE on ${full.join(' and ')}: writes are refused`
  const other = raisedBy('UNKNOWN')
  return other.length > 0 ? `Unknown alarm on ${other.join(' and ')}` : null
}

/**
 * Since when the leader leads: the collector knows it from its own start on, the record of changes also before. Null
 * when neither saw it begin.
 */
export function leaderSince(cluster: Cluster, changes: readonly LeaderChange[]): string | null {
  const { leader, raftTerm } = cluster
  if (leader === null || leader.since !== null) return leader?.since ?? null
  return changes.find((change) => change.term === raftTerm && change.toMemberId === leader.memberId)?.at ?? null
}

function leaderWords({ cluster, changes, nowMs }: VerdictInput): MembersVerdict['leader'] {
  if (cluster.leader === null) return null
  const term = cluster.raftTerm === null ? '' : `, term ${cluster.raftTerm}`
  const { name, memberId } = cluster.leader
  const since = leaderSince(cluster, changes)
  if (since === null) return { name: name || memberId, words: `already when the collector began to watch${term}` }
  const sinceMs = Date.parse(since)
  const clock = nowMs - sinceMs < HALF_DAY_MS ? formatClock(sinceMs) : formatMoment(sinceMs, nowMs)
  return { name: name || memberId, words: `since ${clock}, ${formatSpan(Math.max(0, nowMs - sinceMs))}${term}` }
}

function notesOf({ members, changes, rangeWords, nowMs }: VerdictInput): readonly string[] {
  const notes = [changeWords(changes, rangeWords)]
  for (const member of members.filter((one) => !one.healthy)) notes.push(troubleOf(member, nowMs))
  const learners = members.filter((member) => member.isLearner)
  if (learners.length > 0) notes.push(`${namesOf(learners)} learns and does not vote`)
  return notes
}

export function changeWords(changes: readonly LeaderChange[], rangeWords: string): string {
  const planned = changes.filter((change) => change.planned).length
  const unplanned = changes.length - planned
  if (changes.length === 0) return `No leader change in ${rangeWords}`
  if (planned === 0) return `${plural(unplanned, 'unplanned change')} in ${rangeWords}`
  if (unplanned === 0) return `${plural(planned, 'planned change')} in ${rangeWords}`
  return `${unplanned} unplanned and ${plural(planned, 'planned change')} in ${rangeWords}`
}

/** One sentence for a member that is not healthy: which, what, since when. */
export function troubleOf(member: Member, nowMs: number): string {
  const what = member.error === null ? 'not healthy' : bare(member.error)
  const last =
    answers(member) || member.seenAt === null ? '' : `, last answered ${formatMoment(Date.parse(member.seenAt), nowMs)}`
  return `${memberName(member)}: ${what}${last}`
}

const bare = (sentence: string) => sentence.replace(/[.\s]+$/, '')
const namesOf = (members: readonly Member[]) => members.map(memberName).join(' and ')
