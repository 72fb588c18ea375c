import { describe, expect, it } from 'vitest'
import { createInbox } from '../../../lib/collector/inbox'

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
})
