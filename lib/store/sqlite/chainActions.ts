import type { ClusterRef } from '../store'
import { beforeAll } from './chainRows'
import type { ChainWriter } from './chainWriter'
import { bigOf, numberOf, type Row, type Statements, textOf, textOrNull } from './statements'

/**
 * What the links over our own actions say, made from the rows that the actions left, so that verify makes the same
 * from the same rows.
 */

export const epochColumns = 'epoch, etcd_cluster_id, started_ms, reason'
export const gapColumns = 'from_revision, to_revision, reason, at_ms'

type Body = Readonly<Record<string, unknown>>

/** The name of the cluster stands in it, so that a record does not pass for another cluster's. */
export function epochBody(cluster: Pick<ClusterRef, 'name'>, row: Row): Body {
  return {
    cluster: cluster.name,
    epoch: numberOf(row[0]),
    etcdClusterId: textOrNull(row[1] ?? null),
    startedMs: numberOf(row[2]),
    reason: textOrNull(row[3] ?? null),
  }
}

export function namedBody(etcdClusterId: string): Body {
  return { etcdClusterId }
}

export function gapBody(row: Row): Body {
  return { from: String(bigOf(row[0])), to: String(bigOf(row[1])), reason: textOf(row[2]), atMs: numberOf(row[3]) }
}

/** A record from before there was a chain: it is covered as it stands, once, and provable from then on. */
export function adoptRecord(statements: Statements, chain: ChainWriter, cluster: ClusterRef): void {
  const epochs = statements
    .big(`SELECT ${epochColumns}, id, cursor_revision FROM epoch WHERE cluster_id = ? ORDER BY epoch`)
    .all(cluster.id)
  for (const row of epochs) {
    const epoch = { id: numberOf(row[4]), epoch: numberOf(row[0]) }
    chain.act(cluster.id, epoch, 'epoch', epochBody(cluster, row))
    if (bigOf(row[5]) > 0n) chain.coverStored(cluster.id, epoch, 'adopted', beforeAll, bigOf(row[5]))
    const gaps = statements.big(`SELECT ${gapColumns} FROM gap WHERE epoch_id = ? ORDER BY from_revision`).all(epoch.id)
    for (const gap of gaps) chain.act(cluster.id, epoch, 'gap', gapBody(gap))
  }
}
