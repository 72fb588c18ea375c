/** Signals nearer together than this are one: a terminal's Ctrl-C reaches us directly and once more through npm. */
const sameKeystrokeMs = 700

/** Calls `onStop` at the first SIGINT, SIGTERM or SIGHUP and `onForce` at a second one. */
export function onStopSignals(handlers: { onStop: () => void; onForce: () => void }): void {
  let firstMs: number | null = null
  const receive = () => {
    const nowMs = performance.now()
    if (firstMs === null) {
      firstMs = nowMs
      handlers.onStop()
    } else if (nowMs - firstMs > sameKeystrokeMs) {
      handlers.onForce()
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, receive)
}
