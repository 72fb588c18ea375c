import type { Clock } from '../../core/clock'
import { ScopeError } from '../../core/errors'
import type { ClusterRef, RecordWriter } from '../store'
import { createActivityTally } from './activityWriter'
import { putApiResources } from './apiResources'
import { appendInTransaction, type WriteParts } from './append'
import { adoptRecord, epochBody, epochColumns, namedBody } from './chainActions'
import { createChainWriter } from './chainWriter'
import { createChangeRowWriter } from './changeRows'
import { databasePath, openForWriting, type Sqlite, storeError } from './database'
import { createDerivationReader } from './derivationReader'
import { writeDerivedInTransaction } from './derivedWriter'
import { createEpochTable, cursorOf } from './epochs'
import { createKeyWriter } from './keys'
import { createLabelReader, createLabelWriter } from './labels'
import { liveKeys, newestVersions } from './liveKeys'
import { createMemberWriter } from './memberWriter'
import { createMetricImporter } from './metricImport'
import { findMigrations, migrate, readMigrations } from './migrations'
import { createOwnershipTable } from './ownership'
import { createPulseWriter } from './pulses'
import { createResourceCursorTable } from './resourceCursors'
import { appendResyncInTransaction, finishResyncInTransaction } from './resync'
import { createRetentionWriter } from './retention/retentionWriter'
import { createSampleUpkeep } from './rollups'
import { createSampleWriter } from './sampleWriter'
import { createStatements, numberOf } from './statements'
import { stepBackInTransaction } from './stepBack'
import { createSummaryWriter } from './summaryWriter'
import { createValueReader } from './valueReader'
import { createValueWriter } from './valueWriter'

export interface WriterOptions {
  readonly databaseUrl: string
  readonly clock: Clock
  /** Where `prisma/sqlite/migrations` lies; found from this file when it is not given. */
  readonly migrationsDir?: string
}

/** Opens the record for writing: creates the database, applies migrations. One writer process a database. */
export async function openWriter(options: WriterOptions): Promise<RecordWriter> {
  const path = databasePath(options.databaseUrl)
  const migrations = readMigrations(options.migrationsDir ?? findMigrations())
  const db = openForWriting(path)
  try {
    migrate(db, path, migrations, options.clock.nowMs)
    return createWriter(db, path, options.clock)
  } catch (error) {
    db.close()
    throw storeError(path, error)
  }
}

/** Values that the derivation has just read: the next version of a key is a difference from one of them. */
const derivationCacheBytes = 8 * 1024 * 1024

