import type {
  ChangeFilter,
  ChangeRow,
  ClusterRow,
  EpochRow,
  KeyAtRow,
  RecordReader,
  SeriesPoints,
  ValueRow,
} from '../../lib/store/store'

/** A record in memory: what the queries see of it, without a database. Rows are given oldest first. */
export interface FakeRecord {
  clusters: ClusterRow[]
  rows: ValueRow[]
  series: SeriesPoints[]
  metricNames: Awaited<ReturnType<RecordReader['metricNames']>>
  memberStates: Awaited<ReturnType<RecordReader['memberStates']>>
  leaderChanges: Awaited<ReturnType<RecordReader['leaderChanges']>>
  activity: Awaited<ReturnType<RecordReader['activity']>>
  ledger: Awaited<ReturnType<RecordReader['ledger']>>
  pulses: Awaited<ReturnType<RecordReader['pulses']>>
  version: number
  /** Thrown by every read, to stand for a database that fails. */
  broken: Error | null
}

export function emptyRecord(): FakeRecord {
  return {
    clusters: [],
    rows: [],
    series: [],
    metricNames: [],
    memberStates: [],
    leaderChanges: [],
    activity: { series: [], labels: 0 },
    ledger: [],
    pulses: [],
    version: 1,
    broken: null,
  }
}

export function epochRow(overrides: Partial<EpochRow> = {}): EpochRow {
  return {
    epoch: 1,
    etcdClusterId: 'cafe',
    startedMs: 0,
    reason: null,
    storedRevision: 0n,
    firstRevision: null,
    firstMs: null,
    lastMs: null,
    ...overrides,
  }
}

export function clusterRow(overrides: Partial<ClusterRow> = {}): ClusterRow {
  return {
    id: 1,
    name: 'prod',
    source: 'etcd',
    demo: false,
    epochs: [epochRow()],
    gaps: [],
    snapshot: null,
    ...overrides,
  }
}

const encoder = new TextEncoder()

/** One put of `key` at `revision`, a second apart from the next. */
export function changeRow(key: string, revision: number, overrides: Partial<ValueRow> = {}): ValueRow {
  return {
    epoch: 1,
    revision: BigInt(revision),
    ordinal: 0,
    op: 'update',
    key: encoder.encode(key),
    value: encoder.encode(`value ${revision}`),
    valueBytes: `value ${revision}`.length,
    fingerprint: null,
    createRevision: 1n,
    version: 1n,
    leaseId: 0n,
    atMs: revision * 1000,
    atSource: 'observed',
    origin: 'watch',
    resource: null,
    namespace: null,
    name: null,
    manager: null,
    significance: 'spec',
    summary: null,
    ...overrides,
  }
}

const noCost = { changes: 0, bytes: 0, oldestMs: null, freed: { changes: 0, bytes: 0 } }

