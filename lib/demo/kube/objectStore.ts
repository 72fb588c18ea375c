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
  readonly #byKind = new Map<Kind, Map<string, KubeObject>>()
  readonly #versions = new Map<Kind, number>()
  readonly #queue: WriteQueue
  readonly #random: Random
  readonly #nowMs: () => number

  constructor(options: { queue: WriteQueue; random: Random; nowMs: () => number }) {
    this.#queue = options.queue
    this.#random = options.random
    this.#nowMs = options.nowMs
  }

  get size(): number {
    return [...this.#byKind.values()].reduce((sum, objects) => sum + objects.size, 0)
  }

  /** Grows with every change of an object of these kinds, so that a controller can tell that nothing happened. */
  versionOf(kinds: readonly Kind[]): number {
    return kinds.reduce((sum, kind) => sum + (this.#versions.get(kind) ?? 0), 0)
  }

  /** RFC 3339 with whole seconds, as the apiserver writes times. */
  time(nowMs = this.#nowMs()): string {
    return new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z')
  }

  microTime(): string {
    return new Date(this.#nowMs()).toISOString().replace(/Z$/, '000Z')
  }

  get<K extends Kind>(kind: K, namespace: string | undefined, name: string): KindTable[K] | null {
    const object = this.#objectsOf(kind).get(keyOf(kind, namespace, name))
    return object === undefined ? null : narrow<K>(object)
  }

  list<K extends Kind>(kind: K, namespace?: string): KindTable[K][] {
    const found: KindTable[K][] = []
    for (const object of this.#objectsOf(kind).values()) {
      if (namespace === undefined || object.metadata.namespace === namespace) found.push(narrow<K>(object))
    }
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
    const before = this.#objectsOf(narrowKind(object)).get(keyOfObject(object))
    if (before === undefined) return object
    const text = JSON.stringify(before)
    const after: KindTable[K] = JSON.parse(text)
    change(after)
    if (JSON.stringify(after) === text) return after
    if (kinds[narrowKind(after)].generation && partText(after, 'spec') !== partText(before, 'spec')) {
      after.metadata.generation = (before.metadata.generation ?? 1) + 1
    }
    this.#write(before, after, actor)
    return after
  }

  /** Replaces one part, and costs next to nothing when it is the same: controllers report far more than they change. */
  replace<K extends Kind, P extends keyof KindTable[K]>(
    object: KindTable[K],
    actor: Actor,
    part: P,
    value: KindTable[K][P],
  ): KindTable[K] {
    if (JSON.stringify(object[part]) === JSON.stringify(value)) return object
    return this.update<K>(object, actor, (draft) => {
      draft[part] = value
    })
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
    const kind = narrowKind(object)
    if (!this.#objectsOf(kind).delete(key)) return
    this.#versions.set(kind, this.versionOf([kind]) + 1)
    this.#queue.remove(key)
  }

  /** Takes over what etcd holds from an earlier run; nothing is written. */
  adopt(object: KubeObject): void {
    if (isKind(object.kind)) this.#keep(object)
  }

  #write(before: KubeObject | null, object: KubeObject, actor: Actor): void {
    const managedFields = ownFields(before, object, actor, this.time())
    if (managedFields.length > 0) object.metadata.managedFields = managedFields
    this.#keep(object)
    this.#queue.put(keyOfObject(object), encodeObject(object))
  }

  #keep(object: KubeObject): void {
    const kind = narrowKind(object)
    this.#objectsOf(kind).set(keyOfObject(object), object)
    this.#versions.set(kind, this.versionOf([kind]) + 1)
  }

  #objectsOf(kind: Kind): Map<string, KubeObject> {
    const present = this.#byKind.get(kind)
    if (present !== undefined) return present
    const created = new Map<string, KubeObject>()
    this.#byKind.set(kind, created)
    return created
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
