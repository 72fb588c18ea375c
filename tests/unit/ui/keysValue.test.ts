import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { ValueAnswer } from '../../../app/_client/api'
import { breakLong, codeText, lineText, textLines } from '../../../app/(screens)/c/[cluster]/keys/codeLines'
import { hexRow, hexRowCount } from '../../../app/(screens)/c/[cluster]/keys/hexRows'
import {
  branchesOf,
  branchOf,
  bytesOfBase64,
  leaseHex,
  nameParams,
  showBytes,
  showText,
} from '../../../app/(screens)/c/[cluster]/keys/keyName'
import {
  needsRaw,
  rawBytes,
  rawCopy,
  rawLines,
  redactedSentence,
  tabOf,
  tabsOf,
  truncatedSentence,
} from '../../../app/(screens)/c/[cluster]/keys/prepareValue'
import { printJson } from '../../../app/(screens)/c/[cluster]/keys/printJson'
import { printYaml } from '../../../app/(screens)/c/[cluster]/keys/printYaml'

const bytes = (...values: number[]) => Uint8Array.from(values)

describe('keys as text', () => {
  it.each([
    ['/registry/pods/default/web-1', '/registry/pods/default/web-1', false],
    ['Grüße 漢字 🙂', 'Grüße 漢字 🙂', false],
    ['C:\\temp', 'C:\\temp', false],
    ['a\nb\tc', 'a\\nb\\tc', true],
    ['nul\u0000', 'nul\\x00', true],
    ['turned\u202earound', 'turned\\u{202e}around', true],
    ['zero\u200bwidth', 'zero\\u{200b}width', true],
    // A backslash beside an escape is doubled: \n as two characters is not \n the line break.
    ['\\n\n', '\\\\n\\n', true],
  ])('%j', (text, shown, escaped) => {
    expect(showText(text)).toEqual({ text: shown, escaped })
  })
  it.each([
    [bytes(0x2f, 0x61, 0xff, 0x62), '/a\\xffb', true],
    [bytes(0xc3, 0xbc), 'ü', false],
    [bytes(0xc3), '\\xc3', true],
    [bytes(0xf0, 0x9f, 0x99, 0x82, 0x80), '🙂\\x80', true],
    // Overlong and surrogate encodings are not UTF-8.
    [bytes(0xc0, 0xaf), '\\xc0\\xaf', true],
    [bytes(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80', true],
    [bytes(0x5c, 0xff), '\\\\\\xff', true],
    [bytes(0x5c, 0x6e), '\\n', false],
    [bytes(), '', false],
  ])('%j', (given, shown, escaped) => {
    expect(showBytes(given)).toEqual({ text: shown, escaped })
  })
  it('reads both alphabets of base64', () => {
    expect(bytesOfBase64('+/8=')).toEqual(bytesOfBase64('-_8'))
  })
  it('says a lease as etcdctl does', () => {
    expect(leaseHex('7587883212297968423')).toBe('694d93944a2b9b27')
    expect(leaseHex('255')).toBe('00000000000000ff')
  })
  it('names a key in a link, whatever is in it', () => {
    expect(nameParams({ key: '/a b&c' })).toBe('key=%2Fa%20b%26c')
    expect(nameParams({ keyBase64: '+/8=' })).toBe('keyBase64=%2B%2F8%3D')
  })
  it('finds the branches around a key', () => {
    expect(branchesOf('/a/b')).toEqual(['/', '/a/'])
    expect(branchesOf('plain')).toEqual([])
    expect(branchOf('/a/b')).toBe('/a/')
    expect(branchOf('plain')).toBe('')
  })
})

const yaml = (value: unknown) => `${codeText(printYaml(value))}\n`

describe('printYaml', () => {
  it('prints a Kubernetes object as one expects it', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web', annotations: {}, finalizers: [], labels: { 'app.kubernetes.io/name': 'web' } },
      data: { 'nginx.conf': 'server {\n  listen 80;\n\n}\n', on: 'yes', port: '8080' },
      list: [{ name: 'a', args: ['--port=1', '- x'] }, [1, 2], null],
    }
    expect(yaml(object)).toBe(`apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  annotations: {}
  finalizers: []
  labels:
    app.kubernetes.io/name: web
data:
  nginx.conf: |
    server {
      listen 80;

    }
  "on": "yes"
  port: "8080"
list:
  - name: a
    args:
      - --port=1
      - "- x"
  - - 1
    - 2
  - null
`)
  })
  it('knows names from values', () => {
    expect(printYaml({ a: 1 })[0]?.tokens).toEqual([
      ['key', 'a'],
      ['mark', ':'],
      ['plain', ' '],
      ['number', '1'],
    ])
  })
  const awkward = [
    ...['', ' ', 'null', '~', 'True', 'off', 'y', '0x1f', '010', '0o7', '1_000', '1e3', '.5', '5.', '-.inf', '1:30:00'],
    ...[
      '2025-11-22',
      '2025-11-22T12:00:00Z',
      '<<',
      '=',
      '- a',
      '-',
      '--',
      '---',
      '...',
      '?',
      ': a',
      'a: b',
      'a:',
      'a #b',
    ],
    ...[
      '#a',
      '&a',
      '*a',
      '!a',
      '|',
      '>',
      "'",
      '"',
      '%a',
      '@a',
      '`a',
      '{a',
      '[a',
      ',a',
      'a, b',
      '\t',
      'a\tb',
      'a\u0000',
    ],
    ...[
      '\n',
      'a\n',
      'a\n\n\n',
      '\na',
      ' a\nb',
      'a\n b',
      'a\n\n  b\n',
      'a\r\nb',
      'a\u2028b',
      '\ufeffa',
      'a \nb ',
      'a\n\tb',
    ],
    ...[
      '🙂',
      'ü: ü',
      '\\',
      'a\\nb',
      '1.2.3.4',
      '5d8bf7c4',
      '12345678901234567890',
      '+1',
      '1,000',
      'a\n---\nb',
      '# a\nb',
    ],
  ]
  it.each(awkward)('%j is read back as the same text, by both versions', (text) => {
    const value = { [text]: text, list: [text, { inner: text }], last: 1 }
    for (const version of ['1.1', '1.2'] as const) expect(parse(yaml(value), { version })).toEqual(value)
    expect(parse(yaml(text))).toEqual(text)
  })
  it('reads back whatever is put into it', () => {
    const seed = 20251122
    const random = randomFrom(seed)
    for (let round = 0; round < 200; round++) {
      const value = anyValue(random, 4)
      const printed = yaml(value)
      expect(parse(printed, { version: '1.1' }), `seed ${seed}, round ${round}:\n${printed}`).toEqual(value)
    }
  })

  function anyValue(random: () => number, depth: number): unknown {
    const pick = Math.floor(random() * (depth === 0 ? 5 : 8))
    const text = () => awkward[Math.floor(random() * awkward.length)] ?? ''
    const size = Math.floor(random() * 4)
    if (pick < 3) return text()
    if (pick === 3) return Math.round((random() - 0.5) * 1e6) / 8
    if (pick === 4) return random() < 0.3 ? null : random() < 0.5
    if (pick === 5) return Array.from({ length: size }, () => anyValue(random, depth - 1))
    return Object.fromEntries(Array.from({ length: size }, (_, i) => [`${text()}${i}`, anyValue(random, depth - 1)]))
  }
})

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

