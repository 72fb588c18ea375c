import type { Clock } from '../../core/clock'
import type { AlertStore } from '../alerts'
import { createAlertWriter } from './alertWriter'
import { databasePath, openForWriting } from './database'
import { operatorParts } from './operatorParts'

/** Opens an existing, migrated database for evaluating rules. Its transactions are short, the collector's go before. */
export async function openAlertStore(options: { databaseUrl: string; clock: Clock }): Promise<AlertStore> {
  const path = databasePath(options.databaseUrl)
  const db = openForWriting(path)
  return {
    ...createAlertWriter(operatorParts(db, path, options.clock)),
    async close() {
      if (db.open) db.close()
    },
  }
}
