import type { Random } from '../random'
import { encodeObject } from './encodeObject'
import { type Actor, ownFields } from './fieldOwnership'
import { isKind, keyOf, kinds } from './kinds'
import type { Kind, KindTable, KubeObject, ObjectMeta, OwnerReference } from './objects'

/** Where writes go, in order. */
export interface WriteQueue {
  put(key: string, value: Buffer | string, leaseId?: string): void
  remove(key: string): void
}

export type Draft<K extends Kind> = Omit<KindTable[K], 'apiVersion' | 'kind' | 'metadata'> & {
  metadata: Partial<ObjectMeta> & { name: string }
}

/**
 * The demo's apiserver: objects in memory, every write of them to etcd in the stored form. It does what the apiserver
 * does on the way: uid, creationTimestamp, generation (only a changed spec counts), managedFields; a write that
 * changes nothing is none.
 */
export class ObjectStore {
  readonly #objects = new Map<string, KubeObject>()
  readonly #queue: WriteQueue
  readonly #random: Random
  readonly #nowMs: () => number

  constructor(options: { queue: WriteQueue; random: Random; nowMs: () => number }) {
    this.#queue = options.queue
    this.#random = options.random
    this.#nowMs = options.nowMs
  }

  get size(): number {
    return this.#objects.size
  }

  /** RFC 3339 with whole seconds, as the apiserver writes times. */
  time(nowMs = this.#nowMs()): string {
    return new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z')
  }

  microTime(): string {
    return new Date(this.#nowMs()).toISOString().replace(/Z$/, '000Z')
  }

  get<K extends Kind>(kind: K, namespace: string | undefined, name: string): KindTable[K] | null {
    const object = this.#objects.get(keyOf(kind, namespace, name))
    return object === undefined ? null : narrow<K>(object)
  }

  list<K extends Kind>(kind: K, namespace?: string): KindTable[K][] {
    const prefix = `/registry/${kinds[kind].path}/${namespace === undefined ? '' : `${namespace}/`}`
    const found: KindTable[K][] = []
    for (const [key, object] of this.#objects) if (key.startsWith(prefix)) found.push(narrow<K>(object))
    return found
  }

  ownedBy<K extends Kind>(kind: K, owner: KubeObject): KindTable[K][] {
    return this.list(kind, owner.metadata.namespace).filter((object) =>
      object.metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid),
    )
  }

  create<K extends Kind>(kind: K, draft: Draft<K>, actor: Actor): KindTable[K] {
    const { apiVersion, generation } = kinds[kind]
    const metadata: ObjectMeta = {
      ...draft.metadata,
      uid: this.#random.uuid(),
      creationTimestamp: this.time(),
      ...(generation ? { generation: 1 } : {}),
    }
    const object = { ...draft, apiVersion, kind, metadata }
    this.#write(null, object, actor)
    return narrow<K>(object)
  }

  /** Applies `change` to a copy and stores it when something is different; answers the object as it then is. */
  update<K extends Kind>(object: KindTable[K], actor: Actor, change: (draft: KindTable[K]) => void): KindTable[K] {
    const key = keyOfObject(object)
    const before = this.#objects.get(key)
    if (before === undefined) return object
    const after = structuredClone(narrow<K>(before))
    change(after)
    if (JSON.stringify(after) === JSON.stringify(before)) return after
    if (kinds[narrowKind(after)].generation && partText(after, 'spec') !== partText(before, 'spec')) {
      after.metadata.generation = (before.metadata.generation ?? 1) + 1
    }
    this.#write(before, after, actor)
    return after
  }

  /** First call: marks for deletion with the pod's grace period, as the apiserver does for pods. */
  markDeleted<K extends Kind>(object: KindTable[K], graceSeconds: number): void {
    if (object.metadata.deletionTimestamp !== undefined) return
    this.update(object, { manager: 'kube-apiserver' }, (draft) => {
      draft.metadata.deletionTimestamp = this.time(this.#nowMs() + graceSeconds * 1000)
      draft.metadata.deletionGracePeriodSeconds = graceSeconds
    })
  }

  remove(object: KubeObject): void {
    const key = keyOfObject(object)
    if (!this.#objects.delete(key)) return
    this.#queue.remove(key)
  }

  /** Takes over what etcd holds from an earlier run; nothing is written. */
  adopt(object: KubeObject): void {
    if (isKind(object.kind)) this.#objects.set(keyOfObject(object), object)
  }

  #write(before: KubeObject | null, object: KubeObject, actor: Actor): void {
    const managedFields = ownFields(before, object, actor, this.time())
    if (managedFields.length > 0) object.metadata.managedFields = managedFields
    const key = keyOfObject(object)
    this.#objects.set(key, object)
    this.#queue.put(key, encodeObject(object))
  }
}

export function ownerReference(owner: KubeObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true }
}

function partText(object: KubeObject, part: string): string {
  return JSON.stringify(Object.entries(object).find(([name]) => name === part)?.[1] ?? null)
}

function keyOfObject(object: KubeObject): string {
  return keyOf(narrowKind(object), object.metadata.namespace, object.metadata.name)
}

function narrowKind(object: KubeObject): Kind {
  if (!isKind(object.kind)) throw new TypeError(`the demo has no ${object.kind}`)
  return object.kind
}

/** The one cast: an object below the path of a kind was put there as that kind. */
function narrow<K extends Kind>(object: KubeObject): KindTable[K] {
  return object as KindTable[K]
}
