import { randomUUID } from 'node:crypto'
import type { AnswerOf, InputOf } from '../../contract'
import type { WriteScope } from '../../query/scope'
import { compilePolicy } from '../notify/addressRules'
import { systemResolve } from '../notify/checkedTarget'
import { createDeliver, sendTimeoutMs } from '../notify/deliver'
import type { Notification, NotifiedAlert } from '../notify/notification'
import type { OpenChannel } from '../notify/openChannel'
import { notSent } from '../notify/sendOutcome'
import { channelOf } from './channels'

/**
 * One message through the channel at once, with the code that sends all others. Its outcome is the channel's health,
 * so that a channel which was mended is tried again without delay.
 */
export async function testChannel(scope: WriteScope, input: InputOf<'testChannel'>): Promise<AnswerOf<'testChannel'>> {
  const channel = await channelOf(scope, input.id)
  const { settings } = scope.notify
  const check = compilePolicy({ allowPrivate: settings.allowPrivateTargets, allow: settings.allowTargets })
  const network = { check, resolve: systemResolve, timeoutMs: sendTimeoutMs, nowMs: Date.now, ca: settings.ca }
  const startedMs = performance.now()
  const delivery = {
    key: randomUUID(),
    notification: testMessage(channel, scope.nowMs),
    externalUrl: settings.externalUrl,
  }
  const outcome = channel.fault === null ? await createDeliver(network)(channel, delivery) : notSent(channel.fault)
  const atMs = scope.nowMs + Math.round(performance.now() - startedMs)
  await scope.operator.recordChannelTest(channel.id, { atMs, error: outcome.ok ? null : outcome.detail })
  return {
    ok: outcome.ok,
    status: outcome.status,
    detail: outcome.detail,
    tookMs: Math.round(performance.now() - startedMs),
  }
}

/** Over as soon as it is told: nothing stays open at the receiver. PagerDuty takes it as the end of no incident. */
function testMessage(channel: OpenChannel, nowMs: number): Notification {
  const alert: NotifiedAlert = {
    id: 'test',
    fingerprint: 'test',
    rule: 'etcdscopeTest',
    cluster: 'none',
    severity: 'info',
    firing: false,
    labels: { alertname: 'etcdscopeTest', cluster: 'none', severity: 'info', channel: channel.name },
    annotations: { description: 'Nobody needs to do anything.' },
    summary: `A test of the channel ${channel.name}`,
    value: 1,
    threshold: 0,
    comparison: '>',
    unit: '',
    startsMs: nowMs,
    endsMs: nowMs,
    runbookUrl: null,
    acknowledged: null,
  }
  const labels = { alertname: 'etcdscopeTest' }
  return { reason: 'test', groupKey: `test ${channel.id}`, groupLabels: labels, stillFiring: false, alerts: [alert] }
}
