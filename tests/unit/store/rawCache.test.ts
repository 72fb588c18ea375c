import { describe, expect, it } from 'vitest'
import { createRawCache } from '../../../lib/store/value/rawCache'
import { seededRandom } from '../../support/seededRandom'

describe('the cache of raw values', () => {
  it('never answers with anything but the newest value, whatever was evicted', () => {
    const random = seededRandom(3)
    const cache = createRawCache<number, number>(20_000)
    const truth = new Map<number, number>()
    let hits = 0
    for (let step = 0; step < 20_000; step++) {
      const key = Math.floor(random() * 100)
      const dice = random()
      if (dice < 0.4) {
        cache.set(key, step, Math.floor(random() * 400))
        truth.set(key, step)
      } else if (dice < 0.5) {
        cache.delete(key)
        truth.delete(key)
      } else {
        const found = cache.get(key)
        if (found !== undefined) {
          expect(found).toBe(truth.get(key))
          hits++
        }
      }
    }
    expect(hits).toBeGreaterThan(1000)
  })

  it('keeps what is used and drops the rest, within its bytes', () => {
    const cache = createRawCache<number, string>(10_000)
    cache.set(-1, 'used', 100)
    for (let key = 0; key < 1000; key++) {
      cache.set(key, `${key}`, 100)
      expect(cache.get(-1)).toBe('used')
    }
    const kept = Array.from({ length: 1000 }, (_, key) => cache.get(key)).filter((value) => value !== undefined)
    expect(kept.length).toBeLessThanOrEqual(10_000 / 300)
    expect(cache.get(999)).toBe('999')
  })

  it('does not take a value that would push out everything, and forgets the older one under that key', () => {
    const cache = createRawCache<string, string>(10_000)
    cache.set('k', 'small', 10)
    cache.set('k', 'huge', 9_000)
    expect(cache.get('k')).toBeUndefined()
    cache.set('k', 'small', 10)
    cache.clear()
    expect(cache.get('k')).toBeUndefined()
  })
})
