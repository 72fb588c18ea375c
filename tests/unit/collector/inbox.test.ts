import { describe, expect, it } from 'vitest'
import { createInbox } from '../../../lib/collector/inbox'
import type { Clock } from '../../../lib/core/clock'

describe('the inbox between stream and store', () => {
  it('hands over in order everything that waits', async () => {
    const inbox = createInbox<number>(100)
    await inbox.put(1, 1)
    await inbox.put(2, 1)
    expect(await inbox.take()).toEqual([1, 2])
  })

  it('holds the stream back at its bound and lets it go once taken', async () => {
    const inbox = createInbox<number>(10)
    let passed = false
    const put = inbox.put(1, 10).then(() => {
      passed = true
    })
    await Promise.resolve()
    expect(passed).toBe(false)
    expect(await inbox.take()).toEqual([1])
    await put
    expect(passed).toBe(true)
  })

  it('gives what is left before the end', async () => {
    const inbox = createInbox<number>(100)
    await inbox.put(1, 1)
    inbox.end()
    expect(await inbox.take()).toEqual([1])
    expect(await inbox.take()).toBeNull()
  })

  it('rejects with the cause after what is left', async () => {
    const inbox = createInbox<number>(100)
    await inbox.put(1, 1)
    inbox.end(new Error('stream failed'))
    expect(await inbox.take()).toEqual([1])
    await expect(inbox.take()).rejects.toThrow('stream failed')
  })

  it('wakes a taker that waited first', async () => {
    const inbox = createInbox<number>(100)
    const taken = inbox.take()
    await inbox.put(7, 1)
    expect(await taken).toEqual([7])
  })

  it('never blocks the stream after the taker gave up', async () => {
    const inbox = createInbox<number>(1)
    const blocked = inbox.put(1, 5)
    inbox.close()
    await expect(blocked).resolves.toBeUndefined()
    await expect(inbox.put(2, 5)).resolves.toBeUndefined()
  })

  it('gathers for the time given, and no longer once enough waits', async () => {
    const naps: { ms: number; end: () => void }[] = []
    const clock: Clock = {
      nowMs: () => 0,
      sleep: (ms, signal) =>
        new Promise((end) => {
          naps.push({ ms, end })
          signal?.addEventListener('abort', () => end())
        }),
    }
    const inbox = createInbox<number>(100, clock)
    let gathered = false
    const gathering = inbox.gather(10, 5).then(() => {
      gathered = true
    })
    await inbox.put(1, 4)
    expect(naps.map(({ ms }) => ms)).toEqual([10])
    expect(gathered).toBe(false)
    await inbox.put(2, 1)
    await gathering
    expect(await inbox.take()).toEqual([1, 2])

    const timed = inbox.gather(10, 5)
    naps[1]?.end()
    await expect(timed).resolves.toBeUndefined()
  })

  it('does not gather past the end', async () => {
    const inbox = createInbox<number>(100)
    const gathering = inbox.gather(60_000, 5)
    inbox.end()
    await gathering
    await inbox.gather(60_000, 5)
    expect(await inbox.take()).toBeNull()
  })
})
