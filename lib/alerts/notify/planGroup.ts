import { z } from 'zod'
import { type Notification, type NotificationReason, notifiedAlert } from './notification'

/**
 * What a channel must be told of one group now. Pure, and level-triggered: it compares what is with what was told, so
 * whatever was held back, lost its moment or happened during a restart is told as soon as nothing holds it.
 */

const member = z.object({
  alert: notifiedAlert,
  /** The channel knows that it fires. */
  told: z.boolean(),
  /** The channel knows that somebody took it on. */
  toldAcknowledged: z.boolean(),
  /** Id of the graver alert of the same series. */
  supersededBy: z.string().nullable(),
})
export type GroupMember = z.infer<typeof member>

export const groupDocument = z.object({
  members: z.array(member),
  /** Since when there is something to tell; null: nothing. */
  newsSinceMs: z.number().nullable(),
  /** When the last message was decided. */
  lastMs: z.number().nullable(),
})
export type GroupDocument = z.infer<typeof groupDocument>

/** Why an alert is held back, and when to look again; null: when it or the settings change. */
export interface Hold {
  readonly by: 'silence' | 'quiet hours' | 'graver alert'
  readonly untilMs: number
}

export interface GroupRules {
  readonly groupWaitMs: number
  readonly groupIntervalMs: number
  readonly repeatIntervalMs: number
  readonly sendResolved: boolean
  /** The receiver forgets what it is not told again: repeats go on for what is held back or acknowledged. */
  readonly keepAlive: boolean
  /** The receiver is told when all that fires was acknowledged. */
  readonly tellsAcknowledged: boolean
}

export interface GroupSurroundings {
  readonly nowMs: number
  readonly holdOf: (member: GroupMember) => Hold | null
  /** A message of this group still waits: a repeat would say nothing new. */
  readonly waiting: boolean
  /** The outbox of the channel is full: nothing is added, and what happens meanwhile is told together later. */
  readonly full: boolean
}

export interface GroupPlan {
  /** Null: there is nothing left to remember. */
  readonly group: GroupDocument | null
  /** When to look again; null: when one of its alerts moves. */
  readonly dueMs: number | null
  readonly message: Pick<Notification, 'reason' | 'alerts' | 'stillFiring'> | null
}

/** How soon to look again when the outbox is in the way. */
const busyMs = 5_000

export function planGroup(stored: GroupDocument, rules: GroupRules, around: GroupSurroundings): GroupPlan {
  const { nowMs } = around
  const group = notAhead(stored, nowMs)
  const held = new Map<GroupMember, Hold>()
  const members = group.members.filter((one) => {
    const hold = around.holdOf(one)
    if (hold !== null) held.set(one, hold)
    if (one.alert.firing) return true
    if (one.told) return rules.sendResolved
    // It came and went: told after quiet hours, but not after a silence, and not when a graver one was told instead.
    return hold === null || hold.by === 'quiet hours'
  })
  const open = members.filter((one) => !held.has(one))
  const news = open.filter((one) => one.alert.firing !== one.told || !one.alert.firing)
  const newsSinceMs = news.length === 0 ? null : (group.newsSinceMs ?? nowMs)
  const flushMs = flushTime(newsSinceMs, group.lastMs, rules)
  const next = { ...group, members, newsSinceMs }

  if (flushMs !== null && flushMs <= nowMs && !around.full)
    return tell(next, reasonOf(news, members), held, rules, nowMs)
  const acknowledged = rules.tellsAcknowledged && news.length === 0 && isNewlyAcknowledged(open)
  if (acknowledged && !around.full) return tell(next, 'acknowledged', held, rules, nowMs)
  const repeatMs = repeatTime(next, open, rules)
  if (repeatMs !== null && repeatMs <= nowMs && !around.waiting && !around.full && news.length === 0) {
    return tell(next, 'repeat', held, rules, nowMs)
  }
  return wait(next, [flushMs, repeatMs, acknowledged ? nowMs : null], held, rules, nowMs)
}

