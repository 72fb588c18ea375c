import type { AcknowledgeableAlert, NotifyGroupRow, NotifyWriter, Ownership, RecordReader } from '../../store'
import { firingAlerts } from '../answers/firingAlerts'
import { compileMatchers, type LabelMatch } from '../labelMatch'
import { commonOf, labelsOf, type Notification, notifiedAlertOf } from './notification'
import type { OpenChannel } from './openChannel'
import { type GroupDocument, type GroupMember, type GroupRules, groupDocument, type Hold, planGroup } from './planGroup'
import { isQuiet, quietStepMs } from './quietHours'
import { resendMs } from './senders/alertmanager'
import { compileSilences, type Silencing } from './silencing'

/**
 * From steps of alerts to messages in the outbox. Each step is taken once: the cursor, what channels were told and the
 * outbox move in one transaction. When a silence or channel changes, and at each start, what fires is compared with
 * what every channel was told, so that a new channel hears of it too.
 */

export interface PlannerParts {
  readonly reader: Pick<
    RecordReader,
    'alerts' | 'alert' | 'transitionsAfter' | 'silences' | 'notifyState' | 'outboxCounts'
  >
  readonly writer: NotifyWriter
  /** The channels as they are now, secrets included, in order of their names. */
  readonly loadChannels: () => Promise<readonly OpenChannel[]>
  /** A key that no other message ever has. */
  readonly newKey: () => string
}

export interface Planned {
  /** The steps were more than one round takes: plan again at once. */
  readonly more: boolean
  readonly dueMs: number | null
  /** Channels that have something new in the outbox. */
  readonly channelIds: ReadonlySet<string>
}

const stepsAtOnce = 500
/** A channel that takes nothing keeps this many; what happens beyond is gathered into the next messages. */
export const outboxLimit = 500
/** Whether a graver alert still fires is not announced: look. */
const supersededMs = 15_000

interface Route {
  readonly channel: OpenChannel
  readonly rules: GroupRules
  readonly matches: LabelMatch
}

interface Touched {
  readonly route: Route
  readonly groupKey: string
  document: GroupDocument
}

export class Planner {
  readonly #parts: PlannerParts
  #revision: number | null = null
  #routes: readonly Route[] = []
  #silencing: Silencing = compileSilences([])
  /** The group that an alert is in, by channel: it stays there, also when a rule or channel now groups otherwise. */
  readonly #places = new Map<string, string>()

  constructor(parts: PlannerParts) {
    this.#parts = parts
  }

  /** Those that are sent to. After a change of settings these are new objects. */
  get channels(): readonly OpenChannel[] {
    return this.#routes.map((route) => route.channel)
  }

  /** Rejects with NOT_OWNER when another process plans. */
  async plan(nowMs: number, ownership: Ownership): Promise<Planned> {
    const { reader, writer } = this.#parts
    const { cursor } = await reader.notifyState()
    const steps = await reader.transitionsAfter(cursor, stepsAtOnce)
    // Behind the steps: a silence that was there before an alert is known before the alert is told.
    const { revision } = await reader.notifyState()
    const touched = new Map<string, Touched>()
    if (revision !== this.#revision) {
      await this.#reload(nowMs)
      await this.#compare(touched)
    }
    for (const { kind, alert } of steps) {
      if (kind !== 'pending' && kind !== 'cancelled') await this.#take(touched, alert)
    }
    await this.#addDue(touched, nowMs)
    const through = steps.at(-1)?.seq ?? cursor
    const planned = await this.#commit(touched, { fromCursor: cursor, cursor: through, nowMs, ownership })
    // Only now: a round that failed compares again.
    this.#revision = revision
    return {
      more: steps.length === stepsAtOnce,
      dueMs: await writer.nextDueMs(this.#channelIds()),
      channelIds: planned,
    }
  }

  #channelIds(): string[] {
    return this.#routes.map((route) => route.channel.id)
  }

