import type { Clock } from '../../core/clock'
import type { NotificationRow, NotifyWriter, RecordReader } from '../../store'
import type { Deliver } from './deliver'
import { notification } from './notification'
import type { OpenChannel } from './openChannel'
import { longestRestMs, notSent, type SendOutcome } from './sendOutcome'

/**
 * Sends what waits for one channel, and knows nothing of other channels: a dead one delays nobody. Messages of a group
 * keep their order; those of different groups go side by side. While the channel is in trouble one message at a time
 * tries it, later and later.
 */
export interface WorkerParts {
  readonly reader: Pick<RecordReader, 'channelHealth'>
  readonly writer: NotifyWriter
  readonly deliver: Deliver
  readonly clock: Clock
  readonly random: () => number
  readonly externalUrl: string
  /** False while another process evaluates and sends. */
  readonly owns: () => boolean
  readonly log: (message: string) => void
}

/** Messages under way to one channel at the same time. */
const sideBySide = 4
const firstRetryMs = 1_000
const retryLimitMs = 15_000
/** A message that could not be sent for so long is kept as failed: whoever is told now is told of the past. */
export const giveUpAfterMs = 24 * 3_600_000
/** While nothing is due: how often to look whether a person has let the channel be tried again. */
const lookMs = 1_000

export class ChannelWorker {
  readonly #parts: WorkerParts
  readonly #stop = new AbortController()
  #channel: OpenChannel
  #wake: () => void = () => {}
  #kicked = false
  readonly #running: Promise<void>

  constructor(channel: OpenChannel, parts: WorkerParts) {
    this.#channel = channel
    this.#parts = parts
    this.#running = this.#run()
  }

  get channel(): OpenChannel {
    return this.#channel
  }

  /** There may be something to send, or the channel has changed. */
  kick(channel: OpenChannel): void {
    this.#channel = channel
    this.#kicked = true
    this.#wake()
  }

  /** Resolves when the last try under way has ended. Idempotent. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#wake()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      this.#kicked = false
      let waitMs: number | null
      try {
        waitMs = await this.#round()
      } catch (error) {
        // The database is busy or gone for a moment; what waits stays there.
        this.#parts.log(
          `Notifications to ${this.#channel.name} wait: ${error instanceof Error ? error.message : error}`,
        )
        waitMs = lookMs
      }
      if (waitMs !== null && !this.#kicked) await this.#rest(waitMs)
    }
  }

  async #rest(ms: number): Promise<void> {
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    if (!this.#stop.signal.aborted) await this.#parts.clock.sleep(ms, woken.signal)
    this.#wake = () => {}
  }

  /** Sends once. Answers how long to rest; null: there may be more at once. */
  async #round(): Promise<number | null> {
    const { reader, writer, clock, owns } = this.#parts
    if (!owns()) return lookMs
    const health = (await reader.channelHealth()).find(({ channelId }) => channelId === this.#channel.id)
    const failures = health?.failures ?? 0
    const restMs = (health?.nextTryMs ?? 0) - clock.nowMs()
    // Longer than any rest that is ever taken: the clock was set back.
    if (restMs > 0 && restMs <= longestRestMs) return Math.min(restMs, lookMs)
    const due = await writer.waiting(this.#channel.id, failures > 0 ? 1 : sideBySide)
    if (due.length === 0) return lookMs
    await Promise.all(due.map((row) => this.#try(row, failures + 1)))
    return null
  }

  async #try(row: NotificationRow, failures: number): Promise<void> {
    const { writer, clock } = this.#parts
    const outcome = await this.#send(row)
    const atMs = clock.nowMs()
    if (outcome.ok) return writer.recordSent(row, atMs)
    const giveUp = outcome.refused || atMs - row.createdMs >= giveUpAfterMs
    const nextTryMs = outcome.refused ? null : atMs + (outcome.retryAfterMs ?? this.#backoffMs(failures))
    await writer.recordFailure(row, { atMs, error: outcome.detail, giveUp, failures, nextTryMs })
  }

  async #send(row: NotificationRow): Promise<SendOutcome> {
    const { deliver, externalUrl } = this.#parts
    if (this.#channel.fault !== null) return notSent(this.#channel.fault)
    const told = notification.safeParse(row.document)
    if (!told.success) return notSent('The stored message cannot be read.', { refused: true })
    return deliver(this.#channel, { key: row.key, notification: told.data, externalUrl })
  }

  /** Exponential, with half of it left to chance, so that many do not return in step. */
  #backoffMs(failures: number): number {
    const ceilingMs = Math.min(retryLimitMs, firstRetryMs * 2 ** Math.min(failures - 1, 20))
    return Math.round(ceilingMs / 2 + this.#parts.random() * (ceilingMs / 2))
  }
}
