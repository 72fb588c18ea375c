import { describe, expect, it } from 'vitest'
import { compareHashes, type HashTarget, hashRound, pinnedRevision } from '../../../lib/collector/members/hashCheck'

const answer = (memberId: string, hash: number, compactRevision = 5n, revision = 10n) => ({
  memberId,
  revision,
  answer: { hash, compactRevision },
})

describe('hash comparison', () => {
  const rows = [
    { name: 'all equal', given: [answer('a', 1), answer('b', 1), answer('c', 1)], agrees: [true, true, true] },
    {
      name: 'one of three differs',
      given: [answer('a', 1), answer('b', 2), answer('c', 1)],
      agrees: [true, false, true],
    },
    { name: 'two that differ accuse each other', given: [answer('a', 1), answer('b', 2)], agrees: [false, false] },
    { name: 'one alone has nothing to compare with', given: [answer('a', 1)], agrees: [null] },
    {
      name: 'another compact revision is not comparable',
      given: [answer('a', 1), answer('b', 1), answer('c', 9, 7n)],
      agrees: [true, true, null],
    },
    {
      name: 'another revision is not comparable',
      given: [answer('a', 1), answer('b', 2, 5n, 11n)],
      agrees: [null, null],
    },
  ]
  it.each(rows)('$name', ({ given, agrees }) => {
    const hashes = compareHashes(given)
    expect(given.map((g) => hashes.get(g.memberId)?.agrees)).toEqual(agrees)
  })

  it('prints the hash as eight hex digits with the revisions it was taken at', () => {
    expect(compareHashes([answer('a', 0xbeef)]).get('a')).toEqual({
      revision: '10',
      compactRevision: '5',
      value: '0000beef',
      agrees: null,
    })
  })
})

it('a keyspace that was never compacted has compact revision 0, where etcd says -1', () => {
  expect(compareHashes([answer('a', 1, -1n)]).get('a')?.compactRevision).toBe('0')
})

describe('a hash round', () => {
  const target = (memberId: string, revision: bigint, hash: number | Error): HashTarget => ({
    memberId,
    revision,
    async hashKv() {
      if (hash instanceof Error) throw hash
      return { hash, compactRevision: 3n }
    },
  })

  it('pins the newest revision that all members have', () => {
    expect(pinnedRevision([12n, 10n, 11n])).toBe(10n)
    expect(pinnedRevision([])).toBeNull()
    expect(pinnedRevision([0n, 5n])).toBeNull()
  })

  it('asks everybody for the same revision, and one that fails does not spoil the rest', async () => {
    const round = await hashRound(
      [target('a', 12n, 7), target('b', 10n, new Error('gone')), target('c', 11n, 7)],
      new AbortController().signal,
    )
    expect([...round.hashes.values()].map((h) => [h.revision, h.agrees])).toEqual([
      ['10', true],
      ['10', true],
    ])
    expect([...round.failures.keys()]).toEqual(['b'])
    expect(round.compactRevision).toBe(3n)
  })
})
