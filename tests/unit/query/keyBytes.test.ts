import { describe, expect, it } from 'vitest'
import { keyFieldsOf, keyOf, prefixRange } from '../../../lib/query/keyBytes'

describe('keys outside and inside', () => {
  it.each([
    ['text', new TextEncoder().encode('/registry/ä'), { key: '/registry/ä' }],
    ['a byte-order mark is part of the key', new Uint8Array([0xef, 0xbb, 0xbf, 0x61]), { key: '\ufeffa' }],
    ['not UTF-8', new Uint8Array([0xff, 0x00]), { keyBase64: '/wA=' }],
  ])('%s comes back as the same bytes', (_what, bytes, fields) => {
    expect(keyFieldsOf(bytes)).toEqual(fields)
    expect([...keyOf(fields)]).toEqual([...bytes])
  })

  it.each([
    ['none', {}, 'key'],
    ['both', { key: 'a', keyBase64: 'YQ==' }, 'keyBase64'],
    ['no base64', { keyBase64: '***' }, 'keyBase64'],
  ])('refuses %s', (_what, fields, subject) => {
    expect(() => keyOf(fields)).toThrowError(expect.objectContaining({ code: 'BAD_REQUEST', subject }))
  })

  it.each([
    ['', [], []],
    ['a/', [0x61, 0x2f], [0x61, 0x30]],
    ['ÿ', [0xc3, 0xbf], [0xc3, 0xc0]],
  ])('the range of prefix %j ends right behind its keys', (prefix, from, to) => {
    const range = prefixRange(prefix)
    expect([[...range.from], [...range.to]]).toEqual([from, to])
  })
})