  async #reload(nowMs: number): Promise<void> {
    const channels = await this.#parts.loadChannels()
    this.#places.clear()
    await this.#parts.writer.dropOtherChannels(channels.map((channel) => channel.id))
    this.#silencing = compileSilences(await this.#parts.reader.silences(nowMs))
    this.#routes = channels
      .filter((channel) => channel.enabled)
      .map((channel) => ({ channel, rules: rulesOf(channel), matches: compileMatchers(channel.matchers) }))
  }

  /** What fires against what each channel was told. */
  async #compare(touched: Map<string, Touched>): Promise<void> {
    const firing = await firingAlerts(this.#parts.reader)
    const ids = new Set(firing.map((alert) => alert.id))
    for (const route of this.#routes) {
      for (const row of await this.#parts.writer.groupsOf(route.channel.id)) {
        const group = this.#touch(touched, route, row)
        for (const { alert } of group.document.members) {
          this.#places.set(`${route.channel.id}\n${alert.id}`, row.groupKey)
          if (ids.has(alert.id)) continue
          const ended = await this.#parts.reader.alert(alert.id)
          // An alert that the record no longer holds ended long ago.
          if (ended !== null) await this.#take(touched, ended)
          else merge(group, { ...alert, firing: false, endsMs: alert.endsMs ?? alert.startsMs }, null)
        }
      }
    }
    for (const alert of firing) await this.#take(touched, alert)
  }

  /** Puts an alert as it is now into its group of every channel that it concerns. */
  async #take(touched: Map<string, Touched>, alert: AcknowledgeableAlert): Promise<void> {
    if (alert.phase === 'pending' || alert.phase === 'cancelled') return
    const labels = labelsOf(alert)
    for (const route of this.#routes) {
      const groupKey = this.#places.get(`${route.channel.id}\n${alert.id}`) ?? groupKeyOf(alert, labels, route.channel)
      const known = await this.#group(touched, route, groupKey)
      const member = known.document.members.some((one) => one.alert.id === alert.id)
      const wanted = rank[alert.severity] >= rank[route.channel.minSeverity] && route.matches(labels)
      // What a channel was told goes on even when its filters have changed: else nobody would hear of the end.
      if (!member && !wanted) continue
      merge(known, notifiedAlertOf(alert), alert.supersededBy)
      touched.set(`${route.channel.id}\n${groupKey}`, known)
    }
  }

  async #group(touched: ReadonlyMap<string, Touched>, route: Route, groupKey: string): Promise<Touched> {
    const known = touched.get(`${route.channel.id}\n${groupKey}`)
    if (known !== undefined) return known
    const row = await this.#parts.writer.group(route.channel.id, groupKey)
    const document = row === null ? emptyGroup : documentOf(row)
    return { route, groupKey, document }
  }

  #touch(touched: Map<string, Touched>, route: Route, row: NotifyGroupRow): Touched {
    const place = `${route.channel.id}\n${row.groupKey}`
    const group = touched.get(place) ?? { route, groupKey: row.groupKey, document: documentOf(row) }
    touched.set(place, group)
    return group
  }

  /** Groups whose moment has come, their alerts as they are now. */
  async #addDue(touched: Map<string, Touched>, nowMs: number): Promise<void> {
    for (const row of await this.#parts.writer.dueGroups(this.#channelIds(), nowMs)) {
      const route = this.#routes.find(({ channel }) => channel.id === row.channelId)
      if (route === undefined) continue
      const group = this.#touch(touched, route, row)
      for (const { alert } of group.document.members) {
        const now = await this.#parts.reader.alert(alert.id)
        if (now !== null) merge(group, notifiedAlertOf(now), now.supersededBy)
      }
    }
  }

  async #commit(
    touched: ReadonlyMap<string, Touched>,
    round: { fromCursor: number; cursor: number; nowMs: number; ownership: Ownership },
  ): Promise<ReadonlySet<string>> {
    const { fromCursor, cursor, nowMs, ownership } = round
    if (touched.size === 0 && cursor === fromCursor) return new Set()
    const waiting = new Map<string, { groups: ReadonlySet<string>; notifications: number }>()
    const groups: NotifyGroupRow[] = []
    const removedGroups: { channelId: string; groupKey: string }[] = []
    const notifications = []
    const plans = new Map<Touched, GroupDocument | null>()
    for (const one of touched.values()) {
      const { route, groupKey, document } = one
      const { channel, rules } = route
      const outbox = waiting.get(channel.id) ?? (await this.#parts.writer.waitingGroups(channel.id))
      waiting.set(channel.id, outbox)
      const { group, dueMs, message } = planGroup(document, rules, {
        nowMs,
        holdOf: (member) => this.#holdOf(member, channel, nowMs),
        waiting: outbox.groups.has(groupKey),
        full: outbox.notifications >= outboxLimit,
      })
      plans.set(one, group)
      if (group === null) removedGroups.push({ channelId: channel.id, groupKey })
      else groups.push({ channelId: channel.id, groupKey, dueMs, document: group })
      if (message === null) continue
      const groupLabels = groupLabelsOf(message.alerts, channel)
      const told: Notification = { ...message, groupKey, groupLabels }
      notifications.push({
        channelId: channel.id,
        groupKey,
        key: this.#parts.newKey(),
        createdMs: nowMs,
        document: told,
        alertIds: message.alerts.map((alert) => alert.id),
      })
      waiting.set(channel.id, { ...outbox, notifications: outbox.notifications + 1 })
    }
    await this.#parts.writer.commitPlan({ ownership, fromCursor, cursor, groups, removedGroups, notifications })
    this.#remember(plans)
    return new Set(notifications.map(({ channelId }) => channelId))
  }

  #remember(plans: ReadonlyMap<Touched, GroupDocument | null>): void {
    for (const [{ route, groupKey, document }, group] of plans) {
      for (const { alert } of document.members) this.#places.delete(`${route.channel.id}\n${alert.id}`)
      for (const { alert } of group?.members ?? []) this.#places.set(`${route.channel.id}\n${alert.id}`, groupKey)
    }
  }

  #holdOf({ alert, told, supersededBy }: GroupMember, channel: OpenChannel, nowMs: number): Hold | null {
    const silence = this.#silencing.of(alert.labels, nowMs)
    if (silence !== null) return { by: 'silence', untilMs: silence.endsMs }
    if (supersededBy !== null && (alert.firing || !told)) {
      return { by: 'graver alert', untilMs: nowMs + supersededMs }
    }
    if (!isQuiet(channel.quietHours, alert.severity, nowMs)) return null
    return { by: 'quiet hours', untilMs: (Math.floor(nowMs / quietStepMs) + 1) * quietStepMs }
  }
}

