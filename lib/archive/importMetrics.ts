import { createCollectorStatus, snapshotOf } from '../collector'
import { clusterSnapshot } from '../contract'
import type { Clock } from '../core/clock'
import { ScopeError } from '../core/errors'
import type { ClusterRef, ClusterRow, RecordReader, RecordWriter } from '../store'
import { LineReader } from './metrics/exposedLine'
import { type ImportedSeries, importedSeries, serverIdMetric } from './metrics/importedSeries'
import { Increases } from './metrics/increases'
import { MemberLane } from './metrics/memberLanes'
import { membersOf } from './metrics/membersOf'
import { type Survey, Surveyor, slicesOf } from './metrics/survey'
import { Column, type ImportedMember, scrapesOf } from './metrics/targetScrapes'
import { textLines } from './metrics/textLines'

/**
 * What a Prometheus measured of etcd members, into the metric history, from OpenMetrics or Prometheus' text with times,
 * in any order. The file is read at least twice: once to check every line before anything is written, then slice by
 * slice of its time, so that the memory is bounded whatever its size. The same file again writes the same again.
 *
 * Counters and histograms become what the collector makes of them: increases within one process life.
 */

export interface MetricImportOptions {
  readonly file: string
  readonly cluster: string
  readonly writer: RecordWriter
  readonly reader: RecordReader
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: (line: string) => void
  /** Samples held in memory at once. */
  readonly samplesAtOnce?: number
}

export interface MetricImportResult {
  readonly samples: number
  readonly leftOut: number
  readonly members: readonly string[]
  readonly fromMs: number
  readonly toMs: number
}

const samplesAtOnce = 2_000_000
/** Scrapes written in one transaction: others that write wait no longer than that. */
const scrapesPerWrite = 200
const progressEveryMs = 2_000
/** Only the collector writes it: from its first sample on the record has its own. */
const ownMetric = 'etcdscope_raft_term'

/** Rejects with BAD_SETTING, with nothing changed, when a line cannot be read or no member is in the file. */
export async function importMetrics(options: MetricImportOptions): Promise<MetricImportResult> {
  const { file, writer, reader, log } = options
  const survey = await surveyed(options)
  const row = await reader.cluster(options.cluster)
  const members = membersOf(survey.members, row)
  const targets = [...members.keys()]
  if (targets.length === 0) {
    throw new ScopeError('BAD_SETTING', `${file} holds no metrics of an etcd member.`, { subject: 'FILE' })
  }
  const archived = row === null || isArchived(row)
  const known = row ?? { ...(await writer.ensureCluster(options.cluster, 'etcd', false)) }
  const ownMs = await writer.firstSampleMs(known, ownMetric)
  const range = { fromMs: survey.firstMs, toMs: Math.min(survey.lastMs, (ownMs ?? Number.POSITIVE_INFINITY) - 1) }
  if (range.toMs < range.fromMs) {
    throw new ScopeError(
      'BAD_SETTING',
      `${options.cluster} has samples of its own since ${isoOf(ownMs ?? 0)}, and ${file} begins after that: nothing was imported.`,
      { subject: 'FILE' },
    )
  }
  if (range.toMs < survey.lastMs)
    log(`From ${isoOf(range.toMs + 1)} on ${options.cluster} has samples of its own: what is later is left out.`)
  await writer.beginMetricImport(known, range.toMs)
  const lanes = await importSlices(options, { survey, members, cluster: known, toMs: range.toMs })
  if (archived) {
    await writer.importMemberStates(
      known,
      range,
      lanes.flatMap(({ stretches }) => stretches),
    )
    await writeArchived(known, range.toMs, options)
  }
  await writer.finishMetricImport(known, range)
  const names = [...new Set([...members.values()].map(({ name }) => name))]
  return { samples: survey.samples, leftOut: survey.leftOut, members: names, ...range }
}

async function surveyed(options: MetricImportOptions): Promise<Survey> {
  const surveyor = new Surveyor(options.file)
  const progress = new Progress('Checking', options)
  for await (const lines of textLines(options.file, options.signal)) {
    surveyor.take(lines)
    progress.at(surveyor.lines, null)
  }
  return surveyor.result()
}

interface Import {
  readonly survey: Survey
  readonly members: ReadonlyMap<string, ImportedMember>
  readonly cluster: ClusterRef
  readonly toMs: number
}

