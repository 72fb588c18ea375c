import { isTransient, ScopeError, sentenceOf } from '../core/errors'
import type { ChildReport } from './messages'

/** What a child's main is given. */
export interface ChildContext {
  readonly signal: AbortSignal
  readonly report: (report: ChildReport) => void
  /** The first message from the parent. */
  readonly greeting: Promise<unknown>
}

/**
 * Runs the main of a child process. It ends with its parent: SIGTERM or a closed IPC channel (the parent died, even
 * by SIGKILL) aborts the signal. SIGINT is the parent's: a terminal's Ctrl-C reaches the whole group, and the parent
 * stops its children in order.
 */
export function runChild(main: (context: ChildContext) => Promise<void>): void {
  const abort = new AbortController()
  const report = (message: ChildReport) => {
    if (process.connected) process.send?.(message, () => {})
  }
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
  process.on('SIGTERM', () => abort.abort())
  process.on('disconnect', () => abort.abort())
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})
  const greeting = new Promise<unknown>((resolve) => process.once('message', resolve))
  main({ signal: abort.signal, report, greeting }).then(
    () => process.exit(0),
    (error: unknown) => {
      const permanent = error instanceof ScopeError && !isTransient(error) && error.code !== 'INTERNAL'
      report({ type: 'failed', message: sentenceOf(error), permanent })
      if (!(error instanceof ScopeError)) console.error(error)
      // Lets the report leave before the channel closes.
      setImmediate(() => process.exit(1))
    },
  )
}
