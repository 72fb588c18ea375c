import { randomUUID } from 'node:crypto'
import type { AnswerOf, InputOf, Silence, SilenceInput } from '../../contract'
import { ScopeError } from '../../core/errors'
import { parseInstant, timeOf } from '../../query/instant'
import type { Scope, WriteScope } from '../../query/scope'
import type { SilenceRow } from '../../store'
import { compileMatchers } from '../labelMatch'
import { labelsOf } from '../notify/notification'
import { isActive } from '../notify/silencing'
import { firingAlerts } from './firingAlerts'

/** Silences as screens and scripts see and change them. */

const silencesLimit = 1_000
/** Longer ones are forgotten, and what they hide with them. */
const longestMs = 366 * 86_400_000

export async function silences(scope: Scope, input: InputOf<'silences'>): Promise<AnswerOf<'silences'>> {
  const items = await itemsOf(scope, await scope.reader.silences(0))
  return { items: items.filter((item) => input.state === undefined || item.state === input.state), nextCursor: null }
}

export async function silence(scope: Scope, input: InputOf<'silence'>): Promise<Silence> {
  return itemOf(scope, await rowOf(scope, input.id))
}

export async function createSilence(scope: WriteScope, { body }: InputOf<'createSilence'>): Promise<Silence> {
  const present = await scope.reader.silences(scope.nowMs)
  if (present.length >= silencesLimit) {
    throw bad('body', `There are ${present.length} silences, which is the limit: let one end.`)
  }
  const row = { ...checked(body, scope.nowMs, null), id: `silence-${randomUUID()}`, createdMs: scope.nowMs }
  await scope.operator.saveSilence(row)
  return itemOf(scope, row)
}

export async function changeSilence(scope: WriteScope, { id, body }: InputOf<'changeSilence'>): Promise<Silence> {
  const before = await rowOf(scope, id)
  const row = { ...checked(body, scope.nowMs, before), id, createdMs: before.createdMs }
  await scope.operator.saveSilence(row)
  return itemOf(scope, row)
}

/** One that has begun ends now and stays to be seen; any other is gone. */
export async function deleteSilence(
  scope: WriteScope,
  { id }: InputOf<'deleteSilence'>,
): Promise<AnswerOf<'deleteSilence'>> {
  const row = await rowOf(scope, id)
  if (!isActive(row, scope.nowMs)) {
    await scope.operator.deleteSilence(id)
    return { silence: null }
  }
  const ended = { ...row, endsMs: scope.nowMs, updatedMs: scope.nowMs }
  await scope.operator.saveSilence(ended)
  return { silence: await itemOf(scope, ended) }
}

function checked(body: SilenceInput, nowMs: number, before: SilenceRow | null): Omit<SilenceRow, 'id' | 'createdMs'> {
  // An edited silence that began stays as it began, whatever "now" meant then.
  const began = before !== null && body.startsAt === 'now' && before.startsMs <= nowMs
  const startsMs = began ? before.startsMs : parseInstant(body.startsAt, nowMs, 'startsAt')
  const endsMs = endOf(body.endsAt, Math.max(startsMs, nowMs), nowMs)
  if (endsMs <= startsMs) throw bad('endsAt', 'endsAt must lie behind startsAt.')
  if (endsMs <= nowMs) throw bad('endsAt', 'endsAt lies in the past: the silence would hold nothing back.')
  if (endsMs - startsMs > longestMs) throw bad('endsAt', 'endsAt lies more than a year behind startsAt.')
  if (compileMatchers(body.matchers)({})) {
    throw bad('matchers', 'matchers match an alert without any label: they would silence everything.')
  }
  const { matchers, author, reason } = body
  return { matchers, author, reason, startsMs, endsMs, updatedMs: nowMs }
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

function endOf(written: string, fromMs: number, nowMs: number): number {
  const [, count, unit] = /^\+(\d{1,9})(s|m|h|d|w)$/.exec(written) ?? []
  if (count === undefined) return parseInstant(written, nowMs, 'endsAt')
  return fromMs + Number(count) * unitMs[unit as keyof typeof unitMs]
}

async function rowOf(scope: Scope, id: string): Promise<SilenceRow> {
  const row = await scope.reader.silence(id)
  if (row === null) throw new ScopeError('NOT_FOUND', 'There is no such silence.', { subject: 'id' })
  return row
}

async function itemOf(scope: Scope, row: SilenceRow): Promise<Silence> {
  const [item] = await itemsOf(scope, [row])
  if (item === undefined) throw new ScopeError('INTERNAL', 'A silence has no answer.')
  return item
}

async function itemsOf(scope: Scope, rows: readonly SilenceRow[]): Promise<Silence[]> {
  const { nowMs } = scope
  const active = rows.some((row) => isActive(row, nowMs))
  const firing = active ? (await firingAlerts(scope.reader)).map(labelsOf) : []
  return rows.map((row) => ({
    id: row.id,
    matchers: [...row.matchers],
    author: row.author,
    reason: row.reason,
    startsAt: timeOf(row.startsMs),
    endsAt: timeOf(row.endsMs),
    createdAt: timeOf(row.createdMs),
    updatedAt: timeOf(row.updatedMs),
    state: row.endsMs <= nowMs ? 'expired' : row.startsMs > nowMs ? 'pending' : 'active',
    matched: isActive(row, nowMs) ? firing.filter(compileMatchers(row.matchers)).length : 0,
  }))
}

function bad(field: string, sentence: string): ScopeError {
  return new ScopeError('BAD_REQUEST', sentence, { subject: field })
}
