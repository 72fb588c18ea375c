import type { KeyEvent } from '../etcd'
import type { Described, Describer } from '../kubernetes'
import type { ChangeInput, ClusterRef, KeyVersion, RecordWriter } from '../store'
import { boundTimes, observedTime } from './writeTimes'

/**
 * Turns etcd's events into the record's changes: redacted, classed, timed. Values of secrets end here; nothing
 * behind this file ever sees them.
 */

interface Previous {
  readonly value: Uint8Array | null
  readonly fingerprint: Uint8Array | null
}

export interface EventTiming {
  readonly receivedAtMs: number
  readonly lastAtMs: number | null
  /** Back-filled: the time is a bound, not an observation. */
  readonly catchingUp: boolean
}

/** A map key for raw bytes; latin1 is a bijection on bytes. */
export function textOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/**
 * Describes whole revisions in order. Reads the predecessors it needs from the writer in one call, so it must run
 * after the batch before it was appended.
 */
export async function describeEvents(
  events: readonly KeyEvent[],
  timing: EventTiming,
  context: { describer: Describer; writer: RecordWriter; cluster: ClusterRef; epoch: number },
): Promise<ChangeInput[]> {
  const previous = await readPrevious(events, context)
  const described: Described[] = events.map((event) =>
    describeOne(event, previous, context.describer, timing.catchingUp ? null : timing.receivedAtMs),
  )

  const times = timing.catchingUp
    ? boundTimes(
        events.map((e, i) => ({ revision: e.modRevision, notBeforeMs: described[i]?.notBeforeMs ?? null })),
        timing.receivedAtMs,
        timing.lastAtMs,
      )
    : null
  const observedMs = observedTime(timing.receivedAtMs, timing.lastAtMs)

  let revision = -1n
  let ordinal = 0
  return events.map((event, i) => {
    ordinal = event.modRevision === revision ? ordinal + 1 : 0
    revision = event.modRevision
    const d = described[i] as Described
    return changeOf(event, d, {
      ordinal,
      atMs: times?.[i] ?? observedMs,
      atSource: timing.catchingUp ? 'bound' : 'observed',
      origin: 'watch',
    })
  })
}

export function changeOf(
  event: KeyEvent,
  described: Described,
  place: Pick<ChangeInput, 'ordinal' | 'atMs' | 'atSource' | 'origin'>,
): ChangeInput {
  return {
    revision: event.modRevision,
    ...place,
    op: described.op,
    key: event.key,
    value: event.type === 'delete' ? null : described.value,
    valueBytes: event.type === 'delete' ? 0 : event.value.byteLength,
    fingerprint: described.fingerprint,
    createRevision: event.createRevision,
    version: event.version,
    leaseId: event.leaseId,
    resource: described.resource,
    namespace: described.namespace,
    name: described.name,
    manager: described.manager,
    significance: described.significance,
    summary: described.summary,
  }
}

async function readPrevious(
  events: readonly KeyEvent[],
  context: { writer: RecordWriter; cluster: ClusterRef; epoch: number },
): Promise<Map<string, Previous>> {
  const wanted = new Map<string, Uint8Array>()
  const seen = new Set<string>()
  for (const event of events) {
    const id = textOfBytes(event.key)
    // A first version has no predecessor, and a key's later events in this batch follow its earlier ones.
    if (!seen.has(id) && (event.type === 'delete' || event.version !== 1n)) wanted.set(id, event.key)
    seen.add(id)
  }
  const found: KeyVersion[] =
    wanted.size === 0 ? [] : await context.writer.newest(context.cluster, context.epoch, [...wanted.values()])
  return new Map(found.map((row) => [textOfBytes(row.key), row]))
}

function describeOne(
  event: KeyEvent,
  previous: Map<string, Previous>,
  describer: Describer,
  observedMs: number | null,
): Described {
  const id = textOfBytes(event.key)
  const before = previous.get(id)
  const described = describer.describe({
    op: event.type,
    key: event.key,
    value: event.value,
    created: event.version === 1n,
    leaseId: event.leaseId,
    previous: before?.value ?? null,
    previousFingerprint: before?.fingerprint ?? null,
    observedMs,
  })
  if (event.type === 'delete') previous.delete(id)
  else previous.set(id, { value: described.value, fingerprint: described.fingerprint })
  return described
}
