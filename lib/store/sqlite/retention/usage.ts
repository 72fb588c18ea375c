import type { StoreUsage } from '../../retention'
import { numberOf, type Statements } from '../statements'

/** Pages that were freed stay in the file and are taken by what is recorded next. */
export function usageOf(statements: Statements): StoreUsage {
  const pragma = (name: string) => numberOf(statements.raw(`PRAGMA ${name}`).get()?.[0])
  const pageBytes = pragma('page_size')
  const pages = pragma('page_count')
  return { databaseBytes: pages * pageBytes, usedBytes: (pages - pragma('freelist_count')) * pageBytes }
}
