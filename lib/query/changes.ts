import type { AnswerOf, InputOf } from '../contract'
import { ScopeError } from '../core/errors'
import type { ChangeFilter, ChangeRow } from '../store/store'
import { changeItem } from './changeItem'
import { parseInstant } from './instant'
import { keyIfGiven, prefixRange } from './keyBytes'
import { kindNames } from './kinds'
import { pageFrom, positionShape, readCursor, writeCursor } from './pageCursor'
import { clusterOf, type Scope } from './scope'
import { thinnedSince } from './thinned'

/** The change log, filtered; every filter narrows, none given means everything. */
export async function changes(scope: Scope, input: InputOf<'changes'>): Promise<AnswerOf<'changes'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const filter = filterOf(input, scope.nowMs)
  const kind = `changes-${input.order}`
  const after = readCursor(input.cursor, kind, positionShape)
  const rows = await scope.reader.changes(cluster, filter, {
    order: input.order,
    limit: input.limit + 1,
    after: after && { epoch: after[0], revision: BigInt(after[1]), ordinal: after[2] },
  })
  const kinds = await kindNames(scope, cluster)
  const itemOf = (row: ChangeRow) => changeItem(row, kinds)
  const page = pageFrom(rows, input.limit, itemOf, (row) =>
    writeCursor(kind, [row.epoch, String(row.revision), row.ordinal]),
  )
  return { ...page, thinned: await thinnedSince(scope, cluster, filter) }
}

function filterOf(input: InputOf<'changes'>, nowMs: number): ChangeFilter {
  const key = keyIfGiven(input)
  if (key && input.prefix !== undefined) {
    throw new ScopeError('BAD_REQUEST', 'Give prefix or key, not both.', { subject: 'prefix' })
  }
  const filter: { -readonly [K in keyof ChangeFilter]: ChangeFilter[K] } = {}
  if (key) filter.key = key
  if (input.prefix) filter.keyRange = prefixRange(input.prefix)
  if (input.epoch !== undefined) filter.epoch = input.epoch
  if (input.resource?.length) filter.resources = input.resource
  if (input.namespace?.length) filter.namespaces = input.namespace
  if (input.name) filter.name = input.name
  if (input.manager?.length) filter.managers = input.manager
  if (input.op?.length) filter.ops = input.op
  if (input.significance?.length) filter.significances = input.significance
  if (input.q) filter.text = input.q
  if (input.from !== undefined) filter.fromMs = parseInstant(input.from, nowMs, 'from')
  if (input.to !== undefined) filter.toMs = parseInstant(input.to, nowMs, 'to')
  if (input.fromRevision !== undefined) filter.fromRevision = BigInt(input.fromRevision)
  if (input.toRevision !== undefined) filter.toRevision = BigInt(input.toRevision)
  return filter
}
