import { onTestFinished } from 'vitest'
import type { Delivery, OpenChannel } from '../../../../lib/alerts/notify/openChannel'
import { notSent, type SendOutcome, sent } from '../../../../lib/alerts/notify/sendOutcome'
import { type Notifier, startNotifier } from '../../../../lib/alerts/notify/startNotifier'
import { channelInput } from '../../../../lib/contract'
import type { AlertInput, Ownership, StoredPhase } from '../../../../lib/store'
import { openAlertStore, openNotifyStore, openOperatorWriter } from '../../../../lib/store'
import { FakeClock } from '../../../support/fakeReaderClock'
import { seededRandom } from '../../../support/seededRandom'
import { testRecord } from '../../store/recordFixture'

/** Alerts as an engine would write them, a notifier over a real database, and receivers that can be down. */
export interface Received extends Delivery {
  readonly channel: string
  readonly atMs: number
}

export interface NotifyWorld {
  readonly clock: FakeClock
  readonly received: Received[]
  readonly startMs: number
  /** Answers of a channel by its name; sent otherwise. */
  readonly answers: Map<string, (delivery: Delivery) => SendOutcome | Promise<SendOutcome>>
  readonly databaseUrl: string
  readonly operator: Awaited<ReturnType<typeof openOperatorWriter>>
  readonly reader: Awaited<ReturnType<typeof testRecord>>['reader']
  /** Writes an alert with the step that it makes. */
  alert(id: string, kind: StoredPhase, given?: Partial<AlertInput>): Promise<void>
  alerts(ids: readonly string[], kind: StoredPhase): Promise<void>
  /** The channels from now on. */
  setChannels(channels: readonly OpenChannel[]): Promise<void>
  silence(given: { id?: string; forMs: number; label?: readonly [string, string] }): Promise<void>
  start(): Notifier
  /** What was received: minutes since the start, channel, reason, and the ids that fire and that ended. */
  told(): string[]
}

export function openChannel(name: string, given: Record<string, unknown> = {}): OpenChannel {
  const target = { kind: 'webhook', url: 'http://receiver.test/' }
  return { ...channelInput.parse({ name, target, groupIntervalMs: 0, ...given }), id: name, fault: null }
}

export function down(): SendOutcome {
  return notSent('receiver.test refuses the connection.')
}

export async function notifyWorld(channels: readonly OpenChannel[] = [openChannel('hook')]): Promise<NotifyWorld> {
  const clock = new FakeClock()
  const startMs = clock.nowMs()
  const record = await testRecord(clock)
  const { databaseUrl } = record
  const store = await openAlertStore({ databaseUrl, clock })
  const operator = await openOperatorWriter({ databaseUrl, clock })
  onTestFinished(() => store.close())
  onTestFinished(() => operator.close())
  const ownership = await store.acquireAlerts('test', 10 * 365 * 86_400_000)
  if (ownership === null) throw new Error('the fresh lease was refused')
  const owned: Ownership = ownership
  const received: Received[] = []
  const answers: NotifyWorld['answers'] = new Map()
  const random = seededRandom(5)
  const known = new Map<string, AlertInput>()
  let current = channels
  let keys = 0

  const deliver = async (channel: OpenChannel, delivery: Delivery) => {
    const outcome = (await answers.get(channel.name)?.(delivery)) ?? sent(200, 'ok')
    if (outcome.ok) received.push({ ...delivery, channel: channel.name, atMs: clock.nowMs() })
    return outcome
  }
  const alertOf = (id: string, kind: StoredPhase, given: Partial<AlertInput> = {}): AlertInput => {
    const nowMs = clock.nowMs()
    return {
      id,
      fingerprint: id,
      ruleId: 'r1',
      rule: 'etcdNoLeader',
      cluster: record.cluster,
      severity: 'warning',
      activeMs: nowMs,
      startsMs: nowMs,
      value: 1,
      peak: 1,
      threshold: 0,
      comparison: '>',
      unit: '',
      labels: { member: id },
      summary: `${id} sees no leader`,
      annotations: {},
      runbookUrl: null,
      groupKey: id,
      supersededBy: null,
      leaderChangeTerm: null,
      state: null,
      ...known.get(id),
      phase: kind,
      evaluatedMs: nowMs,
      endsMs: kind === 'resolved' ? nowMs : null,
      ...given,
    }
  }
  const write = async (alerts: readonly AlertInput[]) => {
    const atMs = clock.nowMs()
    for (const alert of alerts) known.set(alert.id, alert)
    const transitions = alerts.map(({ id, phase, summary }) => ({ alertId: id, kind: phase, atMs, value: 1, summary }))
    await store.writeEvaluation(owned, { alerts, transitions, faults: null })
  }
  return {
    clock,
    received,
    startMs,
    answers,
    databaseUrl,
    operator,
    reader: record.reader,
    alert: (id, kind, given = {}) => write([alertOf(id, kind, given)]),
    alerts: (ids, kind) => write(ids.map((id) => alertOf(id, kind))),
    async setChannels(next) {
      current = next
      // Any change of what people set makes the planner look at all of it.
      await operator.deleteSilence('none')
      await operator.saveSilence({ ...silenceRow('touch', clock.nowMs()), endsMs: clock.nowMs() })
    },
    async silence({ id = 's1', forMs, label = ['cluster', 'prod'] }) {
      const matchers = [{ name: label[0], op: '=' as const, value: label[1] }]
      await operator.saveSilence({ ...silenceRow(id, clock.nowMs()), matchers, endsMs: clock.nowMs() + forMs })
    },
    start() {
      const writing = openNotifyStore({ databaseUrl, clock })
      const started = writing.then((writer) =>
        startNotifier({
          reader: record.reader,
          writer,
          loadChannels: async () => current,
          deliver,
          ownership: () => owned,
          externalUrl: 'http://etcdscope.test',
          clock,
          random,
          newKey: () => `key-${++keys}`,
          log: () => {},
        }),
      )
      let stopped: Promise<void> | null = null
      const stop = () => {
        stopped ??= (async () => {
          await (await started).stop()
          await (await writing).close()
        })()
        return stopped
      }
      onTestFinished(stop)
      return { wake: () => void started.then((notifier) => notifier.wake()), stop }
    },
    told() {
      return received.map(({ atMs, channel, notification }) => {
        const ids = (firing: boolean) =>
          notification.alerts
            .filter((alert) => alert.firing === firing)
            .map((alert) => alert.id)
            .sort()
            .join(' ')
        return `${Math.floor((atMs - startMs) / 60_000)}m ${channel} ${notification.reason} [${ids(true)}] [${ids(false)}]`
      })
    },
  }
}

function silenceRow(id: string, nowMs: number) {
  const times = { startsMs: nowMs, endsMs: nowMs, createdMs: nowMs, updatedMs: nowMs }
  return { id, matchers: [], author: 'test', reason: 'test', ...times }
}

export const minuteMs = 60_000
