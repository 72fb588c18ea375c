import type { ChannelInput, ChannelTarget } from '../../contract'
import type { Notification } from './notification'
import type { Network } from './postJson'
import type { SendOutcome } from './sendOutcome'

/** A channel with its secrets, as it is held in memory and never written. */
export interface OpenChannel extends ChannelInput {
  readonly id: string
  /** Why nothing can be sent through it, in one sentence; null: it can. */
  readonly fault: string | null
}

export type ChannelOf<K extends ChannelTarget['kind']> = OpenChannel & {
  readonly target: Extract<ChannelTarget, { kind: K }>
}

/** One message on its way: the same key at every try. */
export interface Delivery {
  readonly key: string
  readonly notification: Notification
  /** Where etcdscope is opened, without a slash at the end. */
  readonly externalUrl: string
}

/** Writes the message in the receiver's format and sends it. Never throws. */
export type Sender<K extends ChannelTarget['kind']> = (
  channel: ChannelOf<K>,
  delivery: Delivery,
  network: Network,
) => Promise<SendOutcome>

/** Where an alert is looked at. */
export function alertUrl(externalUrl: string, cluster: string): string {
  return `${externalUrl}/c/${encodeURIComponent(cluster)}/alerts`
}
