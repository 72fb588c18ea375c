import { randomUUID } from 'node:crypto'
import { compilePolicy } from '../alerts/notify/addressRules'
import { systemResolve } from '../alerts/notify/checkedTarget'
import { createDeliver, sendTimeoutMs } from '../alerts/notify/deliver'
import { loadChannels } from '../alerts/notify/loadChannels'
import { startNotifier } from '../alerts/notify/startNotifier'
import type { Settings } from '../config/settings'
import type { Clock } from '../core/clock'
import { type Ownership, openNotifyStore, type RecordReader } from '../store'
import { loadChannelKey } from './dataFolder'

/** Sends notifications for as long as this process is the one that evaluates the rules. */
export interface PreparedNotifier {
  /** Resolves when the signal has aborted and no try is under way. */
  run(ownership: () => Ownership, signal: AbortSignal): Promise<void>
  /** Steps of alerts were stored. */
  wake(): void
  close(): Promise<void>
}

/** The process has a little more than this until it is killed. */
const stopWithinMs = 1_500

export async function prepareNotifier(options: {
  settings: Settings
  reader: RecordReader
  clock: Clock
  log: (message: string) => void
}): Promise<PreparedNotifier> {
  const { reader, clock, log } = options
  const { databaseUrl, dataDir } = options.settings
  const settings = options.settings.alerts.notify
  const writer = await openNotifyStore({ databaseUrl, clock })
  const key = loadChannelKey(dataDir)
  const check = compilePolicy({ allowPrivate: settings.allowPrivateTargets, allow: settings.allowTargets })
  const deliver = createDeliver({
    check,
    resolve: systemResolve,
    timeoutMs: sendTimeoutMs,
    nowMs: clock.nowMs,
    ca: settings.ca,
  })
  let wake = () => {}
  return {
    async run(ownership, signal) {
      const notifier = startNotifier({
        reader,
        writer,
        loadChannels: () => loadChannels(reader, key, settings.channels),
        deliver,
        ownership: () => (signal.aborted ? null : ownership()),
        externalUrl: settings.externalUrl,
        clock,
        random: Math.random,
        newKey: randomUUID,
        log,
      })
      wake = notifier.wake
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
      wake = () => {}
      // What is cut off here is tried again by the next process, with the same key.
      await Promise.race([notifier.stop(), clock.sleep(stopWithinMs)])
    },
    wake: () => wake(),
    close: () => writer.close(),
  }
}
