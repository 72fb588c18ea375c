import type { Clock } from '../../core/clock'
import type { OperatorWriter } from '../operator'
import { createAlertOperator } from './alertOperator'
import { databasePath, openForWriting, type Sqlite } from './database'
import { createNotifyOperator } from './notifyOperator'
import { type OperatorParts, operatorParts } from './operatorParts'
import { createRetentionOperator } from './retention/retentionOperator'

/** The collector's transactions take milliseconds. Waiting blocks the web's event loop, so not for longer than this. */
const busyTimeoutMs = 2_000

/** Opens an existing, migrated database for what people change. */
export async function openOperatorWriter(options: { databaseUrl: string; clock: Clock }): Promise<OperatorWriter> {
  const path = databasePath(options.databaseUrl)
  const db = openForWriting(path)
  db.pragma(`busy_timeout = ${busyTimeoutMs}`)
  return createOperatorWriter(operatorParts(db, path, options.clock), db)
}

function createOperatorWriter(parts: OperatorParts, db: Sqlite): OperatorWriter {
  return {
    ...createAlertOperator(parts),
    ...createNotifyOperator(parts),
    ...createRetentionOperator(parts),
    async close() {
      if (db.open) db.close()
    },
  }
}
