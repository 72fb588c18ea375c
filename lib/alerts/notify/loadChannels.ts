import { type ChannelInput, channelInput, channelTarget, settingsChannelId } from '../../contract'
import type { ChannelRow, NotifyReader } from '../../store'
import { joinTarget } from './channelSecrets'
import type { OpenChannel } from './openChannel'
import { openSecrets } from './sealedSecrets'

/** Every channel with its secrets: those of people and those of the settings file. */
export async function loadChannels(
  reader: Pick<NotifyReader, 'channels'>,
  key: Uint8Array,
  settings: readonly ChannelInput[],
): Promise<OpenChannel[]> {
  const ofPeople = (await reader.channels()).map((row) => openRow(row, key))
  const ofSettings = settings.map((one) => ({ ...one, id: settingsChannelId(one.name), fault: null }))
  return [...ofPeople, ...ofSettings]
}

/** A channel whose secrets cannot be opened stays, and says so at every try: dropping it would lose what waits. */
export function openRow(row: ChannelRow, key: Uint8Array): OpenChannel {
  const written: object = typeof row.document === 'object' && row.document !== null ? row.document : {}
  const shown: unknown = 'target' in written ? written.target : null
  const secrets = openSecrets(key, row.id, row.sealed)
  const target = joinTarget(typeof shown === 'object' && shown !== null ? shown : {}, secrets ?? {})
  const whole = channelInput.safeParse({ ...written, target })
  if (whole.success && secrets !== null) return { ...whole.data, id: row.id, fault: null }
  return {
    ...(channelInput.safeParse({ ...written, name: row.name, target: unreadable }).data ??
      channelInput.parse({ name: row.name, target: unreadable })),
    // What is shown of it stays what a person wrote.
    target: channelTarget.safeParse(target).data ?? unreadable,
    id: row.id,
    fault: 'Its secrets cannot be read: the key in the data folder is another one; enter them again.',
  }
}

const unreadable = { kind: 'webhook' as const, url: 'http://unreadable.invalid/' }
