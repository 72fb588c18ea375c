import type { ChannelOf, Delivery, OpenChannel } from './openChannel'
import type { Network } from './postJson'
import { sendAlertmanager } from './senders/alertmanager'
import { sendEmail } from './senders/email'
import { sendPagerduty } from './senders/pagerduty'
import { sendSlack } from './senders/slack'
import { sendWebhook } from './senders/webhook'
import type { SendOutcome } from './sendOutcome'

/** The whole exchange with a receiver. A slower one may get a message twice, with the same key. */
export const sendTimeoutMs = 10_000

/** One try at one message through one channel. Never throws; the outcome is free of the channel's secrets. */
export type Deliver = (channel: OpenChannel, delivery: Delivery) => Promise<SendOutcome>

export function createDeliver(network: Network): Deliver {
  return async (channel, delivery) => {
    const outcome = await send(channel, delivery, network)
    // A receiver may answer with what it was sent.
    return { ...outcome, detail: without(secretsOf(channel), outcome.detail) }
  }
}

function send(channel: OpenChannel, delivery: Delivery, network: Network): Promise<SendOutcome> {
  // `target` decides the kind of channel; the compiler does not narrow an object by a field of a field.
  switch (channel.target.kind) {
    case 'webhook':
      return sendWebhook(channel as ChannelOf<'webhook'>, delivery, network)
    case 'alertmanager':
      return sendAlertmanager(channel as ChannelOf<'alertmanager'>, delivery, network)
    case 'slack':
      return sendSlack(channel as ChannelOf<'slack'>, delivery, network)
    case 'pagerduty':
      return sendPagerduty(channel as ChannelOf<'pagerduty'>, delivery, network)
    case 'email':
      return sendEmail(channel as ChannelOf<'email'>, delivery, network)
  }
}

/** Shorter ones would blank out ordinary words. */
const secretLength = 4

function secretsOf({ target }: OpenChannel): string[] {
  const held = ['secret', 'bearerToken', 'routingKey', 'password'].map((name) => Reflect.get(target, name))
  const url = 'url' in target && target.url !== undefined ? new URL(target.url) : null
  const parts = url === null ? [] : [url.search.slice(1), url.pathname.slice(1), ...url.searchParams.values()]
  return [...held, ...parts].filter((text) => typeof text === 'string' && text.length >= secretLength)
}

function without(secrets: readonly string[], text: string): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text)
}
