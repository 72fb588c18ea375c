import type { OwnedRow } from '../store'
import type { Entry } from './model'
import type { Moment } from './rollouts'

/** Who belongs to whom, from when to when: one open row an object, written anew when its owner or node is another. */
export class OwnerLinks {
  readonly #open = new Map<number, OwnedRow>()
  readonly #write: (row: OwnedRow) => void

  constructor(write: (row: OwnedRow) => void) {
    this.#write = write
  }

  restore(rows: readonly OwnedRow[]): void {
    for (const row of rows) this.#open.set(row.keyId, row)
  }

  keyIds(): number[] {
    return [...this.#open.keys()]
  }

  /** A Pod that no workload owns belongs to itself. */
  link(entry: Entry, isListed: boolean, at: Moment): void {
    const bare = entry.facts.pod !== null && isListed
    const node = entry.facts.pod?.node ?? null
    const known = this.#open.get(entry.keyId)
    // Its owner may be deleted before it: it belongs to it until it is gone itself or names another.
    const former = entry.facts.owner === null ? null : (known?.ownerId ?? null)
    const ownerId = entry.parent?.keyId ?? (bare ? entry.keyId : former)
    if (known !== undefined && known.ownerId === ownerId && known.node === node) return
    if (known !== undefined && known.ownerId !== ownerId) this.unlink(entry.keyId, at)
    if (ownerId === null) return
    const kept = this.#open.get(entry.keyId)
    const row: OwnedRow =
      kept === undefined
        ? {
            ownerId,
            keyId: entry.keyId,
            fromRevision: at.revision,
            fromMs: at.atMs,
            toRevision: null,
            toMs: null,
            node,
          }
        : { ...kept, node }
    this.#open.set(entry.keyId, row)
    this.#write(row)
  }

  unlink(keyId: number, at: Moment): void {
    const known = this.#open.get(keyId)
    if (known === undefined) return
    this.#open.delete(keyId)
    this.#write({ ...known, toRevision: at.revision, toMs: at.atMs })
  }
}
