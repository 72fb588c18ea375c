/** An apiserver's memory: every version of every object by revision, from which lists and watches are answered. Pure. */

export interface ServedKind {
  readonly path: string
  readonly kind: string
  readonly namespaced: boolean
  /** With an etcd of its own: its revisions mean nothing beside the others'. */
  readonly ownRevision?: bigint
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED'

export interface ServedChange {
  readonly revision: bigint
  readonly path: string
  readonly type: ChangeType
  /** `namespace/name` or `name`. */
  readonly tail: string
  /** JSON of the object, its resourceVersion included. */
  readonly text: string
}

interface Meta {
  metadata: { name: string; namespace?: string; resourceVersion: string }
}

export class ApiserverModel {
  readonly kinds = new Map<string, ServedKind>()
  /** Ascending by revision. */
  readonly changes: ServedChange[] = []
  head = 1n

  serve(kind: ServedKind): void {
    this.kinds.set(kind.path, kind)
  }

  /** One change at the next revision, or at the one given. The object needs a name. */
  write(path: string, type: ChangeType, object: object, revision = this.head + 1n): ServedChange {
    const own = JSON.parse(JSON.stringify(object)) as Meta
    own.metadata.resourceVersion = String(revision)
    return this.keep(path, type, JSON.stringify(own), revision)
  }

  /** The lines of a recorded stream, whose first bookmark ends what was there before. */
  load(path: string, lines: readonly string[]): void {
    for (const line of lines) {
      const { type, object } = JSON.parse(line) as { type: ChangeType | 'BOOKMARK'; object: Meta }
      if (type === 'BOOKMARK') continue
      const text = line.slice(line.indexOf('"object":') + '"object":'.length, line.lastIndexOf('}'))
      this.keep(path, type, text, BigInt(object.metadata.resourceVersion))
    }
    this.changes.sort((a, b) => (a.revision < b.revision ? -1 : a.revision > b.revision ? 1 : 0))
  }

  private keep(path: string, type: ChangeType, text: string, revision: bigint): ServedChange {
    const { metadata } = JSON.parse(text) as Meta
    const tail = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`
    const change = { revision, path, type, tail, text }
    this.changes.push(change)
    if (revision > this.head) this.head = revision
    return change
  }

  /** The objects of a path after `revision`, in the order of their keys. */
  stateAt(path: string, revision: bigint): readonly ServedChange[] {
    const state = new Map<string, ServedChange>()
    for (const change of this.changes) {
      if (change.revision > revision) break
      if (change.path !== path) continue
      if (change.type === 'DELETED') state.delete(change.tail)
      else state.set(change.tail, change)
    }
    return [...state.values()].sort((a, b) => Buffer.compare(Buffer.from(a.tail), Buffer.from(b.tail)))
  }

  /** What a watch of the path that begins behind `revision` has to tell, up to `through`. */
  between(path: string, revision: bigint, through: bigint): readonly ServedChange[] {
    return this.changes.filter((c) => c.path === path && c.revision > revision && c.revision <= through)
  }
}

export const lineOf = ({ type, text }: ServedChange) => `{"type":"${type}","object":${text}}\n`

export function bookmarkOf(kind: string, revision: bigint): string {
  const object = { kind, apiVersion: 'v1', metadata: { resourceVersion: String(revision) } }
  return `${JSON.stringify({ type: 'BOOKMARK', object })}\n`
}

export function expiredLine(): string {
  const object = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 }
  return `${JSON.stringify({ type: 'ERROR', object })}\n`
}
