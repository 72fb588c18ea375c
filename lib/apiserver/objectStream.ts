import type { ApiResource, KnownObject, ObjectEvent } from './apiEvent'
import type { ListedObject } from './listResource'
import { type ServedObject, storedValueOf, type WatchLine } from './parseObject'

type Change = Extract<WatchLine, { type: 'ADDED' | 'MODIFIED' | 'DELETED' }>

/**
 * What one resource's watch has told so far: up to where it is complete, and the newest version of each object, which
 * tells a repeat from news and counts versions where the creation was seen. Pure.
 */
export class ObjectStream {
  #resource: ApiResource
  /** Where its keys begin: `/registry/deployments/`. */
  readonly keyPrefix: string
  /** By the key behind the prefix. */
  readonly #known: Map<string, KnownObject>
  /** Everything up to here was told. */
  #frontier: bigint
  /** Of the newest revision that was told; more of it may come. */
  #newest: bigint
  readonly #toldOfNewest = new Set<string>()

  constructor(
    resource: ApiResource,
    keyPrefix: string,
    after: bigint,
    known: Iterable<readonly [string, KnownObject]> = [],
  ) {
    this.#resource = resource
    this.keyPrefix = keyPrefix
    this.#frontier = after
    this.#newest = after
    this.#known = new Map(known)
  }

  get resource(): ApiResource {
    return this.#resource
  }

  /** The preferred version of a kind moves when a cluster is upgraded; its objects and revisions stay what they are. */
  servedAs(resource: ApiResource): void {
    this.#resource = resource
  }

  /** A watch from here misses nothing and repeats at most one revision. */
  get frontier(): bigint {
    return this.#frontier
  }

  /** Whether any object is alive. */
  get isEmpty(): boolean {
    return this.#known.size === 0
  }

  /** Null for what was told before, by this watch or the one before it. */
  take({ type, object, text }: Change): ObjectEvent | null {
    const { revision } = object
    const name = keyTail(object)
    this.#reach(revision)
    const known = this.#known.get(name)
    if (this.#toldOfNewest.has(name) && revision === this.#newest) return null
    if (known !== undefined && known.modRevision >= revision) return null
    if (revision === this.#newest) this.#toldOfNewest.add(name)
    if (type === 'DELETED') {
      this.#known.delete(name)
      return deletion(this.keyPrefix + name, revision)
    }
    const version = versionOf(type, revision, known)
    this.#known.set(name, { modRevision: revision, ...version })
    const key = Buffer.from(this.keyPrefix + name)
    return { type: 'put', key, value: storedValueOf(text), modRevision: revision, ...version, leaseId: 0n }
  }

  /** An object of a list that the stream goes on from; its name is put down as alive. Null when it was told before. */
  takeListed(object: ListedObject, alive: Set<string>): ObjectEvent | null {
    const name = keyTail(object)
    alive.add(name)
    if ((this.#known.get(name)?.modRevision ?? -1n) >= object.revision) return null
    const known = { modRevision: object.revision, createRevision: 0n, version: 0n }
    this.#known.set(name, known)
    return { type: 'put', key: Buffer.from(this.keyPrefix + name), value: object.value, ...known, leaseId: 0n }
  }

  /** Objects that the list at `revision` no longer has. */
  *endOthers(alive: ReadonlySet<string>, revision: bigint): Generator<ObjectEvent> {
    for (const name of [...this.#known.keys()]) {
      if (alive.has(name)) continue
      this.#known.delete(name)
      yield deletion(this.keyPrefix + name, revision)
    }
  }

  /** The word of a bookmark, or of a list, that everything up to `revision` was told. */
  bookmark(revision: bigint): void {
    if (revision > this.#frontier) this.#frontier = revision
    if (revision <= this.#newest) return
    this.#newest = revision
    this.#toldOfNewest.clear()
  }

  /** One revision may take several objects, so an event completes only what lies below it. */
  #reach(revision: bigint): void {
    if (revision <= this.#newest) return
    this.#newest = revision
    this.#toldOfNewest.clear()
    if (revision - 1n > this.#frontier) this.#frontier = revision - 1n
  }
}

const none = new Uint8Array(0)

function deletion(key: string, revision: bigint): ObjectEvent {
  const unknown = { createRevision: 0n, version: 0n, leaseId: 0n }
  return { type: 'delete', key: Buffer.from(key), value: none, modRevision: revision, ...unknown }
}

export function keyTail({ namespace, name }: Pick<ServedObject, 'namespace' | 'name'>): string {
  return namespace === null ? name : `${namespace}/${name}`
}

function versionOf(type: 'ADDED' | 'MODIFIED', revision: bigint, known: KnownObject | undefined) {
  // Without a version before it, an ADDED is the creation; what was there when the record began counts from nowhere.
  if (known === undefined) {
    return type === 'ADDED' ? { createRevision: revision, version: 1n } : { createRevision: 0n, version: 0n }
  }
  const { createRevision, version } = known
  return { createRevision, version: version === 0n ? 0n : version + 1n }
}
