import { ScopeError } from '../../core/errors'
import type { Ownership } from '../store'
import { bigOf, numberOf, type Statements, textOf } from './statements'

/** Who may write a cluster. Every new owner gets a greater token; a write with an older one is refused. */
export interface OwnershipTable {
  acquire(
    clusterId: number,
    owner: string,
    ttlMs: number,
    nowMs: number,
    isGone?: (owner: string) => boolean,
  ): Ownership | null
  release(clusterId: number, ownership: Ownership): void
  /** Throws NOT_OWNER. Called inside the transaction that it guards. */
  check(clusterId: number, ownership: Ownership): void
}

/** Nobody's name: what a released lease is left with, so that its token keeps growing. */
const NOBODY = ''

export function createOwnershipTable(statements: Statements): OwnershipTable {
  const select = statements.big('SELECT owner, token, expires_ms FROM lease WHERE cluster_id = ?')
  const upsert = statements.run(
    `INSERT INTO lease (cluster_id, owner, token, expires_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET owner = excluded.owner, token = excluded.token, expires_ms = excluded.expires_ms`,
  )
  const free = statements.run(
    `UPDATE lease SET owner = '', expires_ms = 0 WHERE cluster_id = ? AND owner = ? AND token = ?`,
  )

  const read = (clusterId: number) => {
    const row = select.get(clusterId)
    return row === undefined
      ? { owner: NOBODY, token: 0n, expiresMs: 0 }
      : { owner: textOf(row[0]), token: bigOf(row[1]), expiresMs: numberOf(row[2]) }
  }

  return {
    acquire(clusterId, owner, ttlMs, nowMs, isGone = () => false) {
      const held = read(clusterId)
      const mine = held.owner === owner
      const alive = held.owner !== NOBODY && held.expiresMs > nowMs && !isGone(held.owner)
      if (!mine && alive) return null
      const token = mine ? held.token : held.token + 1n
      upsert.run(clusterId, owner, token, nowMs + ttlMs)
      return { owner, token }
    },
    release: (clusterId, ownership) => void free.run(clusterId, ownership.owner, ownership.token),
    check(clusterId, ownership) {
      const held = read(clusterId)
      if (held.owner === ownership.owner && held.token === ownership.token) return
      throw new ScopeError(
        'NOT_OWNER',
        held.owner === NOBODY
          ? 'This collector gave the cluster up; it must acquire it again before it writes.'
          : `Another collector (${held.owner}) took this cluster over.`,
      )
    },
  }
}
