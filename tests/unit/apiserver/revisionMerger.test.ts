import { describe, expect, it } from 'vitest'
import { type Mergeable, type MergerLimits, RevisionMerger } from '../../../lib/apiserver/revisionMerger'
import { seededRandom } from '../../support/seededRandom'

const limits: MergerLimits = { holdMs: 1_000, holdUnopenedMs: 10_000, settleMs: 100, heldBytes: 1_000 }

interface Told extends Mergeable {
  readonly name: string
}

const put = (revision: number, name = `p${revision}`): Told => ({ type: 'put', modRevision: BigInt(revision), name })
const del = (revision: number, name = `d${revision}`): Told => ({ type: 'delete', modRevision: BigInt(revision), name })

/** Two open streams, everything through 10 told, at time 0. */
function merger(): RevisionMerger<Told> {
  const made = new RevisionMerger<Told>(10n, limits)
  for (const stream of ['pods', 'leases']) {
    made.addStream(stream, 10n, 0)
    made.setOpen(stream, true, 0)
  }
  return made
}

const names = (events: readonly Told[]) => events.map(({ name }) => name)

describe('a revision goes on', () => {
  it('at once when the one below it was told', () => {
    const made = merger()
    made.push('pods', put(11), 1, 5)
    made.push('leases', put(12), 1, 6)
    expect(made.take(6)).toEqual({ late: [], events: [put(11), put(12)], through: 12n, wakeAtMs: null })
  })

  it('in order, whichever stream is quicker', () => {
    const made = merger()
    made.push('leases', put(12), 1, 5)
    expect(names(made.take(5).events)).toEqual([])
    made.push('pods', put(11), 1, 40)
    expect(names(made.take(40).events)).toEqual(['p11', 'p12'])
  })

  it('at once when every stream is past the hole below it', () => {
    const made = merger()
    made.push('pods', put(15), 1, 5)
    expect(made.take(5).events).toEqual([])
    made.advance('pods', 14n, 5)
    made.advance('leases', 14n, 6)
    expect(names(made.take(6).events)).toEqual(['p15'])
  })

  it('after the hold when nothing ever tells of the hole', () => {
    const made = merger()
    made.push('pods', put(15), 1, 500)
    expect(made.take(1_499)).toMatchObject({ events: [], through: 10n, wakeAtMs: 1_500 })
    expect(made.take(1_500)).toMatchObject({ events: [put(15)], through: 15n, wakeAtMs: null })
  })

  it('not while a stream that is behind still tells', () => {
    const made = merger()
    made.push('pods', put(100), 1, 0)
    made.advance('leases', 20n, 900)
    expect(made.take(1_500).wakeAtMs).toBe(1_900)
    made.advance('leases', 40n, 1_800)
    expect(made.take(2_000).wakeAtMs).toBe(2_800)
    expect(names(made.take(2_800).events)).toEqual(['p100'])
  })

  it('later while a stream is not open, but not for good', () => {
    const made = merger()
    made.setOpen('leases', false, 0)
    made.push('pods', put(15), 1, 0)
    expect(made.take(1_500).wakeAtMs).toBe(10_000)
    expect(names(made.take(10_000).events)).toEqual(['p15'])
    made.push('pods', put(20), 1, 10_001)
    expect(made.take(10_001).wakeAtMs).toBe(11_001)
  })

  it('only whole: an expired lease deletes many objects in one', () => {
    const made = merger()
    made.push('leases', del(11, 'a'), 1, 0)
    expect(made.take(50)).toMatchObject({ events: [], wakeAtMs: 100 })
    made.push('leases', del(11, 'b'), 1, 60)
    made.push('leases', put(12), 1, 61)
    made.advance('leases', 11n, 61)
    expect(names(made.take(61).events)).toEqual(['a', 'b', 'p12'])
  })

  it('whatever is missing once too much is held', () => {
    const made = merger()
    made.push('pods', put(15), 600, 0)
    made.push('pods', put(17), 600, 0)
    expect(made.isFull).toBe(true)
    expect(names(made.take(0).events)).toEqual(['p15'])
    expect(made.isFull).toBe(false)
  })
})

describe('what comes below', () => {
  it('is late, and everything that was pushed comes out once', () => {
    const made = merger()
    made.push('pods', put(15), 1, 0)
    expect(names(made.take(2_000).events)).toEqual(['p15'])
    made.push('leases', put(12), 1, 2_001)
    made.push('leases', put(16), 1, 2_001)
    expect(made.take(2_001)).toMatchObject({ late: [put(12)], events: [put(16)], through: 16n })
  })
})

describe('without events', () => {
  it('bookmarks of every stream move the end', () => {
    const made = merger()
    made.advance('pods', 30n, 0)
    expect(made.take(0).through).toBe(10n)
    made.advance('leases', 25n, 0)
    expect(made.take(0).through).toBe(25n)
  })

  it('a stream that left no longer holds up the others', () => {
    const made = merger()
    made.advance('pods', 30n, 0)
    made.removeStream('leases')
    expect(made.take(0).through).toBe(30n)
  })
})

describe('any order of arrival', () => {
  it.each([1, 2, 3, 4, 5])('whole revisions come out ascending, each event once (seed %i)', (seed) => {
    const random = seededRandom(seed)
    const streams = ['a', 'b', 'c'].map((name) => ({ name, due: [] as Told[] }))
    const all = new Set<string>()
    for (let revision = 11; revision < 400; revision++) {
      if (random() < 0.1) continue // told by nobody
      const stream = streams[Math.floor(random() * 3)]
      const many = random() < 0.1 ? 3 : 1
      for (let i = 0; i < many; i++) {
        const name = `${revision}.${i}`
        stream?.due.push(many === 1 ? put(revision, name) : del(revision, name))
        all.add(name)
      }
    }
    const made = new RevisionMerger<Told>(10n, { ...limits, heldBytes: 1_000_000 })
    for (const { name } of streams) {
      made.addStream(name, 10n, 0)
      made.setOpen(name, true, 0)
    }
    const seen: string[] = []
    let nowMs = 0
    let through = 10n
    for (let step = 0; step < 5_000 && seen.length < all.size; step++) {
      nowMs += Math.floor(random() * 400)
      const { name, due } = streams[Math.floor(random() * 3)] as (typeof streams)[number]
      const event = due.shift()
      if (event !== undefined) {
        made.push(name, event, 1, nowMs)
        made.advance(name, event.modRevision - 1n, nowMs)
      }
      const taken = made.take(nowMs)
      for (const one of taken.late) expect(one.modRevision).toBeLessThanOrEqual(through)
      for (const one of taken.events) {
        expect(one.modRevision).toBeGreaterThanOrEqual(through)
        expect(one.modRevision).toBeLessThanOrEqual(taken.through)
      }
      for (let i = 1; i < taken.events.length; i++) {
        expect((taken.events[i] as Told).modRevision >= (taken.events[i - 1] as Told).modRevision).toBe(true)
      }
      through = taken.through
      seen.push(...names(taken.late), ...names(taken.events))
    }
    expect([...seen].sort()).toEqual([...all].sort())
  })
})
