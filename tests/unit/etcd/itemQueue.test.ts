import { describe, expect, it } from 'vitest'
import { ItemQueue } from '../../../lib/etcd/itemQueue'

async function rest<T>(queue: ItemQueue<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of queue.drain()) items.push(item)
  return items
}

describe('the hand-over to the consumer', () => {
  it('keeps the order and drops nothing, also beyond its bounds', async () => {
    const queue = new ItemQueue<number>({ bytes: 2, count: 2 }, () => undefined)
    for (let i = 0; i < 10; i++) queue.push(i, 1, 1)
    queue.end()
    expect(await rest(queue)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it.each([
    ['bytes', 4, 1],
    ['count', 1, 4],
  ])('is full by %s alone, and tells when half of it is free again', async (_, bytes, count) => {
    let rooms = 0
    const queue = new ItemQueue<string>({ bytes: 8, count: 8 }, () => rooms++)
    queue.push('a', bytes, count)
    expect(queue.isFull).toBe(false)
    queue.push('b', bytes, count)
    expect(queue.isFull).toBe(true)
    const draining = queue.drain()
    await draining.next()
    expect(rooms).toBe(0)
    await draining.next()
    expect(rooms).toBe(1)
    expect(queue.isFull).toBe(false)
  })

  it('an item counts until the consumer has asked for the next', async () => {
    const queue = new ItemQueue<string>({ bytes: 1, count: 9 }, () => undefined)
    queue.push('a', 1, 1)
    const draining = queue.drain()
    await draining.next()
    expect(queue.isFull).toBe(true)
    queue.end()
    await draining.next()
    expect(queue.isFull).toBe(false)
  })

  it('an error comes behind everything that was pushed before it', async () => {
    const queue = new ItemQueue<string>({ bytes: 9, count: 9 }, () => undefined)
    queue.push('a', 1, 1)
    queue.end(new Error('gone'))
    queue.push('late', 1, 1)
    const seen: string[] = []
    await expect(
      (async () => {
        for await (const item of queue.drain()) seen.push(item)
      })(),
    ).rejects.toThrow('gone')
    expect(seen).toEqual(['a'])
  })

  it('wakes a consumer that waits', async () => {
    const queue = new ItemQueue<string>({ bytes: 9, count: 9 }, () => undefined)
    const first = queue.drain().next()
    queue.push('a', 1, 1)
    expect(await first).toEqual({ value: 'a', done: false })
  })
})
