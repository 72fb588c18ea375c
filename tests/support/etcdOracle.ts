import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { EtcdCluster } from './etcdServer'

/** What etcd's own client says happened: the independent witness that the record is compared with. */

export interface WitnessEvent {
  readonly revision: bigint
  readonly ordinal: number
  readonly type: 'put' | 'delete'
  readonly key: string
  readonly value: string
  readonly createRevision: bigint
  readonly version: bigint
  readonly leaseId: bigint
}

interface WatchLine {
  Events?: {
    type?: number
    kv: {
      key: string
      value?: string
      mod_revision: number
      create_revision?: number
      version?: number
      lease?: string | number
    }
  }[]
}

/** The head revision, by a linearizable read. */
export async function headRevision(cluster: EtcdCluster): Promise<bigint> {
  const answer = await cluster.etcdctl('get', 'no-such-key', '-w', 'json')
  const parsed = JSON.parse(answer) as { header: { revision: number } }
  return BigInt(parsed.header.revision)
}

/** Every event from `fromRevision` to `through`, by `etcdctl watch`; keys and values in base64. */
export async function witnessEvents(
  cluster: EtcdCluster,
  etcdctl: string,
  fromRevision: bigint,
  through: bigint,
): Promise<WitnessEvent[]> {
  // The last revision must be an event, so a marker is written behind it and left out of the answer.
  await cluster.etcdctl('put', 'witness/marker', 'end')
  const markerRevision = await headRevision(cluster)
  const child = spawn(
    etcdctl,
    [`--endpoints=${cluster.endpoints.join(',')}`, 'watch', '', '--prefix', `--rev=${fromRevision}`, '-w', 'json'],
    { env: { ...process.env, ETCDCTL_API: '3' }, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const events: WitnessEvent[] = []
  let revision = -1n
  let ordinal = 0
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      // Lease ids exceed 2^53; JSON.parse would round them.
      const safe = line.replace(/"lease":(\d{10,})/g, '"lease":"$1"')
      for (const event of (JSON.parse(safe) as WatchLine).Events ?? []) {
        const mod = BigInt(event.kv.mod_revision)
        ordinal = mod === revision ? ordinal + 1 : 0
        revision = mod
        if (mod <= through) {
          events.push({
            revision: mod,
            ordinal,
            type: event.type === 1 ? 'delete' : 'put',
            key: event.kv.key,
            value: event.kv.value ?? '',
            createRevision: BigInt(event.kv.create_revision ?? 0),
            version: BigInt(event.kv.version ?? 0),
            leaseId: BigInt(event.kv.lease ?? 0),
          })
        }
      }
      if (revision >= markerRevision) break
    }
  } finally {
    child.kill('SIGKILL')
  }
  return events
}

/** The keyspace at a revision, by `etcdctl get --prefix --rev`: base64 key → [base64 value, mod_revision]. */
export async function witnessState(cluster: EtcdCluster, revision: bigint): Promise<Map<string, [string, bigint]>> {
  const answer = await cluster.etcdctl('get', '', '--prefix', `--rev=${revision}`, '-w', 'json')
  const parsed = JSON.parse(answer) as { kvs?: { key: string; value?: string; mod_revision: number }[] }
  return new Map((parsed.kvs ?? []).map((kv) => [kv.key, [kv.value ?? '', BigInt(kv.mod_revision)]]))
}
