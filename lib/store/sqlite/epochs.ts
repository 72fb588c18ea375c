import { ScopeError } from '../../core/errors'
import type { Cursor } from '../store'
import { bigOf, numberOf, numberOrNull, type Statements, textOrNull } from './statements'

/** The row that a write moves: where the record of the present epoch stands. */
export interface EpochState {
  readonly id: number
  readonly epoch: number
  readonly cursor: bigint
  readonly etcdClusterId: string | null
  readonly firstMs: number | null
  readonly lastMs: number | null
  readonly resyncOpen: boolean
}

export interface EpochTable {
  /** The newest epoch of a cluster. */
  newest(clusterId: number): EpochState
  /** The newest one, which must be `epoch`: writing into an earlier one would mix two clusters. */
  present(clusterId: number, epoch: number): EpochState
  moveCursor(id: number, to: bigint, first: { revision: bigint; ms: number } | null, lastMs: number | null): void
  setResyncOpen(id: number, open: boolean): void
}

export function createEpochTable(statements: Statements): EpochTable {
  const select = statements.big(
    `SELECT id, epoch, cursor_revision, etcd_cluster_id, first_ms, last_ms, resync_open
     FROM epoch WHERE cluster_id = ? ORDER BY epoch DESC LIMIT 1`,
  )
  const move = statements.run(
    `UPDATE epoch SET cursor_revision = ?, first_revision = coalesce(first_revision, ?),
       first_ms = coalesce(first_ms, ?), last_ms = coalesce(?, last_ms), resync_open = 0 WHERE id = ?`,
  )
  const setOpen = statements.run('UPDATE epoch SET resync_open = ? WHERE id = ?')

  function newest(clusterId: number): EpochState {
    const row = select.get(clusterId)
    if (row === undefined) throw new ScopeError('INTERNAL', `Cluster ${clusterId} is not in the store.`)
    return {
      id: numberOf(row[0]),
      epoch: numberOf(row[1]),
      cursor: bigOf(row[2]),
      etcdClusterId: textOrNull(row[3]),
      firstMs: numberOrNull(row[4]),
      lastMs: numberOrNull(row[5]),
      resyncOpen: numberOf(row[6]) === 1,
    }
  }

  return {
    newest,
    present(clusterId, epoch) {
      const state = newest(clusterId)
      if (state.epoch === epoch) return state
      throw new ScopeError('INTERNAL', `A write for epoch ${epoch} came while epoch ${state.epoch} is the present one.`)
    },
    moveCursor: (id, to, first, lastMs) => void move.run(to, first?.revision ?? null, first?.ms ?? null, lastMs, id),
    setResyncOpen: (id, open) => void setOpen.run(open ? 1 : 0, id),
  }
}

export function cursorOf(state: EpochState): Cursor {
  return {
    epoch: state.epoch,
    revision: state.cursor,
    etcdClusterId: state.etcdClusterId,
    lastAtMs: state.lastMs,
  }
}