describe('printJson', () => {
  it('keeps numbers, order and repeated names as they were written', () => {
    const text = '{"b":12345678901234567890,"a":[],"b":{"x\\"y":[1.0,true,null]},"e":{}}'
    expect(codeText(printJson(text))).toBe(`{
  "b": 12345678901234567890,
  "a": [],
  "b": {
    "x\\"y": [
      1.0,
      true,
      null
    ]
  },
  "e": {}
}`)
  })
  it('knows names from values', () => {
    const kinds = printJson('{"a":"b","c":-1,"d":null}').map((line) => line.tokens.map(([kind]) => kind))
    expect(kinds[1]).toEqual(['key', 'mark', 'string', 'mark'])
    expect(kinds[2]?.[2]).toBe('number')
    expect(kinds[3]?.[2]).toBe('word')
  })
  it('gives what is there of a text that was cut', () => {
    expect(codeText(printJson('{"a":["long te'))).toBe('{\n  "a": [\n    "long te')
    expect(codeText(printJson(''))).toBe('')
  })
})

describe('lines', () => {
  it('are cut when too long, and copied as if they were not', () => {
    const text = `short\n${'x'.repeat(25)}\n`
    const lines = breakLong(textLines(text), 10)
    expect(lines.map((line) => [lineText(line), line.goesOn ?? false])).toEqual([
      ['short', false],
      ['xxxxxxxxxx', false],
      ['xxxxxxxxxx', true],
      ['xxxxx', true],
      ['', false],
    ])
    expect(codeText(lines)).toBe(text)
  })
  it('are not cut within a character, and keep what each part is', () => {
    const lines = breakLong(
      [
        {
          indent: 2,
          tokens: [
            ['key', 'abc'],
            ['string', '🙂🙂🙂'],
          ],
        },
      ],
      4,
    )
    expect(codeText(lines)).toBe('  abc🙂🙂🙂')
    expect(lines.map((line) => line.tokens)).toEqual([
      [
        ['key', 'abc'],
        ['string', '🙂'],
      ],
      [['string', '🙂🙂']],
    ])
  })
})

