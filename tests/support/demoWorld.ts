import { EventRecorder } from '../../lib/demo/controllers/eventRecorder'
import { Timers } from '../../lib/demo/controllers/timers'
import type { World } from '../../lib/demo/controllers/world'
import { ObjectStore, type WriteQueue } from '../../lib/demo/kube/objectStore'
import { createRandom } from '../../lib/demo/random'

export interface RecordedWrite {
  readonly key: string
  /** Null: removed. */
  readonly value: Buffer | null
  readonly leaseId: string | undefined
  readonly atMs: number
}

/** The demo's world without etcd: time that only moves when told to, and every write kept. */
export function createDemoWorld(seed: number) {
  const writes: RecordedWrite[] = []
  let atMs = Date.UTC(2026, 0, 15, 12, 0, 0)
  const nowMs = () => atMs
  const queue: WriteQueue = {
    put: (key, value, leaseId) => writes.push({ key, value: Buffer.from(value), leaseId, atMs }),
    remove: (key) => writes.push({ key, value: null, leaseId: undefined, atMs }),
  }
  const random = createRandom(seed)
  const objects = new ObjectStore({ queue, random, nowMs })
  const timers = new Timers(nowMs)
  const events = new EventRecorder({ objects, queue, random, nowMs, leases: { current: () => '77' } })
  const world: World = { objects, random, timers, events, queue, nowMs }
  return {
    world,
    writes,
    /** Moves the time. */
    pass(ms: number) {
      atMs += ms
    },
  }
}
