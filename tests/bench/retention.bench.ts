import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../lib/core/clock'
import { type ChangeInput, type Cutoffs, openReader, openWriter } from '../../lib/store'
import { seededRandom } from '../support/seededRandom'
import { quantile, report } from './measure'

/**
 * Retention over a million changes of a made-up cluster: how soon a preview answers, how long a step holds the write
 * lock, and how long live appends wait while it runs.
 */

const changes = Number(process.env.ETCDSCOPE_BENCH_CHANGES ?? 1_000_000)
const seed = 7
const startMs = 1_700_000_000_000
const stepMs = 100
const batch = 500
const none: Cutoffs = { heartbeats: null, events: null, status: null, configuration: null }

const folder = mkdtempSync(join(tmpdir(), 'etcdscope-retention-'))
const databaseUrl = `file:${join(folder, 'record.db')}`
const writer = await openWriter({ databaseUrl, clock: systemClock })
const cluster = await writer.ensureCluster('bench', 'etcd', false)
const taken = await writer.acquire(cluster, 'bench', 10 ** 9, Date.now())
if (taken === null) throw new Error('a fresh lease was refused')
const ownership = taken
const append = (some: readonly ChangeInput[], through: bigint) =>
  writer.append({ cluster, epoch: 1, ownership, changes: some, through })

const history = madeUp(seed)
for (let done = 0; done < changes; done += batch) {
  const some = Array.from({ length: batch }, () => history.next())
  await append(some, some.at(-1)?.revision ?? 0n)
}
const reader = await openReader({ databaseUrl })
const lastMs = startMs + changes * stepMs
const halfMs = startMs + (changes * stepMs) / 2

const costMs = await timed(() => reader.retentionCost(cluster, none))
const cutoffs = { heartbeats: lastMs, events: lastMs, status: halfMs, configuration: null }
const previewMs = await timed(() => reader.retentionCost(cluster, cutoffs))
const told = await reader.retentionCost(cluster, cutoffs)
const expected = Object.values(told).reduce((sum, { freed }) => sum + freed.changes, 0)
const before = await writer.usage()

const waits: number[] = []
const steps: number[] = []
const live = { done: false }
const appending = (async () => {
  while (!live.done) {
    const some = [history.next()]
    const at = performance.now()
    await append(some, some[0]?.revision ?? 0n)
    waits.push(performance.now() - at)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
})()
const abort = new AbortController()
let stepAt = performance.now()
const pause = async () => {
  steps.push(performance.now() - stepAt)
  await new Promise((resolve) => setTimeout(resolve, 2))
  stepAt = performance.now()
}
const run = { ownership: () => ownership, cutoffs, nowMs: () => lastMs, pause, signal: abort.signal }
const startedMs = performance.now()
const { removedChanges } = await writer.retain(cluster, run)
const retainMs = performance.now() - startedMs
const sweepMs = await timed(() => writer.sweepValues({ pause, signal: abort.signal }))
live.done = true
await appending
const after = await writer.usage()
const verifyMs = await timed(async () => {
  const { firstBad } = await reader.verify(cluster)
  if (firstBad !== null) throw new Error(firstBad.reason)
})

console.log(`${changes} changes: told ${expected} to go, ${removedChanges} went`)
console.log(`bytes in use ${before.usedBytes} -> ${after.usedBytes}; verify afterwards ${Math.round(verifyMs)} ms`)
console.log(`removal ${Math.round((removedChanges / retainMs) * 1000)}/s, sweep ${Math.round(sweepMs)} ms`)
const of = `of ${changes} changes`
report('present cost', costMs, ' ms', { bound: 1_000, sense: 'at most' }, of)
report('preview of a policy', previewMs, ' ms', { bound: 1_000, sense: 'at most' }, of)
report(
  'live append beside it, p99',
  quantile(waits, 0.99),
  ' ms',
  { bound: 100, sense: 'at most' },
  `${waits.length} appends`,
)
const worst = `p50 ${quantile(steps, 0.5).toFixed(1)}, max ${Math.max(...steps).toFixed(0)} ms; ${steps.length} steps`
report('one step, proof and removal, p95', quantile(steps, 0.95), ' ms', { bound: 50, sense: 'at most' }, worst)
await reader.close()
await writer.close()
rmSync(folder, { recursive: true, force: true })

async function timed(work: () => Promise<unknown>): Promise<number> {
  const at = performance.now()
  await work()
  return performance.now() - at
}

/** Heartbeats of a hundred leases, Events that live for a while, Pods' status, and now and then an edit. */
function madeUp(seeded: number): { next(): ChangeInput } {
  const random = seededRandom(seeded)
  const versions = new Map<string, { created: bigint; version: bigint }>()
  let revision = 1n
  const pad = 'x'.repeat(160)
  return {
    next() {
      revision++
      const kind = random()
      const [resource, significance, keys] =
        kind < 0.7
          ? (['leases', 'heartbeat', 100] as const)
          : kind < 0.8
            ? (['events', 'heartbeat', 40_000] as const)
            : kind < 0.96
              ? (['pods', 'status', 3_000] as const)
              : (['configmaps', 'spec', 500] as const)
      const name = `n${Math.floor(random() * keys)}`
      const text = `/registry/${resource}/ns/${name}`
      const known = versions.get(text)
      const deletes = known !== undefined && resource === 'events'
      const life =
        deletes || known === undefined ? { created: revision, version: 1n } : { ...known, version: known.version + 1n }
      if (deletes) versions.delete(text)
      else versions.set(text, life)
      const value = deletes ? null : Buffer.from(`{"name":"${name}","at":${revision},"pad":"${pad}"}`)
      return {
        revision,
        ordinal: 0,
        op: deletes ? 'delete' : known === undefined ? 'create' : 'update',
        key: Buffer.from(text),
        value,
        valueBytes: value?.byteLength ?? 0,
        fingerprint: null,
        createRevision: deletes ? 0n : life.created,
        version: deletes ? 0n : life.version,
        leaseId: 0n,
        atMs: startMs + Number(revision) * stepMs,
        atSource: 'observed',
        origin: 'watch',
        resource,
        namespace: 'ns',
        name,
        manager: 'kubelet',
        significance,
        summary: resource === 'leases' ? 'renewed' : null,
      }
    },
  }
}
