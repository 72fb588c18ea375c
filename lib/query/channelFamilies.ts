import { settingsChannelName } from '../contract'
import { type Family, family } from './prometheusText'
import type { Scope } from './scope'

/** How the channels of notifications are doing, so that somebody else's alerting can watch ours. */
export async function channelFamilies({ reader }: Scope): Promise<Family[]> {
  const [channels, health, counts] = await Promise.all([
    reader.channels(),
    reader.channelHealth(),
    reader.outboxCounts(),
  ])
  const names = new Map(channels.map(({ id, name }) => [id, name]))
  const labelsOf = (channelId: string) => ({ channel: names.get(channelId) ?? settingsChannelName(channelId) })
  return [
    family('etcdscope_channel_up', 'gauge', '1 when the last message went out.', [
      ...health.map(({ channelId, failures }) => ({ labels: labelsOf(channelId), value: failures === 0 ? 1 : 0 })),
    ]),
    family('etcdscope_notifications_waiting', 'gauge', 'Messages in the outbox.', [
      ...counts.map(({ channelId, waiting }) => ({ labels: labelsOf(channelId), value: waiting })),
    ]),
    family('etcdscope_notifications_given_up', 'gauge', 'Messages of the last week that could not be sent.', [
      ...counts.map(({ channelId, failed }) => ({ labels: labelsOf(channelId), value: failed })),
    ]),
  ]
}
