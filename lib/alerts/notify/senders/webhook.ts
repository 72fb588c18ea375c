import { createHmac } from 'node:crypto'
import { messageText } from '../messageText'
import { commonOf, isoOf } from '../notification'
import { alertUrl, type ChannelOf, type Delivery, type Sender } from '../openChannel'
import { postJson } from '../postJson'

/** A message of more alerts is cut; `truncatedAlerts` says by how many. */
const alertsLimit = 500

/**
 * JSON in the form of Alertmanager's webhook (so that receivers written for it work) with more beside it. With a
 * secret the request is signed: X-Etcdscope-Signature is `sha256=` and the hex HMAC-SHA256 over the timestamp header,
 * a dot and the body. A receiver refuses old timestamps and keeps the keys it has seen: every try has the same one.
 */
export const sendWebhook: Sender<'webhook'> = (channel, delivery, network) => {
  const body = JSON.stringify(webhookBody(channel, delivery))
  const timestamp = String(Math.floor(network.nowMs() / 1_000))
  const { url, secret } = channel.target
  return postJson(
    {
      url,
      body,
      headers: {
        'idempotency-key': delivery.key,
        'x-etcdscope-timestamp': timestamp,
        ...(secret === undefined ? {} : { 'x-etcdscope-signature': `sha256=${signatureOf(secret, timestamp, body)}` }),
      },
    },
    network,
  )
}

export function signatureOf(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
}

function webhookBody(channel: ChannelOf<'webhook'>, delivery: Delivery) {
  const { notification, key, externalUrl } = delivery
  const { alerts, groupKey, groupLabels, reason } = notification
  const shown = alerts.slice(0, alertsLimit)
  const { title, parts } = messageText(channel, delivery)
  return {
    version: '4',
    key,
    reason,
    status: alerts.some((alert) => alert.firing) ? 'firing' : 'resolved',
    receiver: channel.name,
    title,
    ...(channel.template.body === undefined ? {} : { text: parts.join('\n\n') }),
    groupKey,
    groupLabels,
    commonLabels: commonOf(alerts.map((alert) => alert.labels)),
    commonAnnotations: commonOf(alerts.map((alert) => alert.annotations)),
    externalURL: externalUrl,
    truncatedAlerts: alerts.length - shown.length,
    alerts: shown.map((alert) => ({
      status: alert.firing ? 'firing' : 'resolved',
      labels: alert.labels,
      annotations: { summary: alert.summary, ...alert.annotations },
      startsAt: isoOf(alert.startsMs),
      endsAt: alert.endsMs === null ? null : isoOf(alert.endsMs),
      generatorURL: alertUrl(externalUrl, alert.cluster),
      fingerprint: alert.fingerprint,
      id: alert.id,
      value: alert.value,
      threshold: alert.threshold,
      comparison: alert.comparison,
      unit: alert.unit,
      runbookURL: alert.runbookUrl,
      acknowledgedBy: alert.acknowledged?.by ?? null,
    })),
  }
}
