import type { Clock } from '../../core/clock'
import { ScopeError, sentenceOf } from '../../core/errors'
import type { NotifyWriter, Ownership, RecordReader } from '../../store'
import { ChannelWorker } from './channelWorker'
import type { Deliver } from './deliver'
import type { OpenChannel } from './openChannel'
import { Planner } from './planner'

export interface NotifierOptions {
  readonly reader: RecordReader
  readonly writer: NotifyWriter
  readonly loadChannels: () => Promise<readonly OpenChannel[]>
  readonly deliver: Deliver
  /** The lease of evaluation; null while this process does not hold it. */
  readonly ownership: () => Ownership | null
  /** Where etcdscope is opened, without a slash at the end. */
  readonly externalUrl: string
  readonly clock: Clock
  readonly random: () => number
  readonly newKey: () => string
  readonly log: (message: string) => void
}

export interface Notifier {
  /** Alerts have moved: look now. */
  wake(): void
  /** Waits for tries under way. Idempotent. */
  stop(): Promise<void>
}

/** People change silences and channels in another process: this is how late they are heard. */
const lookMs = 1_000
const cleanEachMs = 3_600_000
const sentKeptMs = 7 * 86_400_000
const repeatsKeptMs = 3_600_000
const silencesKeptMs = 30 * 86_400_000

/** Plans messages, and keeps one worker a channel that sends them. */
export function startNotifier(options: NotifierOptions): Notifier {
  const { writer, clock, ownership, log } = options
  const stop = new AbortController()
  const planner = new Planner(options)
  const workers = new Map<string, ChannelWorker>()
  let wake = () => {}
  let woken = false
  let cleanMs = 0

  const round = async (): Promise<number> => {
    const owner = ownership()
    if (owner === null) return lookMs
    const nowMs = clock.nowMs()
    const planned = await planner.plan(nowMs, owner)
    keepWorkers(planned.channelIds)
    if (planned.more) return 0
    if (nowMs >= cleanMs) {
      const before = { notificationsMs: nowMs - sentKeptMs, repeatsMs: nowMs - repeatsKeptMs }
      const dropped = await writer.dropEnded({ ...before, silencesMs: nowMs - silencesKeptMs })
      if (dropped === 0) cleanMs = nowMs + cleanEachMs
    }
    return planned.dueMs === null ? lookMs : Math.max(0, Math.min(lookMs, planned.dueMs - clock.nowMs()))
  }

  const keepWorkers = (kicked: ReadonlySet<string>): void => {
    const channels = planner.channels
    for (const [id, worker] of workers) {
      if (channels.some((channel) => channel.id === id)) continue
      workers.delete(id)
      // Its last try may take a while; other channels do not wait for it.
      void worker.stop()
    }
    for (const channel of channels) {
      const worker = workers.get(channel.id)
      if (worker === undefined) {
        const owns = () => ownership() !== null
        workers.set(channel.id, new ChannelWorker(channel, { ...options, owns }))
      } else if (kicked.has(channel.id) || worker.channel !== channel) worker.kick(channel)
    }
  }

  const running = (async () => {
    while (!stop.signal.aborted) {
      woken = false
      let waitMs: number
      try {
        waitMs = await round()
      } catch (error) {
        const expected = error instanceof ScopeError && error.code === 'NOT_OWNER'
        if (!expected) log(`Notifications wait: ${sentenceOf(error)}`)
        waitMs = lookMs
      }
      if (woken || waitMs === 0) continue
      const rest = new AbortController()
      wake = () => rest.abort()
      if (!stop.signal.aborted) await clock.sleep(waitMs, rest.signal)
      wake = () => {}
    }
    await Promise.all([...workers.values()].map((worker) => worker.stop()))
  })()

  return {
    wake() {
      woken = true
      wake()
    },
    async stop() {
      stop.abort()
      wake()
      await running
    },
  }
}
