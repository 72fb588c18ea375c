import { describe, expect, it } from 'vitest'
import { applyPatch } from '../../../lib/store/value/patch'

const bytes = (text: string) => Buffer.from(text)

describe('a patch of an earlier version', () => {
  it('is read as it was written: lengths of head and tail, then the bytes between', () => {
    const patch = Uint8Array.of(2, 3, ...bytes('new'))
    expect(Buffer.from(applyPatch(patch, bytes('a-old-z'), 8)).toString()).toBe('a-newd-z')
  })

  it.each([
    ['a base that is too short', Uint8Array.of(5, 0, 0x66), 'ab', 6],
    ['another length', Uint8Array.of(5, 0, 0x66), 'abcde', 7],
    ['a patch cut short', Uint8Array.of(0x80), 'abc', 3],
    ['no bytes at all', new Uint8Array(0), 'abc', 3],
  ])('is refused for %s', (_, patch, base, length) => {
    expect(() => applyPatch(patch, bytes(base), length)).toThrow(RangeError)
  })
})
