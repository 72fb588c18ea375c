import { randomUUID } from 'node:crypto'
import { type AnswerOf, type Channel, type ChannelInput, channelTarget, type InputOf } from '../../contract'
import { ScopeError } from '../../core/errors'
import { timeOf, timeOrNull } from '../../query/instant'
import type { WriteScope } from '../../query/scope'
import type { ChannelHealthRow } from '../../store'
import { isSecretSet, keepSecrets, splitTarget } from '../notify/channelSecrets'
import { loadChannels, openRow } from '../notify/loadChannels'
import { templateNames } from '../notify/messageText'
import type { OpenChannel } from '../notify/openChannel'
import { sealSecrets } from '../notify/sealedSecrets'
import { unknownPlace } from '../template'

/** Channels as screens and scripts see and change them. Secrets go in and never come out. */

const channelsLimit = 100

export async function channels(scope: WriteScope): Promise<AnswerOf<'channels'>> {
  return { items: await itemsOf(scope, await all(scope)), nextCursor: null }
}

export async function channel(scope: WriteScope, input: InputOf<'channel'>): Promise<Channel> {
  return itemOf(scope, await channelOf(scope, input.id))
}

export async function createChannel(scope: WriteScope, { body }: InputOf<'createChannel'>): Promise<Channel> {
  const present = await all(scope)
  if (present.length >= channelsLimit) throw bad('body', `There are ${present.length} channels, which is the limit.`)
  return save(scope, `channel-${randomUUID()}`, body, present, scope.nowMs)
}

export async function changeChannel(scope: WriteScope, { id, body }: InputOf<'changeChannel'>): Promise<Channel> {
  const stored = await writable(scope, id)
  const { target, moved } = keepSecrets(body.target, stored.target)
  if (moved !== null) {
    throw bad(`target.${moved}`, `target.${moved} was given for another receiver: enter it again for this one.`)
  }
  // Both halves were checked on their own; together they must still be a target.
  const whole = { ...body, target: channelTarget.parse(target) }
  const row = await scope.reader.channel(id)
  return save(scope, id, whole, await all(scope), row?.createdMs ?? scope.nowMs)
}

export async function deleteChannel(scope: WriteScope, { id }: InputOf<'deleteChannel'>): Promise<{ deleted: true }> {
  await writable(scope, id)
  await scope.operator.deleteChannel(id)
  return { deleted: true }
}

/** By id or by name. Rejects with NOT_FOUND. */
export async function channelOf(scope: WriteScope, idOrName: string): Promise<OpenChannel> {
  const present = await all(scope)
  const found = present.find(({ id }) => id === idOrName) ?? present.find(({ name }) => name === idOrName)
  if (found === undefined) throw new ScopeError('NOT_FOUND', 'There is no such channel.', { subject: 'id' })
  return found
}

function all(scope: WriteScope): Promise<OpenChannel[]> {
  return loadChannels(scope.reader, scope.notify.key, scope.notify.settings.channels)
}

async function writable(scope: WriteScope, id: string): Promise<OpenChannel> {
  const found = await channelOf(scope, id)
  const row = await scope.reader.channel(found.id)
  if (row === null || row.id !== id) {
    throw new ScopeError(
      'PERMISSION_DENIED',
      'This channel stands in the settings file: change it there and restart.',
      {
        subject: 'id',
      },
    )
  }
  return found
}

async function save(
  scope: WriteScope,
  id: string,
  body: ChannelInput,
  present: readonly OpenChannel[],
  createdMs: number,
): Promise<Channel> {
  refuseUnfit(body)
  if (present.some((other) => other.id !== id && other.name === body.name)) {
    throw bad('name', `name is wrong: there is a channel called ${JSON.stringify(body.name)} already.`)
  }
  const { shown, secrets } = splitTarget(body.target)
  const row = {
    id,
    name: body.name,
    document: { ...body, target: shown },
    sealed: sealSecrets(scope.notify.key, id, secrets),
    createdMs,
    updatedMs: scope.nowMs,
  }
  await scope.operator.saveChannel(row)
  return itemOf(scope, openRow(row, scope.notify.key))
}

function refuseUnfit({ target, template }: ChannelInput): void {
  if ('url' in target && target.url !== undefined) {
    const { username, password } = new URL(target.url)
    if (username !== '' || password !== '') {
      throw bad('target.url', 'target.url must hold no user and password: they would be shown with it.')
    }
  }
  if (target.kind === 'slack' && target.url === undefined) throw bad('target.url', 'target.url is missing.')
  if (target.kind === 'pagerduty' && target.routingKey === undefined) {
    throw bad('target.routingKey', 'target.routingKey is missing.')
  }
  for (const [name, text] of Object.entries(template)) {
    const unknown = unknownPlace(text ?? '', templateNames)
    if (unknown === null) continue
    throw bad(
      `template.${name}`,
      `template.${name} holds ${unknown}, which is never filled in; known are labels.NAME, ${templateNames.join(', ')}.`,
    )
  }
}

async function itemOf(scope: WriteScope, one: OpenChannel): Promise<Channel> {
  const [item] = await itemsOf(scope, [one])
  if (item === undefined) throw new ScopeError('INTERNAL', 'A channel has no answer.')
  return item
}

async function itemsOf(scope: WriteScope, open: readonly OpenChannel[]): Promise<Channel[]> {
  const { reader } = scope
  const [rows, health, counts] = await Promise.all([reader.channels(), reader.channelHealth(), reader.outboxCounts()])
  return open.map(({ fault, ...one }) => {
    const row = rows.find(({ id }) => id === one.id)
    const { shown, secrets } = splitTarget(one.target)
    const count = counts.find(({ channelId }) => channelId === one.id)
    return {
      ...one,
      target: shown,
      source: row === undefined ? 'settings' : 'database',
      readOnly: row === undefined,
      secretSet: isSecretSet(one.target.kind, secrets),
      health: healthOf(
        health.find(({ channelId }) => channelId === one.id),
        fault,
        count?.waiting ?? 0,
        count?.failed ?? 0,
      ),
      createdAt: row === undefined ? null : timeOf(row.createdMs),
      updatedAt: row === undefined ? null : timeOf(row.updatedMs),
    }
  })
}

function healthOf(
  row: ChannelHealthRow | undefined,
  fault: string | null,
  waiting: number,
  failed: number,
): Channel['health'] {
  const tried = row !== undefined && (row.lastSentMs !== null || row.lastErrorMs !== null)
  return {
    state: fault !== null || (row?.failures ?? 0) > 0 ? 'failing' : tried ? 'ok' : 'unknown',
    lastSentAt: timeOrNull(row?.lastSentMs ?? null),
    lastErrorAt: timeOrNull(row?.lastErrorMs ?? null),
    lastError: fault ?? row?.lastError ?? null,
    waiting,
    failed,
    nextTryAt: waiting > 0 ? timeOrNull(row?.nextTryMs ?? null) : null,
  }
}

function bad(field: string, sentence: string): ScopeError {
  return new ScopeError('BAD_REQUEST', sentence, { subject: field })
}
