import { sentenceOf } from '../../core/errors'
import type { ClusterRef, LeaderChangeInput, MemberStateInput, RecordWriter } from '../../store'

/**
 * Writes looks and leader changes behind the poller's back, in order: a store that is slow for a second must not
 * delay the next look, or the delay itself would be measured as leaderless time. Leader changes are kept until they
 * are stored; looks beyond the bound are dropped, oldest first, and leave an honest hole in the lanes.
 */

const looksLimit = 120
const changesLimit = 1_000

export class MemberRecorder {
  readonly #cluster: ClusterRef
  readonly #writer: Pick<RecordWriter, 'observeMembers' | 'recordLeaderChange'>
  readonly #pausedAfterMs: number
  readonly #log: (message: string) => void
  readonly #looks: { states: readonly MemberStateInput[]; atMs: number }[] = []
  readonly #changes: LeaderChangeInput[] = []
  #writing: Promise<void> | null = null
  #failing = false

  constructor(
    cluster: ClusterRef,
    writer: Pick<RecordWriter, 'observeMembers' | 'recordLeaderChange'>,
    pausedAfterMs: number,
    log: (message: string) => void,
  ) {
    this.#cluster = cluster
    this.#writer = writer
    this.#pausedAfterMs = pausedAfterMs
    this.#log = log
  }

  take(states: readonly MemberStateInput[], changes: readonly LeaderChangeInput[], atMs: number): void {
    this.#changes.push(...changes)
    if (states.length > 0) this.#looks.push({ states, atMs })
    // The first of each may be on its way to the store: the one behind it goes.
    if (this.#looks.length > looksLimit) this.#looks.splice(1, 1)
    if (this.#changes.length > changesLimit) this.#changes.splice(1, 1)
    this.#start()
  }

  /** Resolves when what was taken is stored, or the store has refused it once more. */
  async settle(): Promise<void> {
    await this.#writing
    await this.#start()
  }

  #start(): Promise<void> {
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  async #drain(): Promise<void> {
    try {
      for (let change = this.#changes[0]; change !== undefined; change = this.#changes[0]) {
        await this.#writer.recordLeaderChange(this.#cluster, change)
        this.#changes.shift()
      }
      for (let look = this.#looks[0]; look !== undefined; look = this.#looks[0]) {
        await this.#writer.observeMembers(this.#cluster, look.states, look.atMs, this.#pausedAfterMs)
        this.#looks.shift()
      }
      this.#failing = false
    } catch (error) {
      // The next look tries again; said once per outage.
      if (!this.#failing) this.#log(`member states are not stored: ${sentenceOf(error)}`)
      this.#failing = true
    }
  }
}
