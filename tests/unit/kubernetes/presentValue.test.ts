import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { presentValue, printValue } from '../../../lib/kubernetes'
import { goDuration } from '../../../lib/kubernetes/goDuration'
import { readRecordedHistory } from '../../support/recordedHistory'

const key = Buffer.from('/app/x')
const present = (value: Buffer | string) => presentValue(key, Buffer.from(value), 7n)

describe('a value is recognised by its own bytes', () => {
  it.each<[string, Buffer | string, string, RegExp | null]>([
    ['text', 'hello\nworld\t1\r\n', 'text', null],
    ['nothing', '', 'text', null],
    ['text in UTF-8', 'größer 🚀', 'text', null],
    ['a number, which is a text', '42', 'text', null],
    ['a JSON object', '{"a": 1}', 'json', null],
    ['a JSON list', ' [1, 2]\n', 'json', null],
    ['almost JSON', '{"a": 1', 'text', null],
    ['a custom resource', '{"apiVersion":"a/v1","kind":"B","metadata":{"name":"c"}}', 'kubernetes', null],
    ['bytes that are not UTF-8', Buffer.from([0xc3, 0x28]), 'binary', /neither text/],
    ['control characters', 'a\0b', 'binary', /neither text/],
    ['CBOR', Buffer.from([0xd9, 0xd9, 0xf7, 0xa0]), 'binary', /CBOR/],
    ['encrypted, aescbc', 'k8s:enc:aescbc:v1:key1:\0\x01', 'encrypted', /aescbc\) with key key1/],
    ['encrypted, secretbox', 'k8s:enc:secretbox:v1:k-2:xx', 'encrypted', /secretbox\) with key k-2/],
    ['encrypted, kms', 'k8s:enc:kms:v2:vault:\0', 'encrypted', /kms v2\) with key vault/],
    ['encrypted, unheard of', 'k8s:enc:!', 'encrypted', /^Encrypted at rest by the apiserver\.$/],
    ['broken protobuf', Buffer.from('k8s\0\xff\xff\xff', 'latin1'), 'binary', /cannot be decoded/],
  ])('%s', (_name, value, encoding, note) => {
    const presented = present(value)
    expect(presented.encoding).toBe(encoding)
    if (note === null) expect(presented.note).toBeNull()
    else expect(presented.note).toMatch(note)
  })
})

describe('printing', () => {
  it("Kubernetes' order of fields, the revision as resourceVersion, text that YAML could misread quoted", () => {
    const stored = {
      status: { ok: true },
      spec: { on: 'on', n: '1', when: '12:30', text: 'a\nb\n' },
      metadata: { managedFields: [], labels: { b: 'yes' }, name: 'c' },
      kind: 'B',
      apiVersion: 'a/v1',
    }
    const printed = printValue(present(JSON.stringify(stored)))
    expect(printed.language).toBe('yaml')
    expect(printed.text.match(/^\w+/gm)).toEqual(['apiVersion', 'kind', 'metadata', 'spec', 'status'])
    expect(printed.text).toMatch(/metadata:\n {2}name: c\n {2}resourceVersion: "7"\n {2}labels:/)
    expect(parse(printed.text, { version: '1.1' })).toEqual({
      ...stored,
      metadata: { ...stored.metadata, resourceVersion: '7' },
    })
  })

  it('every recorded object reads back from its YAML as it was', () => {
    const newest = new Map(
      readRecordedHistory().flatMap((e) => (e.op === 'put' ? [[e.key.toString().split('/')[2], e]] : [])),
    )
    for (const event of newest.values()) {
      if (typeof event !== 'object') continue
      const presented = presentValue(event.key, event.value, event.modRevision)
      expect(parse(printValue(presented).text, { version: '1.1' })).toEqual(presented.object)
    }
  })

  it('JSON is laid out without touching its numbers, keys or order', () => {
    expect(printValue(present('{"b":12345678901234567890,"a":[],"a":{"c":"{,}\\"["} ,"d":[1,2.50]}'))).toEqual({
      language: 'json',
      text: '{\n  "b": 12345678901234567890,\n  "a": [],\n  "a": {\n    "c": "{,}\\"["\n  },\n  "d": [\n    1,\n    2.50\n  ]\n}\n',
    })
  })

  it('a large JSON text is laid out too', () => {
    const large = JSON.stringify({ blob: 'x'.repeat(1_500_000), list: Array.from({ length: 20_000 }, (_, i) => i) })
    expect(JSON.parse(printValue(present(large)).text)).toEqual(JSON.parse(large))
  })

  it('bytes are a hex dump, at most 64 KiB of them', () => {
    expect(printValue(present(Buffer.from('\0\x01ABCDEFGHIJKLMNOP')))).toEqual({
      language: 'hex',
      text: '00000000: 0001 4142 4344 4546 4748 494a 4b4c 4d4e  ..ABCDEFGHIJKLMN\n00000010: 4f50                                     OP\n',
    })
    expect(printValue(present(Buffer.alloc(100_000))).text).toMatch(/… 34464 more bytes are not shown\n$/)
  })
})

describe("durations read as Go's", () => {
  it.each([
    [0n, '0s'],
    [999n, '999ns'],
    [1_500n, '1.5µs'],
    [250_000_000n, '250ms'],
    [1_500_000_000n, '1.5s'],
    [90_000_000_000n, '1m30s'],
    [3_600_000_000_000n, '1h0m0s'],
    [-61_000_000_000n, '-1m1s'],
  ])('%s', (nanoseconds, text) => {
    expect(goDuration(nanoseconds)).toBe(text)
  })
})