describe('hex rows', () => {
  const value = Uint8Array.from({ length: 20 }, (_, i) => i + 60)
  it('are as xxd prints them', () => {
    expect(hexRowCount(value)).toBe(2)
    expect(hexRow(value, 0)).toEqual({
      offset: '00000000',
      hex: '3c3d 3e3f 4041 4243 4445 4647 4849 4a4b',
      ascii: '<=>?@ABCDEFGHIJK',
    })
    expect(hexRow(value, 1)).toEqual({ offset: '00000010', hex: '4c4d 4e4f', ascii: 'LMNO' })
  })
  it('show only printable ASCII, and nothing of nothing', () => {
    expect(hexRow(bytes(0, 0x1f, 0x20, 0x7e, 0x7f, 0xff), 0).ascii).toBe('.. ~..')
    expect(hexRowCount(bytes())).toBe(0)
  })
})

describe('what a value is shown as', () => {
  const answer = (part: Partial<ValueAnswer>): ValueAnswer => ({
    key: '/a',
    modRevision: '2',
    createRevision: '2',
    version: '1',
    leaseId: null,
    at: '2025-11-22T12:00:00.000Z',
    encoding: 'text',
    redacted: null,
    valueBytes: 4,
    truncated: false,
    note: null,
    status: null,
    ...part,
  })
  it.each([
    ['kubernetes', null, 'decoded'],
    ['kubernetes', 'hex', 'hex'],
    ['text', 'decoded', 'raw'],
    ['binary', null, 'hex'],
    ['encrypted', 'raw', 'raw'],
    ['json', 'nonsense', 'decoded'],
  ] as const)('%s, asked for %s: %s', (encoding, wanted, tab) => {
    expect(tabOf(encoding, wanted)).toBe(tab)
    expect(tabsOf(encoding)).toContain(tab)
  })
  it('asks for the stored bytes only where the answer lacks them', () => {
    const object = answer({ encoding: 'kubernetes', object: {} })
    expect(needsRaw(object, 'decoded')).toBe(false)
    expect(needsRaw(object, 'hex')).toBe(true)
    expect(needsRaw({ ...object, base64: 'azhz' }, 'hex')).toBe(false)
    expect(needsRaw(answer({ text: 'x' }), 'hex')).toBe(false)
  })
  it('takes bytes from base64, else from the text', () => {
    expect([...rawBytes(answer({ base64: 'AP8=' }))]).toEqual([0, 255])
    expect([...rawBytes(answer({ text: 'ü' }))]).toEqual([0xc3, 0xbc])
    expect(codeText(rawLines(answer({ base64: Buffer.from('k8s\u0000\xff', 'latin1').toString('base64') })))).toBe(
      'k8s\\x00\\xff',
    )
    expect(rawCopy(answer({ base64: 'AP8=' }))).toEqual({ label: 'Copy base64', text: 'AP8=' })
    expect(rawCopy(answer({ text: 'a' }))).toEqual({ label: 'Copy text', text: 'a' })
  })
  it('says what is redacted, and what is cut', () => {
    expect(redactedSentence({ fingerprint: '0123456789abcdef0123', valueBytes: 470 })).toBe(
      'Value redacted, 470 B, fingerprint 0123456789abcdef',
    )
    expect(truncatedSentence(answer({ valueBytes: 3 * 1024 * 1024 }))).toBe(
      'Only the first 2 MiB of 3 MiB (3,145,728 B) are shown.',
    )
  })
})
