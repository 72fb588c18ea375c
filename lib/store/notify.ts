import type { LabelMatcher } from '../contract'
import type { Ownership } from './identity'

/**
 * Silences, channels and the outbox, as the store keeps them. Who writes what:
 * - people, through the web: silences and channels (OperatorWriter);
 * - the process that evaluates the rules: how far it has taken the steps of alerts, what each channel was told, the
 *   outbox and the health of channels (NotifyWriter).
 *
 * Invariants: the cursor, the groups and the outbox move in one transaction, so each step of an alert is taken exactly
 * once; a notification that was decided stays in the outbox until it was sent or given up; no column holds a secret in
 * clear.
 */

export interface SilenceRow {
  readonly id: string
  readonly matchers: readonly LabelMatcher[]
  readonly author: string
  readonly reason: string
  readonly startsMs: number
  readonly endsMs: number
  readonly createdMs: number
  readonly updatedMs: number
}

export interface ChannelRow {
  readonly id: string
  readonly name: string
  /** The channel without its secrets, unchecked. */
  readonly document: unknown
  /** The secrets, encrypted. */
  readonly sealed: Uint8Array
  readonly createdMs: number
  readonly updatedMs: number
}

export interface ChannelHealthRow {
  readonly channelId: string
  /** Failures in a row; 0: the last try went out. */
  readonly failures: number
  readonly lastSentMs: number | null
  readonly lastErrorMs: number | null
  readonly lastError: string | null
  readonly nextTryMs: number | null
}

/** What a channel was told of one group. The document is lib/alerts/notify's own. */
export interface NotifyGroupRow {
  readonly channelId: string
  readonly groupKey: string
  /** When to look at it again; null: when one of its alerts moves. */
  readonly dueMs: number | null
  readonly document: unknown
}

export type NotificationState = 'waiting' | 'sent' | 'failed'

export interface NotificationInput {
  readonly channelId: string
  readonly groupKey: string
  /** Unique; every try carries it. */
  readonly key: string
  readonly createdMs: number
  readonly document: unknown
  readonly alertIds: readonly string[]
}

export interface NotificationRow {
  readonly id: number
  readonly channelId: string
  readonly groupKey: string
  readonly key: string
  readonly attempts: number
  readonly createdMs: number
  readonly document: unknown
}

export interface NotifyReader {
  /** Those that end after this moment, the latest end first. */
  silences(endsAfterMs: number): Promise<SilenceRow[]>
  silence(id: string): Promise<SilenceRow | null>
  channels(): Promise<ChannelRow[]>
  channel(id: string): Promise<ChannelRow | null>
  channelHealth(): Promise<ChannelHealthRow[]>
  /** Notifications of each channel that wait, and that were given up within the kept time. */
  outboxCounts(): Promise<{ channelId: string; waiting: number; failed: number }[]>
  /** The newest notification of each channel about each of these alerts. */
  notifiedOf(
    alertIds: readonly string[],
  ): Promise<{ alertId: string; channelId: string; atMs: number; state: NotificationState }[]>
  /** How far the steps of alerts are taken, and a number that grows whenever a silence or a channel changes. */
  notifyState(): Promise<{ cursor: number; revision: number }>
}

/** One decision of the planner, written whole or not at all. */
export interface NotifyPlan {
  /** The lease of evaluation; the plan is refused with NOT_OWNER once another process has it … */
  readonly ownership: Ownership
  /** … or has moved the cursor from here. */
  readonly fromCursor: number
  readonly cursor: number
  readonly groups: readonly NotifyGroupRow[]
  readonly removedGroups: readonly { channelId: string; groupKey: string }[]
  readonly notifications: readonly NotificationInput[]
}

export interface NotifyWriter {
  /** The most overdue first. Bounded. */
  dueGroups(channelIds: readonly string[], nowMs: number): Promise<NotifyGroupRow[]>
  groupsOf(channelId: string): Promise<NotifyGroupRow[]>
  group(channelId: string, groupKey: string): Promise<NotifyGroupRow | null>
  /** The earliest moment at which a group of these channels is due; null: none is. */
  nextDueMs(channelIds: readonly string[]): Promise<number | null>
  commitPlan(plan: NotifyPlan): Promise<void>
  /** The oldest waiting notification of each group of a channel, oldest first. */
  waiting(channelId: string, limit: number): Promise<NotificationRow[]>
  waitingGroups(channelId: string): Promise<{ groups: ReadonlySet<string>; notifications: number }>
  /** A try that went out. */
  recordSent(notification: NotificationRow, atMs: number): Promise<void>
  /** A try that did not. `giveUp`: it is never tried again. `failures` in a row; the channel rests until `nextTryMs`. */
  recordFailure(
    notification: NotificationRow,
    failure: { atMs: number; error: string; giveUp: boolean; failures: number; nextTryMs: number | null },
  ): Promise<void>
  /** Forgets what belongs to channels that are not among these. */
  dropOtherChannels(channelIds: readonly string[]): Promise<void>
  /** Drops ended notifications, mere repeats and silences from before these moments; returns how many. Bounded. */
  dropEnded(before: { notificationsMs: number; repeatsMs: number; silencesMs: number }): Promise<number>
  close(): Promise<void>
}

/** What people at the screens change. */
export interface NotifyOperator {
  /** Creates or replaces. */
  saveSilence(silence: SilenceRow): Promise<void>
  /** False when there was none. */
  deleteSilence(id: string): Promise<boolean>
  /** Creates or replaces, and lets the channel be tried at once. BAD_REQUEST naming `name` when another one has it. */
  saveChannel(channel: ChannelRow): Promise<void>
  /** With all that waits for it. False when there was none. */
  deleteChannel(id: string): Promise<boolean>
  /** A message that a person sent through the channel: its outcome is the channel's health too. */
  recordChannelTest(channelId: string, outcome: { atMs: number; error: string | null }): Promise<void>
}
