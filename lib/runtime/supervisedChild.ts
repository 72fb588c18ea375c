import { type ChildProcess, fork } from 'node:child_process'
import { createBackoff } from '../core/backoff'
import type { Clock } from '../core/clock'
import { type ChildReport, childReport } from './messages'

export interface ChildOptions {
  /** As the log names it: `collector`, `demo`. */
  readonly name: string
  readonly script: string
  readonly env: NodeJS.ProcessEnv
  /** Sent after each start; null sends nothing. */
  readonly greeting: () => unknown
  readonly onReport: (report: ChildReport) => void
  readonly clock: Clock
  readonly log: (line: string) => void
  /** After SIGTERM the child has this long before it is killed. */
  readonly stopWithinMs: number
}

export interface SupervisedChild {
  /** SIGTERM, wait, SIGKILL; resolves when the process is gone. Idempotent. */
  stop(): Promise<void>
}

/** A child that ran this long was well: the next failure waits little again. */
const wellAfterMs = 60_000

/** Keeps a child process running until it is stopped: one that dies is started again, later and later. */
export function superviseChild(options: ChildOptions): SupervisedChild {
  const { clock, log, name } = options
  const abort = new AbortController()
  const backoff = createBackoff({ firstMs: 500, limitMs: 30_000 })
  let child: ChildProcess | null = null

  const running = (async () => {
    while (!abort.signal.aborted) {
      const startedMs = clock.nowMs()
      child = startChild(options)
      const ending = await endOf(child)
      child = null
      if (abort.signal.aborted) return
      if (clock.nowMs() - startedMs > wellAfterMs) backoff.reset()
      const delayMs = backoff.next()
      log(`The ${name} ended unexpectedly (${ending}); it is started again in ${(delayMs / 1000).toFixed(1)} s.`)
      await clock.sleep(delayMs, abort.signal)
    }
  })()

  let stopped: Promise<void> | null = null
  return {
    stop() {
      stopped ??= (async () => {
        abort.abort()
        const last = child
        last?.kill('SIGTERM')
        const deadline = new AbortController()
        void clock.sleep(options.stopWithinMs, deadline.signal).then(() => {
          if (!deadline.signal.aborted) last?.kill('SIGKILL')
        })
        await running
        deadline.abort()
      })()
      return stopped
    },
  }
}

function startChild(options: ChildOptions): ChildProcess {
  const child = fork(options.script, [], {
    env: options.env,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.on('message', (message) => {
    const report = childReport.safeParse(message)
    if (report.success) options.onReport(report.data)
  })
  const greeting = options.greeting()
  // The child may be gone before the message is; its exit is what counts then.
  if (greeting !== null) child.send(greeting as object, () => {})
  return child
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    child.once('error', (error) => resolve(error.message))
  })
}
