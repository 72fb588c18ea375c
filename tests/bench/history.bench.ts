/**
 * Size and speed of a record of 1,000,000 changes: the recorded Kubernetes history, gone on with (replicatedHistory.ts
 * says how, so that no replica's bytes are another's), through the describer and the writer that the collector has,
 * read through lib/query by a reader of its own. Beside it the same history in git.
 *
 *   npm run bench history            some ten minutes, and 600 MB in the temporary folder while it runs
 *   HISTORY_CHANGES=100000 npm run bench history
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEvents } from '../../lib/collector/describeEvents'
import { systemClock } from '../../lib/core/clock'
import { createDescriber } from '../../lib/kubernetes'
import { changes as changesQuery } from '../../lib/query/changes'
import { diff } from '../../lib/query/diff'
import { history } from '../../lib/query/history'
import { keys } from '../../lib/query/keys'
import type { Scope } from '../../lib/query/scope'
import { value } from '../../lib/query/value'
import { openReader, openWriter, type RecordReader } from '../../lib/store'
import { readRecordedHistory } from '../support/recordedHistory'
import { seededRandom } from '../support/seededRandom'
import { packedGitBytes } from './gitPeer'
import { quantile, report } from './measure'
import { replicate } from './replicatedHistory'
import { searchTerms } from './searchTerms'

const wanted = Number(process.env.HISTORY_CHANGES ?? 1_000_000)
/**
 * A commit costs git more the more files there are (844 bytes at 36,000 changes, 882 at 96,000, 905 at
 * 160,000), the database less (228 at the first, 220 at the last). This many take three minutes, a million far longer.
 */
const inGit = Math.min(wanted, 160_000)
const batch = 1_000
const rounds = 200
const cluster = 'bench'

