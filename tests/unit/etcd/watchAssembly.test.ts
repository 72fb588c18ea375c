import { describe, expect, it } from 'vitest'
import { WatchAssembly } from '../../../lib/etcd/watchAssembly'
import { defaultWatchLimits, type WatchLimits } from '../../../lib/etcd/watchLimits'
import type { KeyEvent } from '../../../lib/etcd/wire/keyValue'
import type { WatchResponse } from '../../../lib/etcd/wire/watch'
import { seededRandom } from '../../support/seededRandom'
import { WatchServerModel } from './watchServerModel'

const batchRevisions = 10
const limits: WatchLimits = {
  ...defaultWatchLimits,
  segmentRevisions: 10n,
  staggerAboveRevisions: 20n,
  relapseRevisions: 40n,
  maxWatchers: 6,
  firstWatchers: 4,
}

interface Told {
  readonly events: KeyEvent[]
  readonly live: KeyEvent[]
  readonly progress: bigint[]
  compacted: bigint | null
  refused: string | null
}

function assemble(server: WatchServerModel, after: bigint, bounds: WatchLimits = limits) {
  const told: Told = { events: [], live: [], progress: [], compacted: null, refused: null }
  const assembly = new WatchAssembly(after, bounds, {
    send: (request) => server.receive(request),
    deliver: (run, liveFrom) => {
      const revisions = run.events.map((event) => event.modRevision)
      const last = revisions.at(-1) ?? 0n
      // Whole revisions at every delivery, not just at the end.
      const whole = server.history[Number(last) - 1]?.length ?? -1
      expect(revisions.filter((revision) => revision === last)).toHaveLength(whole)
      told.events.push(...run.events)
      if (liveFrom !== null) told.live.push(...run.events.filter((event) => event.modRevision >= liveFrom))
    },
    progress: (through) => {
      expect(through).toBeGreaterThanOrEqual(told.events.at(-1)?.modRevision ?? 0n)
      told.progress.push(through)
    },
    compacted: (revision) => {
      told.compacted = revision
    },
    refused: (reason) => {
      told.refused = reason
    },
  })
  return { assembly, told }
}

const names = (events: readonly KeyEvent[]) => events.map((event) => Buffer.from(event.key).toString())
const historyAfter = (server: WatchServerModel, after: bigint) => names(server.history.slice(Number(after)).flat())

describe('against a model of etcd, every event is delivered once, in order, in whole revisions', () => {
  it.each(Array.from({ length: 60 }, (_, i) => 7000 + i))('seed %i', (seed) => {
    const random = seededRandom(seed)
    const server = new WatchServerModel(random, batchRevisions)
    const write = (count: number) => {
      for (let i = 0; i < count; i++)
        server.write(random() < 0.1 ? 30 : 1 + Math.floor(random() * 3), Math.floor(random() * 200))
    }
    write(Math.floor(random() * 400))
    const after = BigInt(Math.floor(random() * Number(server.head)))
    const reorderBytes = random() < 0.3 ? 3_000 : 1_000_000
    const { assembly, told } = assemble(server, after, { ...limits, reorderBytes })
    assembly.start(server.head)
    const isComplete = () => assembly.isLive && assembly.through === server.head
    for (let round = 0; round < 60 || !isComplete(); round++) {
      if (round < 60 && random() < 0.3) write(Math.floor(random() * (random() < 0.1 ? 200 : 15)))
      for (const response of server.round()) {
        assembly.accept(response)
        // The bound may be exceeded by what the foremost watcher cannot go on without: one unfinished revision.
        expect(assembly.keptBytes).toBeLessThan(reorderBytes + 30 * 260 + 300)
      }
      expect(round, 'rounds until everything was delivered').toBeLessThan(2_000)
    }
    // What comes behind completeness would be a duplicate.
    run(server, assembly, 20)
    expect(names(told.events)).toEqual(historyAfter(server, after))
    expect(assembly.through).toBe(server.head)
    expect(assembly.isLive).toBe(true)
  })
})

function run(server: WatchServerModel, assembly: WatchAssembly, rounds = 200): void {
  for (let round = 0; round < rounds; round++) for (const response of server.round()) assembly.accept(response)
}

const steady = () => 0.5

