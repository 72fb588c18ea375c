import type { ChangeFilter, ChangePosition, ChangeRow, ClusterRef, RecordReader } from '../store'
import type { ChangeTally } from './changeTally'

/**
 * Reads the changes of one cluster in the order of the record, once, into the tallies that count them: first those of
 * the windows before the first moment, then what is new.
 */

const pageLimit = 1_000
/** What one look may take in: a back-fill of millions is read over several looks, and none is held up. */
const pagesPerLook = 50

export interface FedTally {
  readonly tally: ChangeTally
  readonly windowMs: number
}

export class ChangeFeed {
  readonly #reader: RecordReader
  readonly #cluster: ClusterRef
  readonly #tallies: readonly FedTally[]
  /** Null: changes of every resource are wanted. */
  readonly #resources: readonly string[] | null
  #after: ChangePosition | null = null
  #begun = false
  #newestMs = Number.NEGATIVE_INFINITY

  constructor(
    reader: RecordReader,
    cluster: ClusterRef,
    tallies: readonly FedTally[],
    resources: readonly string[] | null,
  ) {
    this.#reader = reader
    this.#cluster = cluster
    this.#tallies = tallies
    this.#resources = resources
  }

  /** Takes in everything that the record holds up to that moment. `all`: however much it is, and nothing else. */
  async readThrough(nowMs: number, all: boolean, signal?: AbortSignal): Promise<void> {
    if (this.#tallies.length === 0 || this.#newestMs > nowMs) return
    if (!this.#begun) return await this.#begin(nowMs, all, signal)
    await this.#read(all && this.#resources !== null ? { resources: this.#resources } : {}, nowMs, all, signal)
  }

  /** The windows before the first moment. What stands behind the head of now is read as it comes. */
  async #begin(nowMs: number, all: boolean, signal: AbortSignal | undefined): Promise<void> {
    const [head] = all ? [] : await this.#page({}, 'desc', 1)
    const fromMs = Math.max(0, nowMs - Math.max(...this.#tallies.map(({ windowMs }) => windowMs)))
    const filter = { fromMs, ...(this.#resources === null ? {} : { resources: this.#resources }) }
    const ended = await this.#read(filter, nowMs, true, signal)
    if (head !== undefined && ended && isBehind(head, this.#after)) this.#after = positionOf(head)
    this.#begun = this.#after !== null
  }

  /** True when the record has no more of it. */
  async #read(filter: ChangeFilter, nowMs: number, all: boolean, signal: AbortSignal | undefined): Promise<boolean> {
    for (let page = 0; all || page < pagesPerLook; page++) {
      signal?.throwIfAborted()
      const rows = await this.#page(filter, 'asc', pageLimit)
      for (const row of rows) await this.#take(row)
      if (rows.length < pageLimit) return true
      if (this.#newestMs > nowMs) return false
    }
    return false
  }

  async #page(filter: ChangeFilter, order: 'asc' | 'desc', limit: number): Promise<ChangeRow[]> {
    const after = order === 'asc' ? this.#after : null
    return await this.#reader.changes(this.#cluster, filter, { order, limit, after })
  }

  async #take(row: ChangeRow): Promise<void> {
    this.#after = positionOf(row)
    this.#newestMs = Math.max(this.#newestMs, row.atMs)
    for (const { tally } of this.#tallies) await tally.add(row)
  }
}

function positionOf({ epoch, revision, ordinal }: ChangeRow): ChangePosition {
  return { epoch, revision, ordinal }
}

function isBehind(change: ChangeRow, position: ChangePosition | null): boolean {
  if (position === null || change.epoch !== position.epoch) return position === null || change.epoch > position.epoch
  return change.revision > position.revision
}
