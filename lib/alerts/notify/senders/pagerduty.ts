import { createHash } from 'node:crypto'
import { messageText } from '../messageText'
import { isoOf, type Notification } from '../notification'
import { alertUrl, type Sender } from '../openChannel'
import { postJson } from '../postJson'
import { notSent } from '../sendOutcome'

const eventsUrl = 'https://events.pagerduty.com/v2/enqueue'
const summaryLimit = 1_024
const listedAlerts = 50

/**
 * Events v2. A group is one incident: the same dedup_key as long as something of it fires, resolved when nothing does,
 * acknowledged when all that fires is.
 */
export const sendPagerduty: Sender<'pagerduty'> = async (channel, delivery, network) => {
  const { routingKey, url } = channel.target
  if (routingKey === undefined) return notSent('The routing key is not set.')
  const { notification, externalUrl } = delivery
  const action = actionOf(notification)
  const { title } = messageText(channel, delivery)
  const [first] = notification.alerts
  const event = {
    routing_key: routingKey,
    event_action: action,
    dedup_key: dedupKey(notification.groupKey),
    ...(action !== 'trigger' || first === undefined
      ? {}
      : {
          client: 'etcdscope',
          client_url: alertUrl(externalUrl, first.cluster),
          links: notification.alerts
            .flatMap(({ cluster, rule, runbookUrl }) => [
              { href: alertUrl(externalUrl, cluster), text: rule },
              ...(runbookUrl === null ? [] : [{ href: runbookUrl, text: `run book of ${rule}` }]),
            ])
            .slice(0, listedAlerts),
          payload: {
            summary: title.slice(0, summaryLimit),
            source: first.cluster,
            severity: gravest(notification),
            timestamp: isoOf(Math.min(...notification.alerts.map((alert) => alert.startsMs))),
            group: notification.groupKey.slice(0, 255),
            class: first.rule,
            custom_details: {
              key: delivery.key,
              labels: notification.groupLabels,
              alerts: notification.alerts.slice(0, listedAlerts).map((alert) => ({
                status: alert.firing ? 'firing' : 'resolved',
                summary: alert.summary,
                labels: alert.labels,
                value: alert.value,
                threshold: alert.threshold,
              })),
            },
          },
        }),
  }
  return postJson(
    { url: url ?? eventsUrl, headers: { 'idempotency-key': delivery.key }, body: JSON.stringify(event) },
    network,
  )
}

function actionOf({ reason, stillFiring }: Notification): 'trigger' | 'acknowledge' | 'resolve' {
  if (reason === 'acknowledged') return 'acknowledge'
  return stillFiring ? 'trigger' : 'resolve'
}

/** PagerDuty takes 255 characters; a group's key may be longer. */
function dedupKey(groupKey: string): string {
  return `etcdscope-${createHash('sha256').update(groupKey).digest('hex').slice(0, 40)}`
}

function gravest({ alerts }: Notification): 'info' | 'warning' | 'critical' {
  const firing = alerts.filter((alert) => alert.firing).map((alert) => alert.severity)
  return (['critical', 'warning'] as const).find((severity) => firing.includes(severity)) ?? 'info'
}