export function fakeReader(record: FakeRecord): RecordReader {
  const read = async <T>(answer: () => T): Promise<T> => {
    if (record.broken) throw record.broken
    return answer()
  }
  return {
    engine: 'sqlite',
    sizeBytes: () => read(() => 4096),
    apiResources: () => read(() => []),
    clusters: () => read(() => record.clusters),
    cluster: (name) => read(() => record.clusters.find((row) => row.name === name) ?? null),
    revisionAt: (_c, epoch, atMs) =>
      read(() => record.rows.findLast((r) => r.epoch === epoch && r.atMs <= atMs)?.revision ?? null),
    timeOf: (_c, epoch, revision) =>
      read(() => record.rows.findLast((r) => r.epoch === epoch && r.revision <= revision)?.atMs ?? null),
    changes: (_c, filter, page) =>
      read(() => {
        const found = record.rows.filter((row) => matches(row, filter))
        const ordered = page.order === 'asc' ? found : found.toReversed()
        const start = page.after ? ordered.findIndex((r) => r.revision === page.after?.revision) + 1 : 0
        return ordered.slice(start, start + page.limit)
      }),
    keysAt: (_c, epoch, revision, range, page) =>
      read(() =>
        aliveAt(record, epoch, revision)
          .filter(
            (row) => compare(row.key, range.from) >= 0 && (range.to.length === 0 || compare(row.key, range.to) < 0),
          )
          .filter((row) => !page.afterKey || compare(row.key, page.afterKey) > 0)
          .slice(0, page.limit),
      ),
    treeAt: (_c, epoch, revision, prefix, delimiter, page) =>
      read(() => treeOf(aliveAt(record, epoch, revision), prefix, delimiter, page)),
    valueAt: (_c, epoch, key, revision) =>
      read(
        () =>
          record.rows.findLast((r) => r.epoch === epoch && r.revision <= revision && compare(r.key, key) === 0) ?? null,
      ),
    differences: () => read(() => ({ rows: [], nextKey: null })),
    history: (_c, key, page) =>
      read(() => {
        const versions = record.rows.filter((row) => compare(row.key, key) === 0).toReversed()
        const start = page.after ? versions.findIndex((r) => r.revision === page.after?.revision) + 1 : 0
        return versions.slice(start, start + page.limit)
      }),
    horizons: () => read(() => []),
    removedOf: () => read(() => []),
    retentionCost: () => read(() => ({ heartbeats: noCost, events: noCost, status: noCost, configuration: noCost })),
    usage: () => read(() => ({ databaseBytes: 4096, usedBytes: 4096 })),
    screenPolicy: () => read(() => null),
    retentionState: () => read(() => null),
    activity: () => read(() => record.activity),
    ledger: () => read(() => record.ledger),
    metricNames: () => read(() => record.metricNames),
    series: () => read(() => record.series),
    memberStates: () => read(() => record.memberStates),
    leaderChanges: () => read(() => record.leaderChanges),
    samples: () => read(() => []),
    alerts: () => read(() => []),
    alert: () => read(() => null),
    alertCounts: () => read(() => []),
    alertHistory: () => read(() => []),
    transitionsAfter: () => read(() => []),
    alertRules: () => read(() => []),
    alertEngine: () => read(() => ({ owner: null, rulesRevision: 0, evaluatedMs: null, error: null })),
    ruleFaults: () => read(() => []),
    silences: () => read(() => []),
    silence: () => read(() => null),
    channels: () => read(() => []),
    channel: () => read(() => null),
    channelHealth: () => read(() => []),
    outboxCounts: () => read(() => []),
    notifiedOf: () => read(() => []),
    notifyState: () => read(() => ({ cursor: 0, revision: 0 })),
    verify: () =>
      read(() => ({
        checkedChanges: record.rows.length,
        checkedValues: record.rows.length,
        firstBad: null,
        chain: { links: 1, head: 'ab'.repeat(32), holdsKnownHead: null },
      })),
    derivedThrough: () => read(() => null),
    trackedAt: () => read(() => []),
    trackedStep: () => read(() => null),
    findTracked: () => read(() => null),
    workloadSteps: () => read(() => []),
    statusSteps: () => read(() => []),
    rolloutsWithin: () => read(() => []),
    rollouts: () => read(() => []),
    ownedBy: () => read(() => []),
    lastVersions: () => read(() => []),
    podSteps: () => read(() => []),
    keyNames: () => read(() => new Map()),
    version: () => {
      if (record.broken) throw record.broken
      return record.version
    },
    pulses: () => read(() => record.pulses),
    close: async () => {},
  }
}

function compare(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b)
}

function matches(row: ChangeRow, filter: ChangeFilter): boolean {
  const inRange =
    !filter.keyRange ||
    (compare(row.key, filter.keyRange.from) >= 0 &&
      (filter.keyRange.to.length === 0 || compare(row.key, filter.keyRange.to) < 0))
  return (
    inRange &&
    (!filter.key || compare(row.key, filter.key) === 0) &&
    (!filter.ops || filter.ops.includes(row.op)) &&
    (filter.fromMs === undefined || row.atMs >= filter.fromMs) &&
    (filter.toRevision === undefined || row.revision <= filter.toRevision)
  )
}

function aliveAt(record: FakeRecord, epoch: number, revision: bigint): KeyAtRow[] {
  const newest = new Map<string, ValueRow>()
  for (const row of record.rows) {
    if (row.epoch === epoch && row.revision <= revision) newest.set(Buffer.from(row.key).toString('hex'), row)
  }
  return [...newest.values()]
    .filter((row) => row.op !== 'delete')
    .map((row) => ({ ...row, modRevision: row.revision }))
    .sort((a, b) => compare(a.key, b.key))
}

type Branch = { prefix: Uint8Array; count: number; valueBytes: number }

function treeOf(
  rows: readonly KeyAtRow[],
  prefix: Uint8Array,
  delimiter: number,
  page: { limit: number; afterKey: Uint8Array | null },
): (Branch | KeyAtRow)[] {
  const items: (Branch | KeyAtRow)[] = []
  for (const row of rows) {
    if (compare(row.key.subarray(0, prefix.length), prefix) !== 0) continue
    const end = row.key.indexOf(delimiter, prefix.length)
    const branch = end < 0 ? null : row.key.slice(0, end + 1)
    const last = items.at(-1)
    if (!branch) items.push(row)
    else if (last && 'prefix' in last && compare(last.prefix, branch) === 0) {
      last.count += 1
      last.valueBytes += row.valueBytes
    } else items.push({ prefix: branch, count: 1, valueBytes: row.valueBytes })
  }
  const named = (item: Branch | KeyAtRow) => ('prefix' in item ? item.prefix : item.key)
  return items.filter((item) => !page.afterKey || compare(named(item), page.afterKey) > 0).slice(0, page.limit)
}