const recorded = readRecordedHistory()
const random = seededRandom(4)
const folder = mkdtempSync(join(tmpdir(), 'etcdscope-history-'))
const path = join(folder, 'record.db')
const results: boolean[] = []
try {
  const { rawBytes, bytesInGit } = await build()
  const bytes = statSync(path).size
  const perChange = bytes / wanted
  const rawPerChange = rawBytes / wanted
  const size = `${perChange.toFixed(1)} bytes a change of ${rawPerChange.toFixed(0)}, indexes included; aim 12`
  results.push(report('raw values over database', rawPerChange / perChange, '×', { bound: 8, sense: 'at least' }, size))
  const gitBytes = await packedGitBytes(join(folder, 'git'), replicate(recorded, inGit))
  const git = `${inGit} changes: git ${(gitBytes / inGit).toFixed(0)} bytes each, database ${(bytesInGit / inGit).toFixed(0)}`
  results.push(report('packed git over database', gitBytes / bytesInGit, '×', { bound: 4, sense: 'at least' }, git))

  const reader = await openReader({ databaseUrl: `file:${path}` })
  await measureReads(reader)
  await reader.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (results.includes(false)) process.exitCode = 1

async function build(): Promise<{ rawBytes: number; bytesInGit: number }> {
  const writer = await openWriter({ databaseUrl: `file:${path}`, clock: systemClock })
  const ref = await writer.ensureCluster(cluster, 'etcd', false)
  const ownership = await writer.acquire(ref, 'bench', 3_600_000, systemClock.nowMs())
  if (ownership === null) throw new Error('the fresh lease was refused')
  const describer = createDescriber({ prefixes: ['/registry'], fingerprintKey: Buffer.alloc(32, 7) })
  const context = { describer, writer, cluster: ref, epoch: 1 }
  const observer = await openReader({ databaseUrl: `file:${path}` })
  let waiting: Parameters<typeof describeEvents>[0][number][] = []
  let [rawBytes, count, bytesInGit, appendMs, lastAtMs] = [0, 0, 0, 0, null as number | null]
  const startedMs = performance.now()

  async function append(): Promise<void> {
    const timing = { receivedAtMs: systemClock.nowMs(), lastAtMs, catchingUp: true }
    const described = await describeEvents(waiting, timing, context)
    const last = described.at(-1)
    if (last === undefined) return
    const beforeMs = performance.now()
    if (ownership === null) return
    await writer.append({ cluster: ref, epoch: 1, ownership, changes: described, through: last.revision })
    appendMs += performance.now() - beforeMs
    lastAtMs = last.atMs
    waiting = []
  }

  for (const event of replicate(recorded, wanted)) {
    const { op, ...rest } = event
    if (waiting.length >= batch && waiting.at(-1)?.modRevision !== event.modRevision) await append()
    if (count === inGit) {
      await append()
      bytesInGit = await observer.sizeBytes()
    }
    waiting.push({ type: op, ...rest })
    rawBytes += event.value.byteLength
    count++
    if (count % 250_000 === 0) {
      console.log(`      ${count} changes after ${Math.round((performance.now() - startedMs) / 1000)} s`)
    }
  }
  await append()
  if (count <= inGit) bytesInGit = await observer.sizeBytes()
  await observer.close()
  await writer.close()
  console.log(`      written: ${Math.round(count / (appendMs / 1000))} changes/s, without describing them`)
  return { rawBytes, bytesInGit }
}

async function measureReads(reader: RecordReader): Promise<void> {
  const scope: Scope = { reader, nowMs: systemClock.nowMs(), version: 'bench' }
  const row = await reader.cluster(cluster)
  const last = row?.epochs.at(-1)?.storedRevision ?? 0n
  if (row === null) throw new Error('the record is empty')
  const anyRevision = () => BigInt(1 + Math.floor(random() * Number(last)))
  /** Objects as they come in the log: one that changes often is asked for often. */
  const anyChange = async () => {
    const [found] = await reader.changes(row, { toRevision: anyRevision() }, { order: 'desc', limit: 1, after: null })
    if (found === undefined) return null
    const key = Buffer.from(found.key).toString()
    return { key, revision: String(found.revision), createRevision: found.createRevision, op: found.op }
  }
  const page = { cluster, limit: 100 }

  await measured("one object's history, 100 versions", 20, rounds, async () => {
    const one = await anyChange()
    return one && (() => history(scope, { ...page, key: one.key }))
  })
  await measured('a diff of two versions', 20, rounds, async () => {
    const one = await anyChange()
    if (one === null || one.op === 'delete') return null
    const between =
      one.createRevision + BigInt(Math.floor(random() * Number(BigInt(one.revision) - one.createRevision)))
    return () => diff(scope, { cluster, key: one.key, from: String(between), to: one.revision })
  })
  await measured('a value at a revision', 20, rounds, async () => {
    const one = await anyChange()
    if (one === null || one.op === 'delete') return null
    return () => value(scope, { cluster, key: one.key, at: one.revision })
  })
  await measured('1,000 keys of a prefix at a revision', 150, rounds / 2, async () => {
    const prefixes = ['/registry/', '/registry/events/', '/registry/pods/', '/registry/replicasets/shop-prod/']
    const prefix = prefixes[Math.floor(random() * prefixes.length)] ?? ''
    return () => keys(scope, { cluster, prefix, at: String(anyRevision()), limit: 1_000 })
  })
  for (const [kind, terms] of await searchTerms(anyChange, random)) {
    let at = 0
    await measured(`text search, ${kind}`, 300, terms.length, async () => {
      const term = terms[at++]
      return term === undefined ? null : () => changesQuery(scope, { ...page, order: 'desc', ...term })
    })
  }
}

/** p95 of what `prepare` makes, by the clock; the processor's own time tells what else ran on a busy machine. */
async function measured(
  name: string,
  goalMs: number,
  times: number,
  prepare: () => Promise<(() => Promise<unknown>) | null>,
): Promise<void> {
  const tookMs: number[] = []
  const busyMs: number[] = []
  while (tookMs.length < times) {
    const run = await prepare()
    if (run === null) continue
    const [startedMs, before] = [performance.now(), process.cpuUsage()]
    await run()
    tookMs.push(performance.now() - startedMs)
    const { user, system } = process.cpuUsage(before)
    busyMs.push((user + system) / 1000)
  }
  const [p50, most] = [quantile(tookMs, 0.5), Math.max(...tookMs)]
  const busy = quantile(busyMs, 0.95).toFixed(1)
  const detail = `p95 of ${times}; p50 ${p50.toFixed(1)} ms, at most ${most.toFixed(1)} ms; processor p95 ${busy} ms`
  results.push(report(name, quantile(tookMs, 0.95), ' ms', { bound: goalMs, sense: 'at most' }, detail))
}
