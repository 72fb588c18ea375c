import type { StreamTopic } from '../../contract'
import type { Clock } from '../../core/clock'
import type { AlertReader, RecordReader } from '../../store'

/** Half of this is the mean delay between a commit and the evaluation that it wakes. */
const pollMs = 20

type Watched = Pick<RecordReader, 'version' | 'pulses'> & Pick<AlertReader, 'alertEngine'>

/** Waits for commits that matter, whichever process made them; a look at a quiet record costs no table read. */
export class Movements {
  readonly #reader: Watched
  readonly #clock: Clock
  readonly #topics: ReadonlySet<StreamTopic>
  #version: number | null = null
  #seen = 0
  #rulesRevision: number | null = null

  constructor(reader: Watched, clock: Clock, topics: readonly StreamTopic[]) {
    this.#reader = reader
    this.#clock = clock
    this.#topics = new Set(topics)
  }

  /** Resolves as soon as one of the topics has moved or a rule changed since the last call, at that time at the latest, or on abort. */
  async next(untilMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.#moved()) return
      const leftMs = untilMs - this.#clock.nowMs()
      if (leftMs <= 0) return
      await this.#clock.sleep(Math.min(pollMs, leftMs), signal)
    }
  }

  async #moved(): Promise<boolean> {
    const version = this.#reader.version()
    if (version === this.#version) return false
    const { rulesRevision } = await this.#reader.alertEngine()
    const pulses = await this.#reader.pulses()
    // Only now: what could not be read is looked at again.
    this.#version = version
    let moved = rulesRevision !== this.#rulesRevision
    this.#rulesRevision = rulesRevision
    for (const { topic, seq } of pulses) {
      if (seq <= this.#seen || !this.#topics.has(topic)) continue
      this.#seen = seq
      moved = true
    }
    return moved
  }
}
