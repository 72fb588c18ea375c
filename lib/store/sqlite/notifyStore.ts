import type { Clock } from '../../core/clock'
import type { NotifyWriter } from '../notify'
import { databasePath, openForWriting } from './database'
import { createNotifyWriter } from './notifyWriter'
import { operatorParts } from './operatorParts'

/** Opens an existing, migrated database for sending notifications. */
export async function openNotifyStore(options: { databaseUrl: string; clock: Clock }): Promise<NotifyWriter> {
  const path = databasePath(options.databaseUrl)
  const db = openForWriting(path)
  return {
    ...createNotifyWriter(operatorParts(db, path, options.clock)),
    async close() {
      if (db.open) db.close()
    },
  }
}
