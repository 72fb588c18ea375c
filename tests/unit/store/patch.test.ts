import { describe, expect, it } from 'vitest'
import { applyPatch, patchLimitBytes, patchOf } from '../../../lib/store/value/patch'
import { bytesOf, seededRandom } from '../../support/seededRandom'

const bytes = (text: string) => Buffer.from(text)

describe('patchOf', () => {
  it.each([
    ['equal', 'abc', 'abc', 0],
    ['one stretch in the middle', 'a-new-z', 'a-old-z', 3],
    ['grown', 'abXXc', 'abc', 2],
    ['shrunk', 'ac', 'abc', 0],
    ['appended', 'abcdef', 'abc', 3],
    ['all replaced', 'xyz', 'abc', 3],
    ['from nothing', 'abc', '', 3],
    ['to nothing', '', 'abc', 0],
    ['repeats that could be matched twice', 'aaaa', 'aa', 2],
  ])('%s keeps only what changed', (_, value, base, changed) => {
    const patch = patchOf(bytes(value), bytes(base))
    expect(patch?.byteLength).toBe(changed + 2)
    expect(Buffer.from(applyPatch(patch ?? bytes(''), bytes(base), value.length)).toString()).toBe(value)
  })

  it('leaves a long stretch to deflate', () => {
    expect(patchOf(Buffer.alloc(patchLimitBytes + 1, 1), Buffer.alloc(0))).toBeNull()
  })

  it('gives back any value from any base (seed 7)', () => {
    const random = seededRandom(7)
    for (let i = 0; i < 2_000; i++) {
      const base = bytesOf(random, Math.floor(random() * 300))
      const at = Math.floor(random() * base.length)
      const cut = Math.floor(random() * 40)
      const value = Buffer.concat([
        base.subarray(0, at),
        bytesOf(random, Math.floor(random() * 80)),
        base.subarray(at + cut),
      ])
      const patch = patchOf(value, base)
      if (patch !== null) expect(Buffer.compare(applyPatch(patch, base, value.length), value)).toBe(0)
    }
  })
})

describe('applyPatch', () => {
  it.each([
    ['a base that is too short', patchOf(bytes('abcdef'), bytes('abcde')), 'ab', 6],
    ['another length', patchOf(bytes('abcdef'), bytes('abcde')), 'abcde', 7],
    ['a patch cut short', new Uint8Array([0x80]), 'abc', 3],
    ['no bytes at all', new Uint8Array(0), 'abc', 3],
  ])('refuses %s', (_, patch, base, length) => {
    expect(() => applyPatch(patch ?? bytes(''), bytes(base), length)).toThrow(RangeError)
  })
})
