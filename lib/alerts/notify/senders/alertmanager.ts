import { isoOf, type NotifiedAlert } from '../notification'
import { alertUrl, type Sender } from '../openChannel'
import { postJson } from '../postJson'
import { type SendOutcome, sent } from '../sendOutcome'

/** While it fires an alert is sent again this often … */
export const resendMs = 60_000
/** … and said to end after this, as Prometheus does: two sendings may be lost, and a dead etcdscope is noticed. */
const holdsMs = 4 * resendMs
/** One request carries at most so many alerts. */
const alertsARequest = 100

/** POST /api/v2/alerts: routing, grouping and quiet times are Alertmanager's own there. */
export const sendAlertmanager: Sender<'alertmanager'> = async (
  channel,
  { notification, key, externalUrl },
  network,
) => {
  const { url, bearerToken } = channel.target
  const nowMs = network.nowMs()
  const alerts = notification.alerts.map((alert) => postable(alert, externalUrl, nowMs))
  let outcome: SendOutcome = sent(null, 'Nothing to send.')
  for (let from = 0; from < alerts.length; from += alertsARequest) {
    outcome = await postJson(
      {
        url: alertsUrl(url),
        body: JSON.stringify(alerts.slice(from, from + alertsARequest)),
        headers: {
          'idempotency-key': key,
          ...(bearerToken === undefined ? {} : { authorization: `Bearer ${bearerToken}` }),
        },
      },
      network,
    )
    if (!outcome.ok) return outcome
  }
  return outcome
}

/** The base URL of an Alertmanager, or the whole path as a person may have copied it. */
function alertsUrl(written: string): string {
  const url = new URL(written)
  const path = url.pathname.replace(/\/+$/, '')
  url.pathname = path.endsWith('/api/v2/alerts') ? path : `${path}/api/v2/alerts`
  return url.href
}

function postable(alert: NotifiedAlert, externalUrl: string, nowMs: number) {
  return {
    labels: nonEmpty(alert.labels),
    annotations: nonEmpty({
      summary: alert.summary,
      ...alert.annotations,
      ...(alert.runbookUrl === null ? {} : { runbook_url: alert.runbookUrl }),
    }),
    startsAt: isoOf(alert.startsMs),
    endsAt: isoOf(alert.firing ? nowMs + holdsMs : (alert.endsMs ?? nowMs)),
    generatorURL: alertUrl(externalUrl, alert.cluster),
  }
}

/** Alertmanager refuses empty label values; an empty label and a missing one mean the same. */
function nonEmpty(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''))
}
