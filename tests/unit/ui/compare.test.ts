import { describe, expect, it } from 'vitest'
import { compareHref } from '../../../app/(screens)/c/[cluster]/compare/compareHref'
import { countsSentence, isNoise, itemHref } from '../../../app/(screens)/c/[cluster]/compare/prepareCompare'
import type { CompareItem } from '../../../lib/contract'

const item = (given: Partial<CompareItem> = {}): CompareItem => ({
  key: '/app/a b',
  op: 'update',
  fromRevision: '7',
  toRevision: '12',
  resource: null,
  namespace: null,
  name: null,
  significance: 'spec',
  redacted: false,
  summary: '1 → 2',
  ...given,
})
const many = (op: CompareItem['op'], count: number) => Array.from({ length: count }, () => item({ op }))

describe('the sentence of a comparison', () => {
  it.each([
    [[...many('create', 14), ...many('update', 3), ...many('delete', 2)], false, '14 created, 3 changed, 2 deleted'],
    [many('update', 1), false, '1 changed'],
    [[], false, 'No difference'],
    [many('create', 1200), true, 'At least 1,200 created'],
    [[], true, 'No difference so far'],
  ])('counts what there is and says when it is not all', (items, more, sentence) => {
    expect(countsSentence(items, more)).toBe(sentence)
  })
  it.each([
    ['spec', false],
    ['metadata', false],
    ['status', true],
    ['heartbeat', true],
    ['none', true],
  ] as const)('of %s is noise: %s', (significance, expected) => {
    expect(isNoise(item({ significance }))).toBe(expected)
  })
})

describe('a row of a comparison', () => {
  const same = { from: 1, to: 1, newest: 1 }
  it.each([
    ['both versions', item(), same, 'from=7&to=12'],
    [
      'both, the older one as From, when it leads back',
      item({ fromRevision: '12', toRevision: '7' }),
      same,
      'from=7&to=12',
    ],
    ['the creation', item({ fromRevision: null }), same, 'to=12'],
    ['versions of an older epoch by its name', item(), { from: 1, to: 2, newest: 2 }, 'from=e1-7&to=12'],
    ['both by epoch first', item({ fromRevision: '3' }), { from: 2, to: 1, newest: 2 }, 'from=e1-12&to=3'],
  ])('leads to %s', (_what, row, epochs, ends) => {
    expect(itemHref('prod', row, epochs, '')).toBe(`/c/prod/history/object?key=%2Fapp%2Fa+b&${ends}`)
  })
})

describe('the address of a comparison', () => {
  it('holds what is known and keeps the range', () => {
    expect(compareHref('a b', { prefix: '/x/', from: '3', to: 'now' }, '?range=1h')).toBe(
      '/c/a%20b/compare?range=1h&prefix=%2Fx%2F&from=3&to=now',
    )
    expect(compareHref('prod', { prefix: '' })).toBe('/c/prod/compare')
  })
})
