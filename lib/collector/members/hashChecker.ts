import type { Clock } from '../../core/clock'
import { sentenceOf } from '../../core/errors'
import { disagrees, type HashRound, type HashTarget, hashRound, incomparable, type MemberHash } from './hashCheck'

/** Compares the members' hashes every so often, and remembers what each said last. */

/** The first check comes soon after the start, when the members are known. */
const firstCheckMs = 10_000
/** A difference is looked at again this much later before it is believed. */
const confirmMs = 2_000

export class HashChecker {
  readonly #targets: () => readonly HashTarget[]
  readonly #clock: Clock
  readonly #log: (message: string) => void
  #hashes: ReadonlyMap<string, MemberHash> = new Map()
  #compactRevision: bigint | null = null

  constructor(targets: () => readonly HashTarget[], clock: Clock, log: (message: string) => void) {
    this.#targets = targets
    this.#clock = clock
    this.#log = log
  }

  get hashes(): ReadonlyMap<string, MemberHash> {
    return this.#hashes
  }

  /** Highest compact revision that a member named. */
  get compactRevision(): bigint | null {
    return this.#compactRevision
  }

  forget(): void {
    this.#hashes = new Map()
    this.#compactRevision = null
  }

  async run(intervalMs: number, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(Math.min(firstCheckMs, intervalMs), signal)
    while (!signal.aborted) {
      try {
        const round = await this.#confirmed(signal)
        if (!signal.aborted) this.#take(round)
      } catch (error) {
        this.#log(`the hash check failed: ${sentenceOf(error)}`)
      }
      await this.#clock.sleep(intervalMs, signal)
    }
  }

  async #confirmed(signal: AbortSignal): Promise<HashRound> {
    const first = await hashRound(this.#targets(), signal)
    if (!disagrees(first) && !incomparable(first)) return first
    await this.#clock.sleep(confirmMs, signal)
    return await hashRound(this.#targets(), signal)
  }

  #take(round: HashRound): void {
    if (disagrees(round)) {
      const values = [...round.hashes].map(([id, hash]) => `${id} has ${hash.value} at revision ${hash.revision}`)
      this.#log(`the members do not hold the same keyspace: ${values.join(', ')}`)
    }
    for (const [id, error] of round.failures) this.#log(`member ${id} gave no hash: ${sentenceOf(error)}`)
    const compacted = round.compactRevision
    if (compacted !== null && compacted > (this.#compactRevision ?? -1n)) this.#compactRevision = compacted
    // A member that did not answer this time keeps what it said, with the revision at which it said it.
    const present = new Set(this.#targets().map((t) => t.memberId))
    const kept = [...this.#hashes].filter(([id]) => present.has(id))
    this.#hashes = new Map([...kept, ...round.hashes])
  }
}
