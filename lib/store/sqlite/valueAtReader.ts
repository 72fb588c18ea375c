import { ScopeError, sentenceOf } from '../../core/errors'
import { minBigInt } from '../../core/int64'
import type { RecordReader } from '../store'
import { changeColumns, changeOfRow, type RowWords, valueIdOfRow, withValue } from './changeReader'
import type { EpochReader } from './epochReader'
import type { ThinnedState } from './retention/thinnedState'
import type { Statements } from './statements'
import type { ValueReader } from './valueReader'

/** A key's value at a revision, reconstructed and checked; NOT_COVERED where retention has removed what it was. */
export function createValueAt(parts: {
  statements: Statements
  epochs: EpochReader
  words: RowWords
  values: ValueReader
  thinned: ThinnedState
}): RecordReader['valueAt'] {
  const { statements, epochs, words, values, thinned } = parts
  const select = statements.big(
    `SELECT ${changeColumns} FROM key AS k CROSS JOIN change AS c INDEXED BY change_key ON c.key_id = k.id
     WHERE k.cluster_id = ? AND k.key = ? AND c.epoch_id = ? AND c.revision <= ? ORDER BY c.revision DESC LIMIT 1`,
  )
  return async (cluster, epoch, key, revision) => {
    const bounds = epochs.find(cluster.id, epoch)
    if (bounds === null) return null
    const at = minBigInt(revision, bounds.cursor)
    const row = select.get(cluster.id, key, bounds.id, at)
    thinned.refuseUnknown({ clusterId: cluster.id, epochId: bounds.id }, key, at, row !== undefined)
    if (row === undefined) return null
    const change = changeOfRow(row, epoch, words)
    const valueId = valueIdOfRow(row)
    if (valueId === null) return withValue(change, null)
    try {
      return withValue(change, values.read(valueId).raw)
    } catch (error) {
      throw new ScopeError(
        'INTERNAL',
        `The value at revision ${change.revision} cannot be read: ${sentenceOf(error)}`,
        {
          cause: error,
        },
      )
    }
  }
}
