import type { Clock } from '../../core/clock'
import { ScopeError } from '../../core/errors'
import { type Sqlite, storeError } from './database'
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

export function operatorParts(db: Sqlite, path: string, clock: Clock): OperatorParts {
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
