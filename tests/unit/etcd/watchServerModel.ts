import type { KeyEvent } from '../../../lib/etcd/wire/keyValue'
import type { WatchRequest, WatchResponse } from '../../../lib/etcd/wire/watch'

/**
 * What etcd does with the watchers of one stream, as far as a reader can tell: a watcher that is behind is given at
 * most `batchRevisions` per round, each response's header carries the head, large batches come in fragments that may
 * end within a revision, requests take effect late, and now and then an old event is repeated (a bug of old servers).
 */

interface Watcher {
  next: bigint
  readonly progressNotify: boolean
}

export class WatchServerModel {
  readonly history: KeyEvent[][]
  readonly #random: () => number
  readonly #batchRevisions: number
  readonly #watchers = new Map<bigint, Watcher>()
  #requests: WatchRequest[] = []
  #outbox: WatchResponse[] = []
  compactRevision = 0n
  created = 0
  /** Events sent, those of given-up watchers included. */
  sent = 0

  constructor(random: () => number, batchRevisions: number) {
    this.#random = random
    this.#batchRevisions = batchRevisions
    this.history = []
  }

  get head(): bigint {
    return BigInt(this.history.length)
  }

  /** One more revision with this many events. */
  write(events: number, valueBytes: number): void {
    const modRevision = this.head + 1n
    const make = (_: unknown, i: number): KeyEvent => ({
      type: 'put',
      key: Buffer.from(`${modRevision}/${i}`),
      value: new Uint8Array(valueBytes),
      modRevision,
      createRevision: modRevision,
      version: 1n,
      leaseId: 0n,
    })
    this.history.push(Array.from({ length: events }, make))
  }

  receive(request: WatchRequest): void {
    this.#requests.push(request)
  }

  /** Takes some requests, sends a round of batches, answers with some of what is under way. */
  round(): WatchResponse[] {
    const taken = this.#random() < 0.3 ? Math.floor(this.#requests.length / 2) : this.#requests.length
    for (const request of this.#requests.splice(0, taken)) this.#take(request)
    const ids = [...this.#watchers.keys()].sort(() => this.#random() - 0.5)
    for (const id of ids) this.#sync(id)
    const flushed = this.#random() < 0.3 ? Math.floor(this.#outbox.length / 2) : this.#outbox.length
    return this.#outbox.splice(0, flushed)
  }

  #take(request: WatchRequest): void {
    if ('cancel' in request) {
      this.#watchers.delete(request.cancel)
      this.#outbox.push(this.#response(request.cancel, { canceled: true }))
    } else if ('create' in request) {
      const { watchId, startRevision, progressNotify } = request.create
      this.created++
      this.#watchers.set(watchId, { next: startRevision, progressNotify })
      this.#outbox.push(this.#response(watchId, { created: true }))
    }
  }

  #sync(id: bigint): void {
    const watcher = this.#watchers.get(id)
    if (!watcher) return
    if (watcher.next < this.compactRevision) {
      this.#watchers.delete(id)
      this.#outbox.push(this.#response(id, { canceled: true, compactRevision: this.compactRevision }))
      return
    }
    const from = Number(watcher.next) - 1
    const batch = this.history.slice(from, from + this.#batchRevisions).flat()
    if (batch.length === 0) {
      if (watcher.progressNotify && this.#random() < 0.2) this.#outbox.push(this.#response(id, {}))
      return
    }
    watcher.next += BigInt(Math.min(this.#batchRevisions, this.history.length - from))
    this.sent += batch.length
    this.#send(id, batch)
    if (this.#random() < 0.05) this.#send(id, batch.slice(0, 1))
  }

  #send(id: bigint, batch: readonly KeyEvent[]): void {
    for (let start = 0; start < batch.length; ) {
      const size = this.#random() < 0.5 ? batch.length : 1 + Math.floor(this.#random() * 4)
      const events = batch.slice(start, start + size)
      start += size
      this.#outbox.push(this.#response(id, { events, fragment: start < batch.length }))
    }
  }

  #response(watchId: bigint, parts: Partial<WatchResponse>): WatchResponse {
    const events = parts.events ?? []
    const sizeBytes = events.reduce((sum, event) => sum + event.key.length + event.value.length, 50)
    return {
      header: { clusterId: 'c', memberId: 'm', revision: this.head, raftTerm: 1n },
      watchId,
      created: false,
      canceled: false,
      compactRevision: 0n,
      cancelReason: '',
      fragment: false,
      ...parts,
      events,
      sizeBytes,
    }
  }
}
