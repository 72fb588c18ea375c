import { encodeObject } from '../kube/encodeObject'
import type { ObjectStore, WriteQueue } from '../kube/objectStore'
import type { KubeObject } from '../kube/objects'
import type { Random } from '../random'

/** Leases as the events need them: the id of one that ends about ten minutes from now. */
export interface EventLeases {
  current(): string | undefined
}

const kept = 200

interface Known {
  readonly name: string
  readonly uid: string
  readonly firstTimestamp: string
  count: number
}

/**
 * Kubernetes Events: written under a lease, so that etcd deletes them in batches when it ends. The same thing said
 * again raises the count of the Event that said it first, as client-go does.
 */
export class EventRecorder {
  readonly #known = new Map<string, Known>()
  readonly #options: {
    objects: ObjectStore
    queue: WriteQueue
    random: Random
    leases: EventLeases
    nowMs: () => number
  }

  constructor(options: {
    objects: ObjectStore
    queue: WriteQueue
    random: Random
    leases: EventLeases
    nowMs: () => number
  }) {
    this.#options = options
  }

  record(about: KubeObject, component: string, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { objects, queue, random, leases, nowMs } = this.#options
    const namespace = about.metadata.namespace ?? 'default'
    const sameness = `${about.metadata.uid}/${reason}/${message}`
    const now = objects.time()
    const known: Known = this.#known.get(sameness) ?? {
      name: `${about.metadata.name}.${BigInt(nowMs()).toString(16)}${random.whole(0, 0xfffff).toString(16).padStart(5, '0')}`,
      uid: random.uuid(),
      firstTimestamp: now,
      count: 0,
    }
    known.count += 1
    this.#remember(sameness, known)
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: known.name, namespace, uid: known.uid, creationTimestamp: known.firstTimestamp },
      involvedObject: {
        kind: about.kind,
        namespace: about.metadata.namespace,
        name: about.metadata.name,
        uid: about.metadata.uid,
        apiVersion: about.apiVersion,
      },
      reason,
      message,
      source: { component },
      firstTimestamp: known.firstTimestamp,
      lastTimestamp: now,
      count: known.count,
      type,
      reportingComponent: component,
    }
    queue.put(`/registry/events/${namespace}/${known.name}`, encodeObject(event), leases.current())
  }

  #remember(sameness: string, known: Known): void {
    this.#known.delete(sameness)
    this.#known.set(sameness, known)
    const oldest = this.#known.keys().next().value
    if (this.#known.size > kept && oldest !== undefined) this.#known.delete(oldest)
  }
}
