import type { EpochTable } from './epochs'
import type { OwnershipTable } from './ownership'
import { bigOf, type Statements, textOf } from './statements'

/** See `ResourceCursorWriter`; the transaction around a write is the caller's. */
export interface ResourceCursorTable {
  read(clusterId: number, epoch: number): ReadonlyMap<string, bigint>
  replace(
    clusterId: number,
    epoch: number,
    ownership: Parameters<OwnershipTable['check']>[1],
    cursors: ReadonlyMap<string, bigint>,
  ): void
}

export function createResourceCursorTable(
  statements: Statements,
  epochs: EpochTable,
  owners: OwnershipTable,
): ResourceCursorTable {
  const select = statements.big('SELECT resource, revision FROM resource_cursor WHERE epoch_id = ?')
  const remove = statements.run('DELETE FROM resource_cursor WHERE epoch_id = ? AND resource = ?')
  const put = statements.run(
    `INSERT INTO resource_cursor (epoch_id, resource, revision) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET revision = excluded.revision`,
  )

  function readOf(epochId: number): Map<string, bigint> {
    return new Map(select.all(epochId).map((row) => [textOf(row[0]), bigOf(row[1])]))
  }

  return {
    read: (clusterId, epoch) => readOf(epochs.present(clusterId, epoch).id),
    replace(clusterId, epoch, ownership, cursors) {
      owners.check(clusterId, ownership)
      const { id } = epochs.present(clusterId, epoch)
      const known = readOf(id)
      for (const resource of known.keys()) if (!cursors.has(resource)) remove.run(id, resource)
      for (const [resource, revision] of cursors) {
        if (known.get(resource) !== revision) put.run(id, resource, revision)
      }
    },
  }
}
