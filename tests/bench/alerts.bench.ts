/**
 * What rules cost: 1,000 rules on 10 clusters evaluated from the record within one second of one core, and a month of
 * one rule at one minute. Processor time counts, not the clock: other work on the machine does not change the result.
 *
 *   npm run bench alerts
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backtest } from '../../lib/alerts/backtest'
import { builtInRules } from '../../lib/alerts/builtin'
import { evaluateRule, type PreparedRule, prepareRule } from '../../lib/alerts/preparedRule'
import { openClusterView } from '../../lib/alerts/recordView'
import type { RuleState } from '../../lib/alerts/ruleState'
import { maxStepOf } from '../../lib/alerts/step'
import { type AlertRuleInput, alertRuleInput, metricCatalogue } from '../../lib/contract'
import { systemClock } from '../../lib/core/clock'
import {
  type ClusterRef,
  openReader,
  openWriter,
  type RecordReader,
  type RecordWriter,
  type SampleInput,
} from '../../lib/store'
import { seededRandom } from '../support/seededRandom'
import { report } from './measure'

const clusters = 10
const rulesWanted = 1_000
const members = ['a', 'b', 'c']
const scrapeMs = 5_000
const start = Date.UTC(2026, 0, 5)
const bounds = [...Array.from({ length: 14 }, (_, at) => 0.001 * 2 ** at), Number.POSITIVE_INFINITY]
const random = seededRandom(5)

/** One scrape of one member: what a member of etcd 3.5 has, some 60 series. */
function scraped(member: string, only: ReadonlySet<string> | null): SampleInput[] {
  const labels = { member, member_id: `id-${member}` }
  return [...metricCatalogue.values()].flatMap(({ name, kind }): SampleInput[] => {
    if (only !== null && !only.has(name)) return []
    if (name.startsWith('go_') || name.startsWith('etcdscope_cert')) return []
    if (kind === 'gauge') return [{ metric: name, labels, kind, value: gaugeOf(name), spanMs: 0 }]
    if (kind === 'counter') return [{ metric: name, labels, kind, value: Math.floor(random() * 9), spanMs: scrapeMs }]
    const counts = bounds.map((_, at) => (at < 4 ? Math.floor(random() * 50) : 0))
    return [
      {
        metric: name,
        labels,
        kind,
        value: counts.reduce((a, b) => a + b, 0),
        spanMs: scrapeMs,
        histogram: { bounds, counts, sum: 1 },
      },
    ]
  })
}

function gaugeOf(metric: string): number {
  if (metric === 'etcd_server_quota_backend_bytes') return 8 * 1024 ** 3
  if (metric === 'etcd_mvcc_db_total_size_in_bytes') return (1 + random() / 10) * 1024 ** 3
  return metric === 'up' || metric === 'etcd_server_has_leader' ? 1 : Math.floor(random() * 3)
}

/** The built-in rules, and as many of people as are wanted: other metrics, windows, members and thresholds. */
function manyRules(): PreparedRule[] {
  const usable = [...metricCatalogue.values()].filter(
    ({ name }) => !name.startsWith('etcdscope_') && !name.startsWith('go_'),
  )
  const rules: AlertRuleInput[] = [...builtInRules]
  for (let at = 0; rules.length < rulesWanted; at++) {
    const { name, kind } = usable[at % usable.length] ?? { name: 'up', kind: 'gauge' as const }
    const aggs =
      kind === 'gauge'
        ? (['last', 'avg', 'max'] as const)
        : kind === 'counter'
          ? (['rate', 'increase'] as const)
          : (['p99', 'p50'] as const)
    const agg = aggs[Math.floor(at / usable.length) % aggs.length] ?? 'last'
    rules.push(
      alertRuleInput.parse({
        name: `rule ${at}`,
        measure: {
          kind: 'metric',
          metric: name,
          agg,
          windowMs: 60_000 * (1 + (at % 15)),
          across: at % 3 === 0 ? 'max' : 'each',
        },
        comparison: '>',
        thresholds: [{ severity: 'warning', value: at % 7, forMs: 60_000 }],
      }),
    )
  }
  return rules.map(prepareRule)
}

const cpuMs = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

