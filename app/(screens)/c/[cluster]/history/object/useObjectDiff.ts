'use client'

import type { DiffParams } from '../../../../../_client/api'
import { useDiff } from '../../../../../_client/queries'
import { keyParams, type NamedKey } from '../changeId'
import type { Ends } from './prepareVersions'

/** The two chosen versions, printed and compared by the server. Without an older one, the newer against itself. */
export function useObjectDiff(cluster: string, named: NamedKey, ends: Ends) {
  const { from, to, missing } = ends
  const query = useDiff(cluster, { ...keyParams(named), ...momentsOf(ends) }, { enabled: to !== null && !missing })
  return { query, alone: from === null }
}

function momentsOf({ from, to }: Ends): Pick<DiffParams, 'from' | 'to' | 'epoch'> {
  if (to === null) return { from: 'now' }
  const older = from ?? to
  // Revisions of two epochs have nothing to do with each other: across them, only times name a moment.
  if (older.epoch !== to.epoch) return { from: older.at, to: to.at }
  return { from: older.revision, to: to.revision, epoch: to.epoch }
}
