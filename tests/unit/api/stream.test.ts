import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changedFrame, resyncFrame } from '../../../lib/contract'
import { eventStream, LiveHub } from '../../../lib/live'
import { provideServing } from '../../../lib/query/serving'
import { fakeOperator, noChannels } from '../../support/fakeOperator'
import { clusterRow, emptyRecord, type FakeRecord, fakeReader } from '../../support/fakeReader'
import { FakeClock } from '../../support/fakeReaderClock'
import { ask } from './routes'

let record: FakeRecord
let withdraw: () => void
let seq = 0

beforeEach(() => {
  seq = 0
  record = emptyRecord()
  record.clusters = [clusterRow()]
  withdraw = provideServing({
    notify: noChannels,
    operator: fakeOperator(),
    reader: fakeReader(record),
    version: '0.0.0',
    startedAtMs: 0,
    settings: {
      databaseUrl: 'file:x',
      clusters: [{ name: 'prod', endpoints: ['http://10.0.0.1:2379'] }],
      insecure: false,
    },
  })
})
afterEach(() => withdraw())

function write(topic: 'changes' | 'members' = 'changes') {
  seq += 1
  record.version += 1
  record.pulses = [
    ...record.pulses.filter((p) => p.topic !== topic),
    { cluster: 'prod', topic, seq, cursor: `1:${seq}` },
  ]
}

/** Reads events off a body as a browser would, chunk borders anywhere. */
class Events {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #decoder = new TextDecoder()
  #buffer = ''

  constructor(body: ReadableStream<Uint8Array> | null) {
    if (!body) throw new Error('the answer has no body')
    this.#reader = body.getReader()
  }

  /** The next block; null at the end of the stream. */
  async next(): Promise<Record<string, string> | null> {
    for (;;) {
      const end = this.#buffer.indexOf('\n\n')
      if (end >= 0) {
        const block = this.#buffer.slice(0, end)
        this.#buffer = this.#buffer.slice(end + 2)
        return Object.fromEntries(
          block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        )
      }
      const { done, value } = await this.#reader.read()
      if (done) return null
      this.#buffer += this.#decoder.decode(value, { stream: true })
    }
  }

  cancel = () => this.#reader.cancel()
}

describe('GET /api/v1/stream', () => {
  it('says at once how to reconnect, and then what changed', async () => {
    const response = await ask('stream')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    const events = new Events(response.body)
    expect(await events.next()).toEqual({ retry: '1000' })
    write()
    const event = await events.next()
    expect(event).toMatchObject({ id: '1', event: 'changed' })
    expect(changedFrame.parse(JSON.parse(event?.data ?? ''))).toEqual({
      topic: 'changes',
      cluster: 'prod',
      cursor: '1:1',
    })
    await events.cancel()
  })

  it.each([
    ['the Last-Event-ID header', {}, { 'last-event-id': '2' }],
    ['the lastEventId parameter', { lastEventId: '2' }, {}],
  ])('resumes from %s: one frame for what moved since', async (_what, query, headers) => {
    write('members')
    write('members')
    write('changes')
    const events = new Events(
      (await ask('stream', query as Record<string, string>, { headers: headers as Record<string, string> })).body,
    )
    await events.next()
    expect(await events.next()).toMatchObject({ id: '3', event: 'changed' })
    await events.cancel()
  })

  it('resyncs a client whose id is not of this record', async () => {
    const events = new Events((await ask('stream', {}, { headers: { 'last-event-id': '77' } })).body)
    await events.next()
    const event = await events.next()
    expect(event?.event).toBe('resync')
    expect(resyncFrame.parse(JSON.parse(event?.data ?? '')).reason).toMatch(/\.$/)
    await events.cancel()
  })

  it('ends with the request, and takes the subscription along', async () => {
    const request = new AbortController()
    const events = new Events((await ask('stream', {}, { signal: request.signal })).body)
    await events.next()
    request.abort()
    expect(await events.next()).toBeNull()
  })

  it('counts open streams in the exposition, until the reader leaves', async () => {
    const subscribers = async () =>
      /etcdscope_stream_subscribers (\d+)/.exec(await (await ask('exposition')).text())?.[1]
    const events = new Events((await ask('stream')).body)
    expect(await subscribers()).toBe('1')
    await events.cancel()
    expect(await subscribers()).toBe('0')
  })

  it('tells a write within a few tens of milliseconds on the real clock, also in a burst', async () => {
    const events = new Events((await ask('stream')).body)
    await events.next()
    const delaysMs: number[] = []
    for (let i = 0; i < 15; i++) {
      const writtenMs = performance.now()
      write()
      await events.next()
      delaysMs.push(performance.now() - writtenMs)
    }
    // Each frame after the first waits out the 100 ms spacing; the first is what a single write costs.
    expect(delaysMs[0]).toBeLessThan(50)
    expect(Math.max(...delaysMs)).toBeLessThan(250)
    await events.cancel()
  })
})

describe('an event stream', () => {
  async function open(clock: FakeClock, signal = new AbortController().signal) {
    const hub = new LiveHub(fakeReader(record), { clock })
    const subscription = await hub.subscribe({ cluster: null, lastEventId: null })
    return { hub, events: new Events(eventStream(subscription, { signal, clock })) }
  }

  it('keeps a silent connection alive each 15 s', async () => {
    const clock = new FakeClock()
    const { events } = await open(clock)
    await events.next()
    const silence = events.next()
    await clock.advance(15_000)
    expect(await silence).toEqual({ '': 'keep-alive' })
    await events.cancel()
  })

  it('ends itself after five minutes, so that reconnecting is the normal path', async () => {
    const clock = new FakeClock()
    const { hub, events } = await open(clock)
    let blocks = 0
    let over = false
    void (async () => {
      while ((await events.next()) !== null) blocks += 1
      over = true
    })()
    await clock.advance(299_000)
    expect(over).toBe(false)
    expect(blocks).toBeGreaterThanOrEqual(19)
    await clock.advance(2_000)
    expect(over).toBe(true)
    expect(hub.subscribers).toBe(0)
  })

  it('gives up on a client that does not read: a resync, then the end', async () => {
    const clock = new FakeClock()
    const { hub, events } = await open(clock)
    for (let i = 0; i < 200; i++) {
      write()
      await clock.advance(100)
    }
    expect(hub.subscribers).toBe(0)
    const told: string[] = []
    for (let event = await events.next(); event !== null; event = await events.next()) told.push(event.event ?? 'other')
    expect(told.at(-1)).toBe('resync')
    expect(told.length).toBeLessThan(5)
  })

  it('leaves no timer behind when its request was over before it began', async () => {
    const clock = new FakeClock()
    const { hub, events } = await open(clock, AbortSignal.abort())
    await events.next()
    expect(await events.next()).toBeNull()
    await clock.advance(100)
    expect(hub.subscribers).toBe(0)
    expect(clock.sleepers).toBe(0)
  })
})