async function fill(writer: RecordWriter, cluster: ClusterRef): Promise<void> {
  const long = new Set(['etcd_mvcc_db_total_size_in_bytes'])
  for (const [fromMs, toMs, only] of [
    [start - 4 * 3_600_000, start - 20 * 60_000, long],
    [start - 20 * 60_000, start, null],
  ] as const) {
    const scrapes: { atMs: number; samples: SampleInput[] }[] = []
    for (let atMs = fromMs; atMs < toMs; atMs += scrapeMs) {
      scrapes.push({ atMs, samples: members.flatMap((member) => scraped(member, only)) })
    }
    await writer.importSamples(cluster, scrapes)
  }
}

async function liveRounds(writer: RecordWriter, reader: RecordReader): Promise<number> {
  const prepared = manyRules()
  const watched = []
  for (let at = 0; at < clusters; at++) {
    const cluster = await writer.ensureCluster(`cluster-${at}`, 'etcd', false)
    await fill(writer, cluster)
    const view = openClusterView(reader, cluster)
    view.cover(prepared.map(({ needs }) => needs))
    watched.push({ cluster, view, states: new Array<RuleState | null>(prepared.length).fill(null) })
  }
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 6; round++) {
    const nowMs = start + (round + 1) * scrapeMs
    for (const { cluster } of watched) {
      await writer.writeSamples(
        cluster,
        nowMs - 500,
        members.flatMap((member) => scraped(member, null)),
      )
    }
    const since = process.cpuUsage()
    for (const { view, states } of watched) {
      const at = await view.at(nowMs)
      for (const [index, rule] of prepared.entries()) {
        states[index] = evaluateRule(rule, at, states[index] ?? null, { maxStepMs: maxStepOf(scrapeMs) }).state
      }
    }
    const tookMs = cpuMs(since)
    // The first reads what the windows reach back to.
    if (round === 0) console.log(`      the first round, with everything to be read: ${Math.round(tookMs)} ms`)
    else best = Math.min(best, tookMs)
  }
  return best
}

async function monthOf(writer: RecordWriter, reader: RecordReader): Promise<number> {
  const cluster = await writer.ensureCluster('month', 'etcd', false)
  const monthMs = 30 * 86_400_000
  const fsync = new Set(['etcd_disk_wal_fsync_duration_seconds'])
  for (let fromMs = start; fromMs < start + monthMs; fromMs += 3_600_000) {
    const scrapes = Array.from({ length: 240 }, (_, at) => ({
      atMs: fromMs + at * 15_000,
      samples: members.flatMap((member) => scraped(member, fsync)).map((sample) => ({ ...sample, spanMs: 15_000 })),
    }))
    await writer.importSamples(cluster, scrapes)
  }
  const rule = builtInRules.find(({ name }) => name === 'etcdHighFsyncDurations')
  if (rule === undefined) throw new Error('no such rule')
  const since = process.cpuUsage()
  const answer = await backtest({
    reader,
    cluster,
    rule,
    fromMs: start,
    toMs: start + monthMs,
    intervalMs: 60_000,
    series: true,
    thresholds: [0.1, 0.2, 0.3],
    elapsedMs: () => performance.now(),
  })
  if (answer.evaluations < 43_200) throw new Error(`only ${answer.evaluations} evaluations`)
  return cpuMs(since) / 1000
}

const folder = mkdtempSync(join(tmpdir(), 'etcdscope-bench-'))
const databaseUrl = `file:${join(folder, 'record.db')}`
const writer = await openWriter({ databaseUrl, clock: systemClock })
const reader = await openReader({ databaseUrl })
try {
  const round = await liveRounds(writer, reader)
  const live = report(
    '1,000 rules on 10 clusters',
    Math.round(round),
    ' ms',
    { bound: 1_000, sense: 'at most' },
    'processor time of one round, new samples read from SQLite',
  )
  const seconds = await monthOf(writer, reader)
  const past = report(
    'a month at one minute',
    seconds,
    ' s',
    { bound: 10, sense: 'at most' },
    '43,201 evaluations of a p99 over 518,400 histograms, three more thresholds and the curve',
  )
  if (!live || !past) process.exitCode = 1
} finally {
  await reader.close()
  await writer.close()
  rmSync(folder, { recursive: true, force: true })
}