/** A clock that was set back must not hold messages until it is again what it was. */
function notAhead(group: GroupDocument, nowMs: number): GroupDocument {
  const limited = (ms: number | null) => (ms === null ? null : Math.min(ms, nowMs))
  return { ...group, newsSinceMs: limited(group.newsSinceMs), lastMs: limited(group.lastMs) }
}

function flushTime(newsSinceMs: number | null, lastMs: number | null, rules: GroupRules): number | null {
  if (newsSinceMs === null) return null
  if (lastMs === null) return newsSinceMs + rules.groupWaitMs
  return Math.max(newsSinceMs, lastMs + rules.groupIntervalMs)
}

function repeatTime(group: GroupDocument, open: readonly GroupMember[], rules: GroupRules): number | null {
  const fires = (one: GroupMember) => one.told && one.alert.firing
  const due = rules.keepAlive
    ? group.members.some(fires)
    : open.some((one) => fires(one) && one.alert.acknowledged === null)
  return due && group.lastMs !== null ? group.lastMs + rules.repeatIntervalMs : null
}

function isNewlyAcknowledged(open: readonly GroupMember[]): boolean {
  const firing = open.filter((one) => one.told && one.alert.firing)
  return firing.every((one) => one.alert.acknowledged !== null) && firing.some((one) => !one.toldAcknowledged)
}

function reasonOf(news: readonly GroupMember[], members: readonly GroupMember[]): NotificationReason {
  if (news.some((one) => one.alert.firing)) return 'firing'
  return members.some((one) => one.alert.firing && one.told) ? 'changed' : 'resolved'
}

function tell(
  group: GroupDocument,
  reason: NotificationReason,
  held: ReadonlyMap<GroupMember, Hold>,
  rules: GroupRules,
  nowMs: number,
): GroupPlan {
  const kept = (one: GroupMember) => rules.keepAlive && one.told && one.alert.firing
  const about = group.members.filter((one) => !held.has(one) || kept(one))
  const left = group.members
    .filter((one) => held.has(one) || one.alert.firing)
    .map((one) =>
      held.has(one)
        ? one
        : { ...one, told: true, toldAcknowledged: reason === 'acknowledged' ? true : one.toldAcknowledged },
    )
  const next = { ...group, members: left, newsSinceMs: null, lastMs: nowMs }
  // Held ones are other objects than before only when they were told, so the holds still fit.
  const open = left.filter((one) => !held.has(one))
  const planned = wait(next, [repeatTime(next, open, rules)], held, rules, nowMs)
  return {
    ...planned,
    message: {
      reason,
      stillFiring: left.some((one) => one.told && one.alert.firing),
      // What fires first, the gravest before others.
      alerts: about.map((one) => one.alert).toSorted((a, b) => rank(a) - rank(b) || a.startsMs - b.startsMs),
    },
  }
}

function rank({ firing, severity }: GroupMember['alert']): number {
  return (firing ? 0 : 10) + { critical: 0, warning: 1, info: 2 }[severity]
}

function wait(
  group: GroupDocument,
  moments: readonly (number | null)[],
  held: ReadonlyMap<GroupMember, Hold>,
  rules: GroupRules,
  nowMs: number,
): GroupPlan {
  const forgetMs = group.lastMs === null ? nowMs : group.lastMs + rules.groupIntervalMs
  if (group.members.length === 0 && forgetMs <= nowMs) return { group: null, dueMs: null, message: null }
  const due = [
    ...moments.filter((moment) => moment !== null).map((moment) => (moment <= nowMs ? nowMs + busyMs : moment)),
    ...[...held.values()].map((hold) => hold.untilMs),
    // An empty group is remembered for as long as its interval would hold the next message back.
    ...(group.members.length === 0 ? [forgetMs] : []),
  ]
  return { group, dueMs: due.length === 0 ? null : Math.min(...due), message: null }
}
