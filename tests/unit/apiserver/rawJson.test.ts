import { describe, expect, it } from 'vitest'
import { linesOf } from '../../../lib/apiserver/linesOf'
import { parseWatchLine, storedValueOf } from '../../../lib/apiserver/parseObject'
import { elementsOf, withoutMember } from '../../../lib/apiserver/rawJson'
import { readRecordedStreams } from '../../support/recordedStreams'

describe('the resourceVersion is cut out, and nothing else is touched', () => {
  it.each([
    ['in the middle', '{"metadata":{"a":1,"resourceVersion":"7","b":2}}', '{"metadata":{"a":1,"b":2}}'],
    ['first', '{"metadata":{"resourceVersion":"7","b":2}}', '{"metadata":{"b":2}}'],
    ['last', '{"metadata":{"a":1,"resourceVersion":"7"}}', '{"metadata":{"a":1}}'],
    ['alone', '{"x":1,"metadata":{"resourceVersion":"7"}}', '{"x":1,"metadata":{}}'],
    ['absent', '{"metadata":{"a":1}}', '{"metadata":{"a":1}}'],
    ['no metadata', '{"a":{"resourceVersion":"7"}}', '{"a":{"resourceVersion":"7"}}'],
    ['spaces', '{ "metadata" : { "resourceVersion" : "7" , "b" : 2 } }', '{ "metadata" : { "b" : 2 } }'],
    [
      'the same words elsewhere',
      '{"spec":{"resourceVersion":"7"},"metadata":{"annotations":{"x":"\\"resourceVersion\\":\\"7\\",{"},"resourceVersion":"7"}}',
      '{"spec":{"resourceVersion":"7"},"metadata":{"annotations":{"x":"\\"resourceVersion\\":\\"7\\",{"}}}',
    ],
    [
      'numbers that a double does not hold',
      '{"metadata":{"resourceVersion":"7"},"n":9223372036854775807,"f":1.0}',
      '{"metadata":{},"n":9223372036854775807,"f":1.0}',
    ],
  ])('%s', (_name, text, expected) => {
    expect(withoutMember(text, ['metadata', 'resourceVersion'])).toBe(expected)
  })

  it('holds for recorded objects', () => {
    for (const lines of readRecordedStreams().values()) {
      for (const line of lines.slice(0, 60)) {
        const parsed = parseWatchLine(line)
        if (parsed.type === 'BOOKMARK' || parsed.type === 'ERROR') continue
        const object = JSON.parse(line).object
        delete object.metadata.resourceVersion
        expect(JSON.parse(storedValueOf(parsed.text).toString())).toEqual(object)
      }
    }
  })
})

it('elements are found whatever stands in them', () => {
  const text = '[ {"a":"]},{"} , 1,"x\\\\" , [[]],{}]'
  expect([...elementsOf(text, 0)].map(({ from, to }) => text.slice(from, to))).toEqual([
    '{"a":"]},{"}',
    '1',
    '"x\\\\"',
    '[[]]',
    '{}',
  ])
  expect([...elementsOf('[ ]', 0)]).toEqual([])
})

describe('lines', () => {
  const split = async (chunks: string[], limit = 100) => {
    async function* give() {
      for (const chunk of chunks) yield Buffer.from(chunk, 'latin1')
    }
    const lines: string[] = []
    for await (const line of linesOf(give(), limit)) lines.push(line)
    return lines
  }

  it.each([
    ['in one chunk', ['a\nbc\n'], ['a', 'bc']],
    ['over chunks, a letter cut in two', ['a\nb\xc3', '\xa9c', '\n\nd\n'], ['a', 'béc', 'd']],
    ['what is cut off is not told', ['a\nbc'], ['a']],
  ])('%s', async (_name, chunks, expected) => {
    expect(await split(chunks)).toEqual(expected)
  })

  it('one that is too long is refused', async () => {
    await expect(split(['a\n', 'b'.repeat(60), 'b'.repeat(60)])).rejects.toThrow('more than 100 bytes')
  })
})

describe('what cannot be read', () => {
  it.each([
    ['no JSON', '{"type":"ADDED","object":{"data":{"password":"c4n4ry'],
    ['no name', '{"type":"ADDED","object":{"metadata":{"resourceVersion":"7"},"x":"c4n4ry"}}'],
    ['no revision', '{"type":"ADDED","object":{"metadata":{"name":"a"},"x":"c4n4ry"}}'],
    ['a revision that is none', '{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"c4n4ry"}}}'],
    ['an unknown type', '{"type":"c4n4ry","object":{}}'],
    ['no object', '{"type":"ADDED"}'],
  ])('%s: is refused without repeating it', (_name, text) => {
    let message = ''
    try {
      parseWatchLine(text)
    } catch (error) {
      message = String(error)
    }
    expect(message).toContain('cannot be read')
    expect(message).not.toContain('c4n4ry')
  })
})
