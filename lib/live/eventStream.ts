import { type Clock, systemClock } from '../core/clock'
import type { Frame, Subscription } from './subscription'

/** Proxies close what is silent for half a minute or so. */
const keepAliveMs = 15_000
/** A stream ends itself, so that reconnecting is the exercised path and not the rare one. */
const lifeMs = 5 * 60_000
const reconnectAfterMs = 1_000

/** A subscription as the body of a `text/event-stream` answer. The signal, or cancelling the body, ends both. */
export function eventStream(
  subscription: Subscription,
  options: { signal: AbortSignal; clock?: Clock },
): ReadableStream<Uint8Array> {
  const clock = options.clock ?? systemClock
  const encoder = new TextEncoder()
  const endAtMs = clock.nowMs() + lifeMs
  let sentAtMs = clock.nowMs()
  const end = () => subscription.close()
  options.signal.addEventListener('abort', end, { once: true })
  if (options.signal.aborted) end()

  async function nextText(): Promise<string | null> {
    for (;;) {
      const frames = await subscription.take(clock.nowMs, (woken) =>
        raced(woken, clock, Math.max(0, Math.min(sentAtMs + keepAliveMs, endAtMs) - clock.nowMs())),
      )
      if (frames === null || options.signal.aborted) return null
      if (frames.length > 0) return frames.map(frameText).join('')
      if (clock.nowMs() >= endAtMs) return null
      if (clock.nowMs() - sentAtMs >= keepAliveMs) return ': keep-alive\n\n'
    }
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // At once, so that headers leave the server and the client knows that it is heard.
        controller.enqueue(encoder.encode(`retry: ${reconnectAfterMs}\n\n`))
      },
      // Asked for only when the client has taken what came before: a slow one holds nothing but the newest frames.
      async pull(controller) {
        const text = await nextText()
        if (text === null) {
          options.signal.removeEventListener('abort', end)
          end()
          controller.close()
          return
        }
        sentAtMs = clock.nowMs()
        controller.enqueue(encoder.encode(text))
      },
      cancel() {
        options.signal.removeEventListener('abort', end)
        end()
      },
    },
    { highWaterMark: 1 },
  )
}

/** Waits for either; the timer does not outlive the wait. */
async function raced(woken: Promise<void>, clock: Clock, ms: number): Promise<void> {
  const over = new AbortController()
  await Promise.race([woken, clock.sleep(ms, over.signal)])
  over.abort()
}

/** JSON has no raw line breaks, so one data line is enough. */
function frameText(frame: Frame): string {
  return `id: ${frame.id}\nevent: ${frame.event}\ndata: ${JSON.stringify(frame.data)}\n\n`
}
