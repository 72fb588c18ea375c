import { describe, expect, it } from 'vitest'
import { applySplice, spliceOf } from '../../../lib/store/value/splice'
import { bytesOf, seededRandom } from '../../support/seededRandom'

const bytes = (text: string) => Buffer.from(text)
const uid = '22cd3bb6-9ae6-4897-a1e2-0da57de791aa'
const digest = '6e15d75d4adb8450aa32c40502d8af32fff845286ae80a8b55c7196bd4cff6fa'
const prose = 'a stretch that both of them have, '

describe('a splice', () => {
  it.each([
    ['nothing', '', '', null, 0],
    ['what equals its base', prose, prose, null, 2],
    ['one replaced stretch', `${prose}new ${prose}`, `${prose}old ${prose}`, null, 9],
    ['an inserted stretch', `${prose}12${prose}`, `${prose}${prose}`, null, 8],
    [
      'a stretch of the aid between two of the base',
      `${prose}the aid has this${prose}`,
      prose + prose,
      'the aid has this',
      7,
    ],
    ['a uid that none has', `uid: ${uid}!`, 'uid: ', null, 21],
    ['a digest that none has', digest, '', null, 34],
    ['odd digits', 'abcdef0123456', '', null, 9],
    ['what repeats itself', 'abcdefgh'.repeat(20), '', null, 15],
    ['what no source has', 'zyxw', 'abc', 'def', 5],
  ])('of %s takes few bytes', (_, value, base, aid, atMost) => {
    const help = aid === null ? null : bytes(aid)
    const splice = spliceOf(bytes(value), bytes(base), help, 1_000)
    expect(splice?.bytes.byteLength).toBeLessThanOrEqual(atMost)
    const back = applySplice(splice?.bytes ?? bytes('?'), bytes(base), splice?.usesAid ? help : null, value.length)
    expect(Buffer.from(back).toString()).toBe(value)
  })

  it('that would be longer than allowed is none', () => {
    expect(spliceOf(bytes('entirely other bytes than those of the base'), bytes('base'), null, 20)).toBeNull()
  })

  it('gives back any value from any two sources (seed 11)', () => {
    const random = seededRandom(11)
    const below = (end: number) => Math.floor(random() * end)
    const alphabets = ['0123456789abcdef', 'ab', 'the quick brown fox', '\0\u00ff-0f']
    const stretch = () => {
      const letters = alphabets[below(alphabets.length)] ?? ''
      return random() < 0.3
        ? bytesOf(random, below(60))
        : Buffer.from(Array.from({ length: below(90) }, () => letters.charCodeAt(below(letters.length))))
    }
    for (let round = 0; round < 3_000; round++) {
      const [base, aid] = [Buffer.concat([stretch(), stretch(), stretch()]), Buffer.concat([stretch(), stretch()])]
      const pieces: Buffer[] = []
      for (let piece = below(8); piece > 0; piece--) {
        const from = [base, aid, Buffer.concat(pieces), bytes(uid), stretch()][below(5)] ?? base
        const start = below(from.length)
        pieces.push(from.subarray(start, start + below(from.length - start + 1)))
      }
      const value = Buffer.concat(pieces)
      const help = random() < 0.3 ? null : aid
      const splice = spliceOf(value, base, help, value.length * 2 + 50)
      expect(splice).not.toBeNull()
      if (splice === null) continue
      const sources = [splice.usesBase ? base : bytes(''), splice.usesAid ? help : null] as const
      expect(Buffer.compare(applySplice(splice.bytes, ...sources, value.length), value)).toBe(0)
    }
  })

  it('that is damaged is refused or makes other bytes of the same length, and never more (seed 12)', () => {
    const random = seededRandom(12)
    const base = bytes(`${prose}${digest} ${uid} ${prose}`)
    const splice = spliceOf(bytes(`${prose}${uid} ${digest}${prose}`), base, bytes(prose), 1_000)?.bytes ?? bytes('')
    for (let round = 0; round < 5_000; round++) {
      const damaged = Buffer.from(splice.subarray(0, 1 + Math.floor(random() * splice.byteLength)))
      damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256)
      try {
        expect(applySplice(damaged, base, bytes(prose), 150).byteLength).toBe(150)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }
  })
})
