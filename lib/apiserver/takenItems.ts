import type { ObjectEvent } from './apiEvent'
import type { Taken } from './revisionMerger'
import type { SourceItem } from './sourceItem'

export interface Received extends ObjectEvent {
  readonly receivedAtMs: number
  readonly catchingUp: boolean
}

/** Events that arrived this close to each other share a time, which is when the last of them did. */
const sameMomentMs = 250

/** What the merger let go as items; events of one item are all live or all caught up. Only the last reaches `through`. */
export function* itemsOf(taken: Taken<Received>, told: bigint): Generator<SourceItem> {
  const { late, events, through } = taken
  if (late.length > 0) {
    yield {
      kind: 'late',
      events: late.map(plain),
      receivedAtMs: late.reduce((ms, e) => Math.max(ms, e.receivedAtMs), 0),
    }
  }
  let last = told
  for (const group of groupsOf(events)) {
    const [first] = group
    const end = group.at(-1)
    if (first === undefined || end === undefined) continue
    last = end.modRevision
    const receivedAtMs = group.reduce((ms, event) => Math.max(ms, event.receivedAtMs), 0)
    yield { kind: 'events', events: group.map(plain), through: last, receivedAtMs, catchingUp: first.catchingUp }
  }
  if (through > last) yield { kind: 'progress', through }
}

/** Cut where the kind or the moment changes, never within a revision. */
function* groupsOf(events: readonly Received[]): Generator<readonly Received[]> {
  let start = 0
  for (let i = 1; i < events.length; i++) {
    const [first, before, event] = [events[start] as Received, events[i - 1] as Received, events[i] as Received]
    if (before.modRevision === event.modRevision) continue
    const apart = Math.abs(event.receivedAtMs - first.receivedAtMs) > sameMomentMs
    if (first.catchingUp === event.catchingUp && (!apart || event.catchingUp)) continue
    yield events.slice(start, i)
    start = i
  }
  if (start < events.length) yield events.slice(start)
}

function plain({ receivedAtMs: _, catchingUp: __, ...event }: Received): ObjectEvent {
  return event
}
