import { describe, expect, it } from 'vitest'
import { LiveHub } from '../../../lib/live'
import { type Frame, type Subscription, stalledAfterMs, waitingLimit } from '../../../lib/live/subscription'
import { emptyRecord, type FakeRecord, fakeReader } from '../../support/fakeReader'
import { FakeClock } from '../../support/fakeReaderClock'

function setup(): { record: FakeRecord; hub: LiveHub; clock: FakeClock; write: typeof write } {
  const record = emptyRecord()
  const clock = new FakeClock()
  const hub = new LiveHub(fakeReader(record), { clock })
  let seq = 0
  function write(topic: 'changes' | 'members' = 'changes', cluster = 'prod') {
    seq += 1
    record.version += 1
    record.pulses = [
      ...record.pulses.filter((p) => p.topic !== topic || p.cluster !== cluster),
      { cluster, topic, seq, cursor: `1:${seq}` },
    ]
    return seq
  }
  return { record, hub, clock, write }
}

/** Reads without end into a list. */
function drain(subscription: Subscription, clock: FakeClock): { frames: Frame[]; over: () => boolean } {
  const frames: Frame[] = []
  let over = false
  void (async () => {
    for (;;) {
      const taken = await subscription.take(clock.nowMs, (woken) => woken)
      if (taken === null) break
      frames.push(...taken)
    }
    over = true
  })()
  return { frames, over: () => over }
}

const subscribe = (hub: LiveHub, cluster: string | null = null, lastEventId: string | null = null) =>
  hub.subscribe({ cluster, lastEventId })

describe('LiveHub', () => {
  it('polls while somebody listens, and not before or after', async () => {
    const { hub, clock } = setup()
    expect(clock.sleepers).toBe(0)
    const subscription = await subscribe(hub)
    await clock.advance(100)
    expect(clock.sleepers).toBe(1)
    const second = await subscribe(hub)
    await clock.advance(100)
    expect(clock.sleepers).toBe(1)
    subscription.close()
    subscription.close()
    second.close()
    await clock.advance(100)
    expect(clock.sleepers).toBe(0)
    expect(hub.subscribers).toBe(0)
  })

  it('tells a write within one poll', async () => {
    const { hub, clock, write } = setup()
    const { frames } = drain(await subscribe(hub), clock)
    await clock.advance(100)
    write()
    await clock.advance(20)
    expect(frames).toEqual([{ event: 'changed', id: 1, data: { topic: 'changes', cluster: 'prod', cursor: '1:1' } }])
  })

  it('coalesces a burst: the first at once, then ten a second, the last one with the newest cursor', async () => {
    const { hub, clock, write } = setup()
    const { frames } = drain(await subscribe(hub), clock)
    await clock.advance(100)
    let last = 0
    for (let i = 0; i < 100; i++) {
      last = write()
      await clock.advance(10)
    }
    await clock.advance(200)
    expect(frames.length).toBeGreaterThanOrEqual(9)
    expect(frames.length).toBeLessThanOrEqual(12)
    expect(frames.at(-1)).toMatchObject({ id: last, data: { cursor: `1:${last}` } })
  })

  it('does not let a busy topic delay a quiet one', async () => {
    const { hub, clock, write } = setup()
    const { frames } = drain(await subscribe(hub), clock)
    await clock.advance(100)
    for (let i = 0; i < 10; i++) {
      write('changes')
      await clock.advance(10)
    }
    write('members')
    await clock.advance(20)
    expect(frames.at(-1)?.data).toMatchObject({ topic: 'members' })
  })

  it('tells each client only of the cluster it watches', async () => {
    const { hub, clock, write } = setup()
    const { frames } = drain(await subscribe(hub, 'prod'), clock)
    await clock.advance(20)
    write('changes', 'other')
    await clock.advance(200)
    expect(frames).toEqual([])
    write('changes', 'prod')
    await clock.advance(20)
    expect(frames).toHaveLength(1)
  })

  it('resumes: one frame for every topic that moved since, none for the rest', async () => {
    const { hub, clock, write } = setup()
    write('changes')
    const seen = write('members')
    write('changes')
    write('changes')
    const { frames } = drain(await subscribe(hub, null, String(seen)), clock)
    await clock.advance(20)
    expect(frames).toEqual([{ event: 'changed', id: 4, data: { topic: 'changes', cluster: 'prod', cursor: '1:4' } }])
  })

  it('an id is reached only when nothing before it is untold', async () => {
    const { hub, clock, write } = setup()
    const { frames } = drain(await subscribe(hub), clock)
    await clock.advance(20)
    write('members')
    await clock.advance(20)
    write('members') // waits for its spacing of 500 ms
    write('changes')
    await clock.advance(20)
    const second = frames.at(-1)
    expect(second?.data).toMatchObject({ topic: 'changes', cursor: '1:3' })
    // A reconnect with this id must still hear of the second members write.
    expect(second?.id).toBe(1)
    await clock.advance(600)
    expect(frames.at(-1)).toMatchObject({ id: 3, data: { topic: 'members', cursor: '1:2' } })
  })

  it.each(['99', 'abc', '-1', ''])('an id that this record has not handed out, %j, leads to a resync', async (id) => {
    const { hub, clock, write } = setup()
    write()
    const { frames } = drain(await subscribe(hub, null, id), clock)
    await clock.advance(20)
    expect(frames).toMatchObject([{ event: 'resync', id: 1 }])
  })

  it('drops a client that takes nothing: one resync, then the end, and bounded memory before', async () => {
    const { hub, clock, write } = setup()
    const slow = await subscribe(hub)
    for (let passedMs = 0; passedMs <= stalledAfterMs + 1000; passedMs += 100) {
      write()
      await clock.advance(100)
    }
    expect(hub.subscribers).toBe(0)
    const { frames, over } = drain(slow, clock)
    await clock.advance(20)
    expect(frames.map((frame) => frame.event)).toEqual(['resync'])
    expect(over()).toBe(true)
  })

  it('resyncs a client for which too much waits', async () => {
    const { hub, clock, write } = setup()
    const subscription = await subscribe(hub)
    for (let i = 0; i <= waitingLimit; i++) write('changes', `c${i}`)
    await clock.advance(40)
    const { frames } = drain(subscription, clock)
    await clock.advance(20)
    expect(frames.map((frame) => frame.event)).toEqual(['resync'])
  })

  it('outlives a database that cannot be read for a while, and then misses nothing', async () => {
    const { record, hub, clock, write } = setup()
    const { frames } = drain(await subscribe(hub), clock)
    await clock.advance(20)
    record.broken = new Error('disk I/O error')
    write()
    await clock.advance(5_000)
    expect(frames).toEqual([])
    record.broken = null
    await clock.advance(1_100)
    expect(frames).toHaveLength(1)
  })

  it('refuses to subscribe while the record cannot be read, before any stream opens', async () => {
    const { record, hub } = setup()
    record.broken = new Error('disk I/O error')
    await expect(subscribe(hub)).rejects.toThrow('disk I/O error')
    expect(hub.subscribers).toBe(0)
  })

  it('close ends every subscription', async () => {
    const { hub, clock } = setup()
    const reading = drain(await subscribe(hub), clock)
    hub.close()
    await clock.advance(20)
    expect(reading.over()).toBe(true)
    expect(drain(await subscribe(hub), clock)).toBeDefined()
    expect(hub.subscribers).toBe(0)
  })
})
