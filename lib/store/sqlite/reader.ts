import { existsSync } from 'node:fs'
import type { StreamTopic } from '../../contract'
import { type Clock, systemClock } from '../../core/clock'
import { ScopeError } from '../../core/errors'
import type { RecordReader } from '../store'
import { createActivityReader } from './activityReader'
import { createAlertReader } from './alertReader'
import { readApiResources } from './apiResources'
import { createChangesReader } from './changesReader'
import { createCompareReader } from './compareReader'
import { databasePath, openForReading, type Sqlite, storeError } from './database'
import { createEpochReader } from './epochReader'
import { createKeysReader } from './keysReader'
import { createLabelReader } from './labels'
import { createMetadataReader } from './metadataReader'
import { appliedMigrations, findMigrations, readMigrations, refuseNewer } from './migrations'
import { createNotifyReader } from './notifyReader'
import { createRetentionReader } from './retention/retentionReader'
import { createThinnedState } from './retention/thinnedState'
import { createSeriesReader } from './seriesReader'
import { createStatements, numberOf, numberOrNull, textOf } from './statements'
import { createSummaryReader } from './summaryReader'
import { createValueAt } from './valueAtReader'
import { createValueReader } from './valueReader'
import { createVerify } from './verify'
import { createWorkloadReader } from './workloadReader'

export interface ReaderOptions {
  readonly databaseUrl: string
  /** Where `prisma/sqlite/migrations` lies; found from this file when it is not given. */
  readonly migrationsDir?: string
  /** How long to wait for a writer to create and migrate the database. */
  readonly waitMs?: number
  readonly clock?: Clock
}

const defaultWaitMs = 15_000
const pollMs = 50
const valueCacheBytes = 16 * 1024 * 1024

/**
 * Opens the record for reading, in any process, while a writer writes. Waits for a database that is being created;
 * rejects with UNREACHABLE when none appears, STORE_NEWER when a newer version wrote it.
 */
export async function openReader(options: ReaderOptions): Promise<RecordReader> {
  const path = databasePath(options.databaseUrl)
  const migrations = readMigrations(options.migrationsDir ?? findMigrations())
  const clock = options.clock ?? systemClock
  const giveUpAtMs = clock.nowMs() + (options.waitMs ?? defaultWaitMs)
  for (;;) {
    const db = existsSync(path) ? openForReading(path) : null
    const applied = db === null ? [] : appliedOf(db, path)
    if (db !== null && migrations.every((migration) => applied.includes(migration.name))) {
      try {
        refuseNewer(path, applied, migrations)
        return await createReader(db, path)
      } catch (error) {
        db.close()
        throw error
      }
    }
    db?.close()
    if (clock.nowMs() >= giveUpAtMs) {
      throw new ScopeError(
        'UNREACHABLE',
        `There is no record at ${path} yet: start the collector, or check DATABASE_URL.`,
        { subject: 'DATABASE_URL' },
      )
    }
    await clock.sleep(pollMs)
  }
}

function appliedOf(db: Sqlite, path: string): string[] {
  try {
    return appliedMigrations(db)
  } catch (error) {
    db.close()
    throw storeError(path, error)
  }
}

async function createReader(db: Sqlite, path: string): Promise<RecordReader> {
  const statements = createStatements(db)
  const labels = createLabelReader(statements)
  const epochs = createEpochReader(statements)
  const words = { labels, summaries: createSummaryReader(statements) }
  const values = createValueReader(statements, valueCacheBytes)
  const thinned = createThinnedState(statements)
  const { changes } = createChangesReader({ statements, epochs, words })
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
  const before = statements.raw(
    'SELECT at_ms FROM change WHERE epoch_id = ? AND revision < ? ORDER BY revision DESC LIMIT 1',
  )
  const after = statements.raw('SELECT at_ms FROM change WHERE epoch_id = ? AND revision > ? ORDER BY revision LIMIT 1')
  const metadata = createMetadataReader(path, (epochId, fromRevision, toRevision) => ({
    beforeMs: numberOrNull(before.get(epochId, fromRevision)?.[0] ?? null),
    afterMs: numberOrNull(after.get(epochId, toRevision)?.[0] ?? null),
  }))
  await metadata.warmUp()

  return {
    engine: 'sqlite',
    async sizeBytes() {
      const [pages, pageBytes] = ['page_count', 'page_size'].map((name) => Number(db.pragma(name, { simple: true })))
      return (pages ?? 0) * (pageBytes ?? 0)
    },
    clusters: metadata.clusters,
    cluster: metadata.cluster,
    async revisionAt(cluster, epoch, atMs) {
      const bounds = epochs.find(cluster.id, epoch)
      return bounds === null ? null : epochs.revisionAt(bounds, atMs)
    },
    async timeOf(cluster, epoch, revision) {
      const bounds = epochs.find(cluster.id, epoch)
      return bounds === null ? null : epochs.timeOf(bounds, revision)
    },
    changes,
    ...createKeysReader({ statements, epochs, thinned }),
    valueAt: createValueAt({ statements, epochs, words, values, thinned }),
    differences: createCompareReader({ statements, epochs, words, values, thinned }),
    history: (cluster, key, { limit, after: position }) =>
      changes(cluster, { key }, { order: 'desc', limit, after: position }),
    ...createActivityReader({ statements, epochs, labels }),
    ...createRetentionReader(statements),
    ...createSeriesReader(statements),
    ...createAlertReader(statements),
    ...createNotifyReader(statements),
    ...createWorkloadReader({ statements, labels, values }),
    apiResources: async (cluster) => readApiResources(statements, cluster.id),
    memberStates: metadata.memberStates,
    leaderChanges: metadata.leaderChanges,
    verify: createVerify(path),
    version: () => dataVersion.get() ?? 0,
    async pulses() {
      const rows = statements
        .raw(
          `SELECT cluster.name, pulse.topic, pulse.seq, pulse.cursor FROM pulse
           JOIN cluster ON cluster.id = pulse.cluster_id ORDER BY pulse.seq`,
        )
        .all()
      return rows.flatMap((row) => {
        const topic = topics.find((known) => known === row[1])
        return topic === undefined
          ? []
          : [{ cluster: textOf(row[0]), topic, seq: numberOf(row[2]), cursor: textOf(row[3]) }]
      })
    },
    async close() {
      await metadata.close()
      if (db.open) db.close()
    },
  }
}

const topics: readonly StreamTopic[] = ['changes', 'members', 'leader', 'metrics', 'state', 'alerts', 'workloads']
