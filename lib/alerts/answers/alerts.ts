import { z } from 'zod'
import type { AnswerOf, InputOf } from '../../contract'
import { ScopeError } from '../../core/errors'
import { pageFrom, readCursor, writeCursor } from '../../query/pageCursor'
import { clusterOf, type Scope, type WriteScope } from '../../query/scope'
import type { AcknowledgeableAlert } from '../../store'
import { type AlertContext, alertContext } from './alertContext'
import { alertItem, eventItem } from './alertItem'

const alertPosition = z.tuple([z.number().int(), z.string().max(200)])
const eventPosition = z.tuple([z.number().int().min(0)])

/** Alerts, newest first: what is pending, fires or fired. What was pending and never fired is in the history alone. */
export async function alerts(scope: Scope, input: InputOf<'alerts'>): Promise<AnswerOf<'alerts'>> {
  const position = readCursor(input.cursor, 'alerts', alertPosition)
  const clusterId = input.cluster === undefined ? undefined : (await clusterOf(scope, input.cluster)).id
  // What is over is silenced no more.
  const phases = input.silenced === 'true' ? (['pending', 'firing'] as const) : allPhases
  const filter = {
    phases: phases.filter((phase) => input.state === undefined || phase === input.state),
    ...(clusterId === undefined ? {} : { clusterId }),
    ...(input.rule === undefined ? {} : { rule: input.rule }),
    ...(input.severity === undefined ? {} : { severity: input.severity }),
  }
  const contextOf = await alertContext(scope)
  const wanted = ({ silencedBy }: AlertContext) =>
    input.silenced === undefined || (silencedBy !== null) === (input.silenced === 'true')
  const found: { row: AcknowledgeableAlert; context: AlertContext }[] = []
  // Silences match by labels, which the store cannot: one page may take several reads.
  for (let after = position === null ? null : { activeMs: position[0], id: position[1] }; ; ) {
    const rows = await scope.reader.alerts(filter, { limit: input.limit + 1, after })
    for (const { row, context } of await contextOf(rows)) if (wanted(context)) found.push({ row, context })
    const last = rows.at(-1)
    if (last === undefined || rows.length <= input.limit || found.length > input.limit) break
    after = { activeMs: last.activeMs, id: last.id }
  }
  return pageFrom(
    found.slice(0, input.limit + 1),
    input.limit,
    ({ row, context }) => alertItem(row, context),
    ({ row }) => writeCursor('alerts', [row.activeMs, row.id]),
  )
}

const allPhases = ['pending', 'firing', 'resolved'] as const

/** Each step of each alert, newest first. */
export async function alertHistory(scope: Scope, input: InputOf<'alertHistory'>): Promise<AnswerOf<'alertHistory'>> {
  const position = readCursor(input.cursor, 'alert-history', eventPosition)
  const clusterId = input.cluster === undefined ? undefined : (await clusterOf(scope, input.cluster)).id
  const rows = await scope.reader.alertHistory(
    {
      ...(clusterId === undefined ? {} : { clusterId }),
      ...(input.rule === undefined ? {} : { rule: input.rule }),
      ...(input.alert === undefined ? {} : { alertId: input.alert }),
    },
    { limit: input.limit + 1, beforeSeq: position?.[0] ?? null },
  )
  return pageFrom(rows, input.limit, eventItem, (row) => writeCursor('alert-history', [row.seq]))
}

export async function acknowledgeAlert(
  scope: WriteScope,
  input: InputOf<'acknowledgeAlert'>,
): Promise<AnswerOf<'acknowledgeAlert'>> {
  const known = await scope.operator.acknowledgeAlert(input.id, input.body)
  const row = known ? await scope.reader.alert(input.id) : null
  if (row === null) throw new ScopeError('NOT_FOUND', 'There is no such alert.', { subject: 'id' })
  const [item] = await (await alertContext(scope))([row])
  if (item === undefined) throw new ScopeError('INTERNAL', 'An alert has no answer.')
  return alertItem(row, item.context)
}
