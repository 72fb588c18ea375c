import { describe, expect, it } from 'vitest'
import { batchLimits, type Delivery, gatherMs, joined, transactionsOf } from '../../../lib/collector/eventBatch'
import type { KeyEvent } from '../../../lib/etcd'

const event = (revision: number, valueBytes = 1): KeyEvent => ({
  type: 'put',
  key: Buffer.from(`k${revision}`),
  value: new Uint8Array(valueBytes),
  modRevision: BigInt(revision),
  createRevision: BigInt(revision),
  version: 1n,
  leaseId: 0n,
})
const delivery = (events: KeyEvent[], through: number, catchingUp = false): Delivery => ({
  events,
  through: BigInt(through),
  receivedAtMs: 1,
  catchingUp,
})

describe('transactionsOf', () => {
  it('keeps a small delivery whole', () => {
    const one = delivery([event(2), event(3)], 9)
    expect([...transactionsOf(one)]).toEqual([one])
  })

  it('passes a progress on as a transaction without events', () => {
    expect([...transactionsOf(delivery([], 7))].map((t) => [t.events.length, t.through])).toEqual([[0, 7n]])
  })

  it('never splits a revision, however many events it has', () => {
    const huge = Array.from({ length: 10_000 }, () => event(5))
    const pieces = [...transactionsOf(delivery([event(4), ...huge, event(6)], 6))]
    expect(pieces.map((p) => p.events.length)).toEqual([10_001, 1])
  })

  it('cuts at the change limit, and each piece reaches its own last revision, the last one the whole delivery', () => {
    const events = Array.from({ length: batchLimits.changes * 2 + 10 }, (_, i) => event(i + 1))
    const pieces = [...transactionsOf(delivery(events, 99_999))]
    expect(pieces.map((p) => p.through)).toEqual([2_000n, 4_000n, 99_999n])
    expect(pieces.flatMap((p) => p.events)).toEqual(events)
  })

  it('cuts at the byte limit', () => {
    const events = Array.from({ length: 20 }, (_, i) => event(i + 1, 1024 * 1024))
    const pieces = [...transactionsOf(delivery(events, 20))]
    expect(pieces.map((p) => p.events.length)).toEqual([8, 8, 4])
  })
})

describe('joined', () => {
  it('joins neighbours of one kind and takes the later end', () => {
    const both = joined(delivery([event(1)], 1), delivery([event(2)], 5))
    expect(both?.events.length).toBe(2)
    expect(both?.through).toBe(5n)
  })

  it('does not mix back-filled with observed events, whose times mean different things', () => {
    expect(joined(delivery([event(1)], 1, true), delivery([event(2)], 2))).toBeNull()
  })

  it('lets a progress ride on the events before it without touching their time', () => {
    expect(joined(delivery([event(1)], 1, true), { ...delivery([], 4), receivedAtMs: 0 })).toMatchObject({
      through: 4n,
      receivedAtMs: 1,
      catchingUp: true,
    })
  })

  it('stays within one transaction', () => {
    const many = Array.from({ length: batchLimits.changes }, (_, i) => event(i + 1))
    expect(joined(delivery(many, 1), delivery([event(9_999)], 9_999))).toBeNull()
  })
})

describe('gatherMs', () => {
  it('is short after few changes, longer after many, and bounded', () => {
    expect(gatherMs(1)).toBeLessThan(10)
    expect(gatherMs(40)).toBeGreaterThan(gatherMs(4))
    expect(gatherMs(2_000)).toBe(batchLimits.gatherMostMs)
  })
})
