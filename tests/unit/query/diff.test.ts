import { applyPatch } from 'diff'
import { describe, expect, it } from 'vitest'
import { structuralDiff } from '../../../lib/query/structuralDiff'
import { plainDiff, unifiedDiff } from '../../../lib/query/unifiedDiff'

const names = { before: 'k', after: 'k' }

describe('a structural diff names what changed by its path', () => {
  it.each([
    ['equal objects', { a: 1, b: [1] }, { a: 1, b: [1] }, []],
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, [{ path: 'a.b', op: 'replace', before: 1, after: 2 }]],
    ['a new field', {}, { a: null }, [{ path: 'a', op: 'add', after: null }]],
    ['a lost field', { a: 1 }, {}, [{ path: 'a', op: 'remove', before: 1 }]],
    ['a type', { a: [] }, { a: {} }, [{ path: 'a', op: 'replace', before: [], after: {} }]],
    [
      'a moved and changed list element with a name',
      { c: [{ name: 'x', image: '1' }, { name: 'y' }] },
      { c: [{ name: 'y' }, { name: 'x', image: '2' }] },
      [{ path: 'c[name=x].image', op: 'replace', before: '1', after: '2' }],
    ],
    [
      'an added named element',
      { c: [{ name: 'x' }] },
      { c: [{ name: 'x' }, { name: 'y' }] },
      [{ path: 'c[name=y]', op: 'add', after: { name: 'y' } }],
    ],
    [
      'ports by number and protocol',
      {
        p: [
          { port: 53, protocol: 'TCP' },
          { port: 53, protocol: 'UDP', nodePort: 1 },
        ],
      },
      {
        p: [
          { port: 53, protocol: 'UDP', nodePort: 2 },
          { port: 53, protocol: 'TCP' },
        ],
      },
      [{ path: 'p[port,protocol=53,UDP].nodePort', op: 'replace', before: 1, after: 2 }],
    ],
    [
      'repeated names fall back to the index',
      { c: [{ name: 'x' }, { name: 'x' }] },
      { c: [{ name: 'x' }, { name: 'z' }] },
      [{ path: 'c[1].name', op: 'replace', before: 'x', after: 'z' }],
    ],
    ['plain lists by index', { a: ['x', 'y'] }, { a: ['x'] }, [{ path: 'a[1]', op: 'remove', before: 'y' }]],
    [
      'a name with dots',
      { 'app.io/x': 1 },
      { 'app.io/x': 2 },
      [{ path: '["app.io/x"]', op: 'replace', before: 1, after: 2 }],
    ],
    [
      'a hostile name',
      JSON.parse('{"__proto__": 1}'),
      JSON.parse('{"__proto__": 2}'),
      [{ path: '__proto__', op: 'replace', before: 1, after: 2 }],
    ],
    ['a created object', undefined, { a: 1 }, [{ path: '', op: 'add', after: { a: 1 } }]],
  ])('%s', (_what, before, after, expected) => {
    expect(structuralDiff(before, after)).toEqual(expected)
  })

  it('is bounded', () => {
    const many = (value: number) => Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, value]))
    expect(structuralDiff(many(1), many(2))).toHaveLength(2000)
  })
})

describe('a unified diff', () => {
  const random = seeded(7)
  const text = () =>
    Array.from({ length: Math.floor(random() * 12) }, () => `line ${Math.floor(random() * 5)}\n`).join('')

  it('of equal texts is empty', () => {
    expect(unifiedDiff('a\n', 'a\n', names)).toBe('')
  })
  it('applied to the one text gives the other, minimal or plain (seed 7)', () => {
    for (let i = 0; i < 300; i++) {
      const before = text()
      const after = text()
      if (before === after) continue
      expect(applyPatch(before, unifiedDiff(before, after, names))).toBe(after)
      expect(applyPatch(before, plainDiff(before, after, names))).toBe(after)
    }
  })
  it('of large and wholly different texts comes back in bounded time', () => {
    const big = (tag: string) => Array.from({ length: 12_000 }, (_, i) => `${tag} ${(i * 7919) % 997}\n`).join('')
    const startedMs = performance.now()
    const patch = unifiedDiff(big('a'), big('b'), names)
    expect(performance.now() - startedMs).toBeLessThan(2000)
    expect(patch).toContain('-a 0')
    expect(patch).toContain('+b 0')
  })
})

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
}
