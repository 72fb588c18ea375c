import { Etcd3, EtcdLeaseInvalidError } from 'etcd3'
import type { Clock } from '../core/clock'
import type { WriteQueue } from './kube/objectStore'

export interface EtcdWriter extends WriteQueue {
  /** Writes that wait. */
  readonly backlog: number
  /** A lease of so many seconds; rejects when the cluster does not answer. */
  grant(ttlSeconds: number): Promise<string>
  /** All waiting writes are done, or the signal aborted. */
  drained(): Promise<void>
  close(): void
}

interface Write {
  readonly key: string
  readonly value: Buffer | null
  readonly leaseId: string | undefined
}

const callWithinMs = 6000
const retryAfterMs = 250

/**
 * Writes in order, one after the other, each until it succeeded: while the cluster has no leader the writes wait. A
 * write whose answer was lost may happen twice, which puts the same value again and harms nothing.
 */
export function createEtcdWriter(options: {
  endpoints: readonly string[]
  clock: Clock
  signal: AbortSignal
  log: (line: string) => void
}): EtcdWriter {
  const { clock, signal } = options
  const client = new Etcd3({
    hosts: [...options.endpoints],
    defaultCallOptions: () => ({ deadline: Date.now() + callWithinMs }),
  })
  const waiting: Write[] = []
  let busy: Promise<void> | null = null

  const work = async () => {
    for (let write = waiting.shift(); write !== undefined && !signal.aborted; write = waiting.shift()) {
      await untilWritten(write)
    }
  }
  const untilWritten = async (write: Write) => {
    while (!signal.aborted) {
      try {
        const key = Buffer.from(write.key)
        if (write.value === null) await client.kv.deleteRange({ key })
        else await client.kv.put({ key, value: write.value, ...(write.leaseId ? { lease: write.leaseId } : {}) })
        return
      } catch (error) {
        // The lease ran out while the write waited; the key would be gone by now.
        if (error instanceof EtcdLeaseInvalidError || /lease not found/.test(String(error))) return
        await clock.sleep(retryAfterMs, signal)
      }
    }
  }
  const enqueue = (write: Write) => {
    waiting.push(write)
    busy ??= work().finally(() => {
      busy = null
    })
  }
  return {
    get backlog() {
      return waiting.length
    },
    put: (key, value, leaseId) => enqueue({ key, value: Buffer.from(value), leaseId }),
    remove: (key) => enqueue({ key, value: null, leaseId: undefined }),
    async grant(ttlSeconds) {
      return (await client.leaseClient.leaseGrant({ TTL: ttlSeconds, ID: 0 })).ID
    },
    async drained() {
      while (busy !== null) await busy
    },
    close: () => client.close(),
  }
}