async function importSlices(options: MetricImportOptions, of: Import): Promise<MemberLane[]> {
  const names = new Map([...of.members.values()].map(({ id, name }) => [id, name]))
  const perTarget = new Map(
    [...of.members].map(([target, member]) => [
      target,
      { member, increases: new Increases(), lane: new MemberLane(member) },
    ]),
  )
  const slices = slicesOf(of.survey, options.samplesAtOnce ?? samplesAtOnce).filter(({ fromMs }) => fromMs <= of.toMs)
  const progress = new Progress('Recording', options)
  for (const [at, slice] of slices.entries()) {
    const range = { fromMs: slice.fromMs, toMs: Math.min(slice.toMs - 1, of.toMs) }
    const read = (lines: number) => progress.at(at * of.survey.lines + lines, slices.length * of.survey.lines)
    const columns = await columnsOf(options, of.members, range, read)
    for (const [target, { member, increases, lane }] of perTarget) {
      let batch: { atMs: number; samples: ReturnType<Increases['samplesOf']> }[] = []
      const flush = async () => {
        options.signal.throwIfAborted()
        await options.writer.importSamples(of.cluster, batch)
        batch = []
        await new Promise(setImmediate)
      }
      for (const scrape of scrapesOf(columns.get(target) ?? [], member, names)) {
        lane.take(scrape)
        batch.push({ atMs: scrape.atMs, samples: increases.samplesOf(scrape) })
        if (batch.length >= scrapesPerWrite) await flush()
      }
      await flush()
    }
  }
  return [...perTarget.values()].map(({ lane }) => lane)
}

/** What falls into that time, by target. Every line was read before: none can be wrong now. */
async function columnsOf(
  { file, signal }: MetricImportOptions,
  members: ReadonlyMap<string, ImportedMember>,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  read: (lines: number) => void,
): Promise<Map<string, Column[]>> {
  const columns = new Map<string, Column[]>()
  const columnOf = (series: ImportedSeries | null): Column | null => {
    if (series === null || series.metric === serverIdMetric || !members.has(series.target)) return null
    const column = new Column(series)
    const own = columns.get(series.target) ?? []
    columns.set(series.target, own)
    own.push(column)
    return column
  }
  const reader = new LineReader<Column | null>((exposed) => columnOf(importedSeries(exposed)))
  let count = 0
  for await (const lines of textLines(file, signal)) {
    for (const line of lines) {
      const sample = reader.read(line)
      if (sample !== null && sample.atMs >= fromMs && sample.atMs <= toMs)
        sample.series?.push(sample.atMs, sample.value)
    }
    count += lines.length
    read(count)
  }
  return columns
}

function isArchived(row: ClusterRow): boolean {
  const document = clusterSnapshot.safeParse(row.snapshot?.document)
  if (document.success) return document.data.state === 'archived'
  return row.epochs.every((epoch) => epoch.storedRevision === 0n)
}

/** An archive's state holds since the end of what is recorded. A snapshot that was imported before says more. */
async function writeArchived(
  cluster: ClusterRef,
  lastMs: number,
  { writer, reader, clock }: MetricImportOptions,
): Promise<void> {
  const row = await reader.cluster(cluster.name)
  if (row?.snapshot != null) return
  const status = createCollectorStatus(clock.nowMs, () => undefined)
  const document = {
    ...snapshotOf(null, status, null),
    state: 'archived' as const,
    since: isoOf(lastMs),
    error: null,
    endpoint: null,
    lagMs: null,
    eventsPerSecond: null,
  }
  await writer.writeSnapshot(cluster, { state: document.state, document, atMs: clock.nowMs() })
}

const isoOf = (ms: number) => new Date(ms).toISOString()

class Progress {
  readonly #word: string
  readonly #options: Pick<MetricImportOptions, 'clock' | 'log'>
  readonly #startedMs: number
  #saidMs: number

  constructor(word: string, options: Pick<MetricImportOptions, 'clock' | 'log'>) {
    this.#word = word
    this.#options = options
    this.#startedMs = options.clock.nowMs()
    this.#saidMs = this.#startedMs
  }

  at(lines: number, all: number | null): void {
    const nowMs = this.#options.clock.nowMs()
    if (nowMs - this.#saidMs < progressEveryMs) return
    this.#saidMs = nowMs
    const rate = Math.round((lines * 1000) / Math.max(1, nowMs - this.#startedMs))
    const share = all === null ? '' : `, ${Math.floor((lines * 100) / all)} %`
    this.#options.log(`  ${this.#word}: ${lines} lines${share}, ${rate} lines/s`)
  }
}
