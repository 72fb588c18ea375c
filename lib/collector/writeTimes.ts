/**
 * The time of each change. etcd keeps none, so there are two kinds: *observed*, when a live event reached us, and
 * *bound*, for back-filled revisions: the newest timestamp found inside this or an earlier object, since revisions
 * are written in order. Invariant: the result never decreases and never lies in the future of `receivedAtMs`.
 */

export interface TimedChange {
  readonly revision: bigint
  /** Newest timestamp inside the object that bounds the write from below; null when it has none. */
  readonly notBeforeMs: number | null
}

/** Times for live events: when they came in, never before the last stored change. */
export function observedTime(receivedAtMs: number, lastAtMs: number | null): number {
  return lastAtMs === null ? receivedAtMs : Math.max(receivedAtMs, lastAtMs)
}

/**
 * Times for back-filled events, one an entry.
 *
 * A change without a timestamp of its own inherits the newest one before it; at the very beginning of a record the
 * first one after it. With no timestamp in the whole batch the time is when we received it: "written before then".
 */
export function boundTimes(changes: readonly TimedChange[], receivedAtMs: number, lastAtMs: number | null): number[] {
  const hints = changes.map((c) =>
    c.notBeforeMs !== null && c.notBeforeMs > 0 ? Math.min(c.notBeforeMs, receivedAtMs) : null,
  )
  if (hints.every((h) => h === null)) {
    return changes.map(() => observedTime(receivedAtMs, lastAtMs))
  }
  let running = lastAtMs ?? hints.find((h) => h !== null) ?? receivedAtMs
  let revision: bigint | null = null
  const times: number[] = new Array(changes.length)
  for (let i = 0; i < changes.length; ) {
    // All events of one revision were written in the same instant: they share the newest hint among them.
    revision = changes[i]?.revision ?? null
    let end = i
    while (end < changes.length && changes[end]?.revision === revision) {
      running = Math.max(running, hints[end] ?? 0)
      end++
    }
    times.fill(running, i, end)
    i = end
  }
  return times
}
