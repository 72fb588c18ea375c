import type { ClusterRow } from '../../store/store'
import type { KeyName, OwnedRow } from '../../store/workloadStore'
import type { Scope } from '../scope'
import type { Span } from './span'

/** Everything that belonged to a workload in a range, deleted objects included. */
export interface Belongings {
  /** ReplicaSets, Jobs and the like: by start. */
  readonly between: readonly OwnedRow[]
  /** Lives of its Pods, by start: the newest of them. */
  readonly pods: readonly OwnedRow[]
  readonly podsTotal: number
  readonly names: ReadonlyMap<number, KeyName>
}

const podsShown = 500
/** Owners looked at on each level: a Deployment keeps some ten ReplicaSets, a busy CronJob makes many Jobs. */
const ownersRead = 2_000
const podsRead = 20_000
/** CronJob, Job, Pod; a custom resource has one level more. */
const levels = 4

export async function belongingsOf(
  { reader }: Scope,
  cluster: ClusterRow,
  { epoch, from, to }: Span,
  keyId: number,
): Promise<Belongings> {
  const pods: OwnedRow[] = []
  const between: OwnedRow[] = []
  let names = await reader.keyNames([keyId])
  let owners = [keyId]
  const seen = new Set(owners)
  for (let level = 0; level < levels && owners.length > 0; level++) {
    const owned = await reader.ownedBy(cluster, epoch, owners, { from, to, limit: podsRead })
    const found = await reader.keyNames(owned.map((row) => row.keyId))
    names = new Map([...names, ...found])
    const next = owned.filter((row) => found.get(row.keyId)?.resource !== 'pods')
    pods.push(...owned.filter((row) => found.get(row.keyId)?.resource === 'pods'))
    between.push(...next)
    owners = [...new Set(next.map((row) => row.keyId))].filter((id) => !seen.has(id)).slice(-ownersRead)
    for (const id of owners) seen.add(id)
  }
  pods.sort((a, b) => (a.fromRevision < b.fromRevision ? -1 : a.fromRevision > b.fromRevision ? 1 : a.keyId - b.keyId))
  return { between, pods: pods.slice(-podsShown), podsTotal: pods.length, names }
}

/** As it was at the end of the range: an end that lies behind it has not come yet. */
export function endedBy(row: OwnedRow, to: bigint): boolean {
  return row.toRevision !== null && row.toRevision <= to
}

export function textOfKey(name: KeyName | undefined): string {
  return name === undefined ? '' : Buffer.from(name.key).toString('utf8')
}