describe('catching up', () => {
  it('asks for each stretch once when nothing is given up', () => {
    const server = new WatchServerModel(steady, batchRevisions)
    for (let i = 0; i < 1_000; i++) server.write(1, 10)
    const { assembly, told } = assemble(server, 0n)
    assembly.start(server.head)
    run(server, assembly)
    expect(names(told.events)).toEqual(historyAfter(server, 0n))
    expect(server.created).toBeLessThanOrEqual(100)
  })

  it('only what was written after the live watcher was created counts as seen live', () => {
    const server = new WatchServerModel(steady, batchRevisions)
    for (let i = 0; i < 5; i++) server.write(1, 10)
    const { assembly, told } = assemble(server, 0n)
    assembly.start(server.head)
    run(server, assembly)
    expect(told.live).toEqual([])
    server.write(2, 10)
    run(server, assembly)
    expect(names(told.live)).toEqual(['6/0', '6/1'])
  })

  it('a live watcher far behind the head is replaced by staggered ones', () => {
    const server = new WatchServerModel(steady, batchRevisions)
    server.write(1, 10)
    const { assembly, told } = assemble(server, 0n)
    assembly.start(server.head)
    run(server, assembly)
    for (let i = 0; i < 300; i++) server.write(1, 10)
    run(server, assembly)
    expect(server.created).toBeGreaterThan(10)
    expect(names(told.events)).toEqual(historyAfter(server, 0n))
  })

  it('large revisions narrow the row of watchers, so that little is asked for twice', () => {
    const server = new WatchServerModel(steady, batchRevisions)
    for (let i = 0; i < 500; i++) server.write(1, 1_000)
    const reorderBytes = 45_000
    const { assembly, told } = assemble(server, 0n, { ...limits, firstWatchers: 1, reorderBytes })
    assembly.start(server.head)
    run(server, assembly, 500)
    expect(told.events).toHaveLength(500)
    expect(server.sent).toBeLessThan(600)
  })
})

const response = (parts: Partial<WatchResponse>): WatchResponse => ({
  header: { clusterId: 'c', memberId: 'm', revision: 30n, raftTerm: 1n },
  watchId: 1n,
  created: false,
  canceled: false,
  compactRevision: 0n,
  cancelReason: '',
  fragment: false,
  events: [],
  sizeBytes: 10,
  ...parts,
})

const event = (revision: bigint): KeyEvent => ({
  type: 'put',
  key: Buffer.from('k'),
  value: new Uint8Array(0),
  modRevision: revision,
  createRevision: 1n,
  version: 1n,
  leaseId: 0n,
})

describe('what proves that nothing is missing', () => {
  const open = () => {
    const server = new WatchServerModel(steady, batchRevisions)
    for (let i = 0; i < 5; i++) server.write(1, 0)
    const made = assemble(server, 0n)
    made.assembly.start(5n)
    return made
  }

  it('the header of a response with events does not move the cursor beyond them', () => {
    const { assembly } = open()
    assembly.accept(response({ events: [event(1n)] }))
    expect(assembly.through).toBe(1n)
  })

  it('a progress response does', () => {
    const { assembly, told } = open()
    assembly.accept(response({ events: [event(1n)] }))
    assembly.accept(response({}))
    expect(assembly.through).toBe(30n)
    expect(told.progress).toEqual([30n])
  })

  it('a progress for all watchers of the stream (id -1) does when the live one is alone', () => {
    const { assembly, told } = open()
    assembly.accept(response({ watchId: -1n }))
    expect(told.progress).toEqual([30n])
  })

  it('the answer to the creation does not', () => {
    const { assembly, told } = open()
    assembly.accept(response({ created: true }))
    expect(assembly.through).toBe(0n)
    expect(told.progress).toEqual([])
  })

  it('fragments are held until the revision is whole', () => {
    const { assembly, told } = open()
    assembly.accept(response({ events: [event(1n), event(2n)], fragment: true }))
    expect(told.events.map((e) => e.modRevision)).toEqual([1n])
    assembly.accept(response({ events: [event(3n)] }))
    expect(told.events.map((e) => e.modRevision)).toEqual([1n, 2n, 3n])
  })
})

describe('a canceled watcher', () => {
  it('with a compact revision ends the watch, behind everything that could still be delivered', () => {
    const server = new WatchServerModel(steady, batchRevisions)
    for (let i = 0; i < 200; i++) server.write(1, 10)
    const { assembly, told } = assemble(server, 0n)
    assembly.start(server.head)
    for (const answer of server.round()) assembly.accept(answer)
    server.compactRevision = 150n
    run(server, assembly)
    expect(told.compacted).toBe(150n)
    const delivered = told.events.length
    expect(names(told.events)).toEqual(historyAfter(server, 0n).slice(0, delivered))
    expect(delivered).toBeLessThan(150)
  })

  it.each([1n, -1n])('without one is a refusal (watch id %s)', (watchId) => {
    const server = new WatchServerModel(steady, batchRevisions)
    const { assembly, told } = assemble(server, 0n)
    assembly.start(5n)
    const refused = { watchId, created: true, canceled: true, cancelReason: 'etcdserver: permission denied' }
    assembly.accept(response(refused))
    expect(told.refused).toBe('etcdserver: permission denied')
  })
})
