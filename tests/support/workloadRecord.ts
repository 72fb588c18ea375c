import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../lib/core/clock'
import { createDescriber, type Described } from '../../lib/kubernetes'
import {
  type ChangeInput,
  type ClusterRef,
  type Ownership,
  openReader,
  openWriter,
  type RecordReader,
  type RecordWriter,
} from '../../lib/store'
import { createDeriver } from '../../lib/workloads/deriver'
import { type RecordedEvent, readRecordedHistory, readRecordedTimeline } from './recordedHistory'

/** A record with the recorded Kubernetes history, or with objects that a test makes up, and what is derived of it. */
export interface WorkloadRecord {
  readonly writer: RecordWriter
  readonly reader: RecordReader
  readonly cluster: ClusterRef
  readonly ownership: Ownership
  readonly databaseUrl: string
  append(changes: readonly ChangeInput[]): Promise<void>
  derive(signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}

export async function openWorkloadRecord(): Promise<WorkloadRecord> {
  const folder = mkdtempSync(join(tmpdir(), 'etcdscope-workloads-'))
  const databaseUrl = `file:${join(folder, 'record.db')}`
  const writer = await openWriter({ databaseUrl, clock: systemClock })
  const reader = await openReader({ databaseUrl })
  const cluster = await writer.ensureCluster('prod', 'etcd', false)
  const ownership = await writer.acquire(cluster, 'test', 3_600_000, systemClock.nowMs())
  if (ownership === null) throw new Error('the fresh lease was refused')
  return {
    writer,
    reader,
    cluster,
    ownership,
    databaseUrl,
    async append(changes) {
      const { epoch } = await writer.cursor(cluster)
      for (let at = 0; at < changes.length; ) {
        let end = Math.min(changes.length, at + 1_000)
        while (end < changes.length && changes[end]?.revision === changes[end - 1]?.revision) end++
        const batch = changes.slice(at, end)
        const through = batch.at(-1)?.revision ?? 0n
        await writer.append({ cluster, epoch, ownership, changes: batch, through })
        at = end
      }
    },
    async derive(signal = new AbortController().signal) {
      const log = (message: string) => console.log(message)
      await createDeriver({ cluster, writer, ownership: () => ownership, clock: systemClock, signal, log }).catchUp()
    },
    async close() {
      await reader.close()
      await writer.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The recorded history as the collector would store it, timed by the list of what was done when. */
export function recordedChanges(events: readonly RecordedEvent[] = readRecordedHistory()): ChangeInput[] {
  const describer = createDescriber({ prefixes: ['/registry'], fingerprintKey: Buffer.alloc(32, 1) })
  const previous = new Map<string, Described>()
  const timeOf = recordedTimes(events)
  let [revision, ordinal] = [-1n, 0]
  return events.map((event, index) => {
    ordinal = event.modRevision === revision ? ordinal + 1 : 0
    revision = event.modRevision
    const id = event.key.toString('latin1')
    const before = previous.get(id)
    const { op, key, value, leaseId, version, createRevision } = event
    const described = describer.describe({
      op,
      key,
      value,
      created: version === 1n,
      leaseId,
      previous: before?.value ?? null,
      previousFingerprint: before?.fingerprint ?? null,
    })
    if (op === 'put') previous.set(id, described)
    else previous.delete(id)
    const { notBeforeMs: _, ...stored } = described
    return {
      ...stored,
      key,
      revision,
      ordinal,
      createRevision,
      version,
      leaseId,
      valueBytes: value.byteLength,
      atMs: timeOf[index] ?? 0,
      atSource: 'bound',
      origin: 'watch',
    }
  })
}

/** Between two actions of known time and revision, time passes evenly with the revisions. */
function recordedTimes(events: readonly RecordedEvent[]): number[] {
  const known = readRecordedTimeline()
    .flatMap(({ t, resourceVersionAfter }) =>
      resourceVersionAfter === null ? [] : [{ revision: Number(resourceVersionAfter), ms: Date.parse(t) }],
    )
    .sort((a, b) => a.revision - b.revision || a.ms - b.ms)
  const marks: { revision: number; ms: number }[] = []
  for (const mark of known) if (mark.ms >= (marks.at(-1)?.ms ?? 0)) marks.push(mark)
  let at = 0
  return events.map(({ modRevision }) => {
    const revision = Number(modRevision)
    while (at + 1 < marks.length && (marks[at + 1]?.revision ?? 0) <= revision) at++
    const [from, to] = [marks[at], marks[at + 1]]
    if (from === undefined) return 0
    if (to === undefined || revision <= from.revision) return from.ms + Math.max(0, revision - from.revision)
    const share = (revision - from.revision) / (to.revision - from.revision)
    return Math.round(from.ms + share * (to.ms - from.ms))
  })
}
