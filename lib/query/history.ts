import type { AnswerOf, InputOf } from '../contract'
import { ScopeError } from '../core/errors'
import type { ChangeRow } from '../store/store'
import { changeItem } from './changeItem'
import { keyOf } from './keyBytes'
import { kindNames } from './kinds'
import { pageFrom, positionShape, readCursor, writeCursor } from './pageCursor'
import { clusterOf, type Scope } from './scope'
import { removedOf } from './thinned'

/** The versions of one key, newest first, over all epochs. NOT_FOUND when the record has none. */
export async function history(scope: Scope, input: InputOf<'history'>): Promise<AnswerOf<'history'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const key = keyOf(input)
  const after = readCursor(input.cursor, 'history', positionShape)
  const rows = await scope.reader.history(cluster, key, {
    limit: input.limit + 1,
    after: after && { epoch: after[0], revision: BigInt(after[1]), ordinal: after[2] },
  })
  if (rows.length === 0 && !after) {
    throw new ScopeError('NOT_FOUND', 'The record holds no version of this key.', { subject: 'key' })
  }
  const kinds = await kindNames(scope, cluster)
  const itemOf = (row: ChangeRow) => changeItem(row, kinds)
  const page = pageFrom(rows, input.limit, itemOf, (row) =>
    writeCursor('history', [row.epoch, String(row.revision), row.ordinal]),
  )
  return { ...page, removed: await removedOf(scope, cluster, key) }
}
