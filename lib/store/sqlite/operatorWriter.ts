import type { Clock } from '../../core/clock'
import { ScopeError } from '../../core/errors'
import type { OperatorWriter } from '../operator'
import { databasePath, openForWriting, type Sqlite, storeError } from './database'
import { createPulseWriter, type PulseWriter } from './pulses'
import { createStatements, type Statements } from './statements'

/** What the verbs of an operator are made of; each capability's file takes these and returns its verbs. */
export interface OperatorParts {
  readonly statements: Statements
  readonly pulses: PulseWriter
  readonly clock: Clock
  /** Runs `work` as one transaction; rejects with UNREACHABLE when the database stays busy. */
  write<T>(work: () => T): T
}

/** The collector's transactions take milliseconds. Waiting blocks the web's event loop, so not for longer than this. */
const busyTimeoutMs = 2_000

/** Opens an existing, migrated database for what people change. */
export async function openOperatorWriter(options: { databaseUrl: string; clock: Clock }): Promise<OperatorWriter> {
  const path = databasePath(options.databaseUrl)
  const db = openForWriting(path)
  db.pragma(`busy_timeout = ${busyTimeoutMs}`)
  return createOperatorWriter(partsOf(db, path, options.clock), db)
}

function createOperatorWriter(_parts: OperatorParts, db: Sqlite): OperatorWriter {
  return {
    async close() {
      if (db.open) db.close()
    },
  }
}

function partsOf(db: Sqlite, path: string, clock: Clock): OperatorParts {
  const statements = createStatements(db)
  const transaction = db.transaction((work: () => unknown) => work())
  return {
    statements,
    pulses: createPulseWriter(statements),
    clock,
    write<T>(work: () => T): T {
      try {
        return transaction.immediate(work) as T
      } catch (error) {
        if (isBusy(error)) throw new ScopeError('UNREACHABLE', 'The database is busy; try again.', { cause: error })
        throw storeError(path, error)
      }
    },
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