const rank = { info: 0, warning: 1, critical: 2 }
const emptyGroup: GroupDocument = { members: [], newsSinceMs: null, lastMs: null }

/** What another build wrote in a way of its own is forgotten: better told twice than never again. */
function documentOf(row: NotifyGroupRow): GroupDocument {
  return groupDocument.safeParse(row.document).data ?? emptyGroup
}

/** An alert that has ended stays ended: a step that is read late must not bring it back. */
function merge(group: Touched, alert: GroupMember['alert'], supersededBy: string | null): void {
  const { members } = group.document
  const known = members.find((one) => one.alert.id === alert.id)
  const next: GroupMember = {
    alert: known !== undefined && !known.alert.firing ? known.alert : alert,
    told: known?.told ?? false,
    toldAcknowledged: known?.toldAcknowledged ?? false,
    supersededBy: alert.firing ? supersededBy : (supersededBy ?? known?.supersededBy ?? null),
  }
  group.document = {
    ...group.document,
    members: known === undefined ? [...members, next] : members.map((one) => (one === known ? next : one)),
  }
}

/** Alertmanager groups, waits and repeats itself: it must only hear of everything at once, and again and again. */
function rulesOf(channel: OpenChannel): GroupRules {
  const { groupWaitMs, groupIntervalMs, repeatIntervalMs, sendResolved, target } = channel
  if (target.kind === 'alertmanager') {
    const atOnce = { groupWaitMs: 0, groupIntervalMs: 0, repeatIntervalMs: resendMs }
    return { ...atOnce, sendResolved, keepAlive: true, tellsAcknowledged: false }
  }
  const tellsAcknowledged = target.kind === 'pagerduty'
  return { groupWaitMs, groupIntervalMs, repeatIntervalMs, sendResolved, keepAlive: false, tellsAcknowledged }
}

function groupKeyOf(
  alert: AcknowledgeableAlert,
  labels: Readonly<Record<string, string>>,
  { groupBy }: OpenChannel,
): string {
  if (groupBy.length === 0) return alert.groupKey
  return JSON.stringify([alert.groupKey, ...groupBy.toSorted().map((name) => [name, labels[name] ?? ''])])
}

function groupLabelsOf(alerts: Notification['alerts'], { groupBy }: OpenChannel): Record<string, string> {
  const common = commonOf(alerts.map((alert) => alert.labels))
  const names = ['alertname', 'cluster', ...groupBy]
  return Object.fromEntries(Object.entries(common).filter(([name]) => names.includes(name)))
}