/** The writer over an open, migrated database. Every method that writes is one transaction. */
export function createWriter(db: Sqlite, path: string, clock: Clock): RecordWriter {
  const statements = createStatements(db)
  const labels = createLabelWriter(statements)
  const chain = createChainWriter(statements)
  const keys = createKeyWriter(statements, labels, chain.keepDescription)
  const values = createValueWriter(statements)
  const summaries = createSummaryWriter(statements)
  const pulses = createPulseWriter(statements)
  const epochs = createEpochTable(statements)
  const owners = createOwnershipTable(statements)
  const resources = createResourceCursorTable(statements, epochs, owners)
  const members = createMemberWriter(statements, pulses)
  const samples = createSampleWriter(statements, pulses)
  const upkeep = createSampleUpkeep(statements)
  const derivation = createDerivationReader({
    statements,
    labels: createLabelReader(statements),
    values: createValueReader(statements, derivationCacheBytes),
  })

  const transaction = db.transaction((work: () => unknown) => work())

  /** What the caches learned in a transaction that was rolled back is not true: they start anew. */
  function write<T>(work: () => T): T {
    try {
      return transaction.immediate(work) as T
    } catch (error) {
      keys.forgetAll()
      labels.forgetAll()
      values.forgetAll()
      summaries.forgetAll()
      samples.forgetAll()
      chain.forget()
      throw storeError(path, withoutSql(error))
    }
  }

  /** The tally lives as long as its transaction, so that a rolled-back count is never written later. */
  function writeParts(): WriteParts {
    const tally = createActivityTally(statements)
    values.begin()
    return {
      statements,
      rows: createChangeRowWriter(statements, { keys, labels, summaries, values, tally }),
      summaries,
      tally,
      epochs,
      owners,
      pulses,
      chain,
    }
  }

  return {
    ...createRetentionWriter({ statements, chain, keys, owners, pulses, values, write }),
    ensureCluster: async (name, source, demo) => write(() => ({ id: ensureCluster(name, source, demo), name })),
    acquire: async (cluster, owner, ttlMs, nowMs, isGone) =>
      write(() => owners.acquire(cluster.id, owner, ttlMs, nowMs, isGone)),
    release: async (cluster, ownership) => write(() => owners.release(cluster.id, ownership)),
    cursor: async (cluster) => cursorOf(epochs.newest(cluster.id)),

    nameEpoch: async (cluster, ownership, etcdClusterId) =>
      write(() => {
        owners.check(cluster.id, ownership)
        const state = epochs.newest(cluster.id)
        const { changes } = statements
          .run('UPDATE epoch SET etcd_cluster_id = ? WHERE id = ? AND etcd_cluster_id IS NULL')
          .run(etcdClusterId, state.id)
        if (changes > 0) chain.act(cluster.id, state, 'named', namedBody(etcdClusterId))
      }),
    openEpoch: async (cluster, ownership, epoch) =>
      write(() => {
        owners.check(cluster.id, ownership)
        const next = epochs.newest(cluster.id).epoch + 1
        insertEpoch(cluster, next, epoch.etcdClusterId, epoch.atMs, epoch.reason)
        pulses.bump(cluster.id, 'changes', `${next}:0`)
        return cursorOf(epochs.newest(cluster.id))
      }),

    append: async (batch) => write(() => appendInTransaction(writeParts(), batch)),
    appendResync: async (batch) => write(() => appendResyncInTransaction({ ...writeParts(), keys }, batch)),
    finishResync: async (cluster, epoch, ownership, end) =>
      write(() => finishResyncInTransaction(writeParts(), cluster, epoch, ownership, end)),
    liveKeys: async (cluster, epoch, fromKey, toKey) =>
      liveKeys(statements, cluster.id, epochs.present(cluster.id, epoch).id, fromKey, toKey),
    newest: async (cluster, epoch, wanted) =>
      newestVersions({ statements, keys, values }, cluster.id, epochs.present(cluster.id, epoch).id, wanted),

    resourceCursors: async (cluster, epoch) => resources.read(cluster.id, epoch),
    saveResourceCursors: async (cluster, epoch, ownership, cursors) =>
      write(() => resources.replace(cluster.id, epoch, ownership, cursors)),

    saveApiResources: async (cluster, ownership, rows) =>
      write(() => {
        owners.check(cluster.id, ownership)
        putApiResources(statements, cluster.id, rows)
      }),

    observeMembers: async (cluster, states, atMs, pausedAfterMs) =>
      write(() => members.observe(cluster.id, states, atMs, pausedAfterMs)),
    recordLeaderChange: async (cluster, change) => write(() => members.recordLeaderChange(cluster.id, change)),
    newestLeader: async (cluster) => members.newestLeader(cluster.id),
    writeSamples: async (cluster, atMs, scraped) => write(() => samples.write(cluster.id, atMs, scraped)),
    ...createMetricImporter({ statements, samples, upkeep, pulses, write }),
    writeSnapshot: async (cluster, snapshot) => write(() => writeSnapshot(cluster, snapshot)),
    async maintainSamples(nowMs) {
      let rolledUp = 0
      for (let more = true; more; ) {
        const step = write(() => upkeep.rollUp(nowMs))
        rolledUp += step.written
        more = step.more
        if (more) await new Promise(setImmediate)
      }
      return { rolledUp, dropped: write(() => upkeep.drop(nowMs)) }
    },
    ...derivation,
    writeDerived: async (batch) =>
      write(() => writeDerivedInTransaction({ statements, labels, owners, pulses }, batch)),
    stepBackDerived: async (to) => write(() => stepBackInTransaction({ statements, owners, pulses }, to)),
    async close() {
      if (db.open) db.close()
    },
  }

  function ensureCluster(name: string, source: string, demo: boolean): number {
    const found = statements.raw('SELECT id FROM cluster WHERE name = ?').get(name)
    if (found !== undefined) {
      const id = numberOf(found[0])
      statements.run('UPDATE cluster SET source = ?, demo = ? WHERE id = ?').run(source, demo ? 1 : 0, id)
      if (chain.isEmpty(id)) adoptRecord(statements, chain, { id, name })
      return id
    }
    const insert = statements.run('INSERT INTO cluster (name, source, demo) VALUES (?, ?, ?)')
    const id = Number(insert.run(name, source, demo ? 1 : 0).lastInsertRowid)
    insertEpoch({ id, name }, 1, null, clock.nowMs(), null)
    pulses.bump(id, 'state')
    return id
  }

  function insertEpoch(cluster: ClusterRef, epoch: number, etcdId: string | null, atMs: number, reason: string | null) {
    const { lastInsertRowid } = statements
      .run('INSERT INTO epoch (cluster_id, epoch, etcd_cluster_id, started_ms, reason) VALUES (?, ?, ?, ?, ?)')
      .run(cluster.id, epoch, etcdId, atMs, reason)
    const row = statements.big(`SELECT ${epochColumns} FROM epoch WHERE id = ?`).get(lastInsertRowid)
    if (row !== undefined)
      chain.act(cluster.id, { id: Number(lastInsertRowid), epoch }, 'epoch', epochBody(cluster, row))
  }

  function writeSnapshot(cluster: ClusterRef, snapshot: { state: string; document: unknown; atMs: number }): void {
    statements
      .run(
        `INSERT INTO snapshot (cluster_id, state, document, at_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET state = excluded.state, document = excluded.document, at_ms = excluded.at_ms`,
      )
      .run(cluster.id, snapshot.state, JSON.stringify(snapshot.document), snapshot.atMs)
    pulses.bump(cluster.id, 'state')
  }
}

/** A broken constraint means that a row is there already: our bug, never a person's. */
function withoutSql(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (typeof error.code !== 'string' || !error.code.startsWith('SQLITE_CONSTRAINT')) return error
  return new ScopeError('INTERNAL', `The write breaks a guarantee of the record: ${error.message}.`, { cause: error })
}
