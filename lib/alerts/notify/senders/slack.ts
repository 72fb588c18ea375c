import { messageText } from '../messageText'
import type { NotifiedAlert } from '../notification'
import type { Sender } from '../openChannel'
import { postJson } from '../postJson'
import { notSent } from '../sendOutcome'

const partCharacters = 2_800

/** An incoming webhook: one line of text and one coloured attachment an alert. */
export const sendSlack: Sender<'slack'> = async (channel, delivery, network) => {
  const { url, channel: room } = channel.target
  if (url === undefined) return notSent('The URL of the incoming webhook is not set.')
  const { title, parts, leftOut } = messageText(channel, delivery)
  const alerts = delivery.notification.alerts
  return postJson(
    {
      url,
      headers: { 'idempotency-key': delivery.key },
      body: JSON.stringify({
        text: escaped(title),
        ...(room === undefined ? {} : { channel: room }),
        attachments: [
          ...parts.map((part, i) => ({
            color: colourOf(alerts[i]),
            fallback: escaped(title),
            text: escaped(part.slice(0, partCharacters)),
          })),
          ...(leftOut === 0 ? [] : [{ color: '#888888', text: `and ${leftOut} more` }]),
        ],
      }),
    },
    network,
  )
}

/** Slack's three characters; without this a label such as `<!channel>` would call everybody. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function colourOf(alert: NotifiedAlert | undefined): string {
  if (alert === undefined || !alert.firing) return '#2e7d32'
  return { info: '#1565c0', warning: '#b26a00', critical: '#b3261e' }[alert.severity]
}
