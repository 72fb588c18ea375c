import { describe, expect, it } from 'vitest'
import { changeWords, prepareVerdict } from '../../../app/(screens)/c/[cluster]/members/prepareVerdict'
import type { Cluster, LeaderChange, Member } from '../../../lib/contract'
import { clusterOf, leaderChange, member, NOW_MS, silent, threeMembers } from './membersFixtures'

const verdict = (members: readonly Member[], cluster: Partial<Cluster> = {}, changes: readonly LeaderChange[] = []) =>
  prepareVerdict({ cluster: clusterOf(members, cluster), members, changes, rangeWords: '6 h', nowMs: NOW_MS })

/** Answers Status, but no read goes through. */
const stuck = (letter: 'a' | 'b' | 'c') =>
  member(letter, { isLeader: false, healthy: false, error: 'It answers, but knows no leader' })
const alone = [member('b')]

interface Case {
  readonly name: string
  readonly members: readonly Member[]
  readonly cluster?: Partial<Cluster>
  readonly tone: string
  readonly sentence: string
}

const cases: readonly Case[] = [
  { name: 'all healthy', members: threeMembers(), tone: 'ok', sentence: '3 of 3 members healthy, tolerates 1 failure' },
  {
    name: 'one member down',
    members: [member('a'), member('b'), silent('c')],
    tone: 'warn',
    sentence: '2 of 3 members healthy, tolerates 0 failures',
  },
  {
    name: 'no quorum: two members down',
    members: [stuck('a'), silent('b'), silent('c')],
    tone: 'critical',
    sentence: 'No quorum: 1 of 3 members answering, 2 needed',
  },
  {
    name: 'no quorum although a leader is still named',
    members: [silent('a'), member('b'), silent('c')],
    tone: 'critical',
    sentence: 'No quorum: 1 of 3 members answering, 2 needed',
  },
  {
    name: 'quorum answers, reads do not go through',
    members: [member('b'), stuck('a'), stuck('c')],
    tone: 'critical',
    sentence: 'No quorum: 1 of 3 members healthy, 2 needed',
  },
  {
    name: 'no leader',
    members: [stuck('a'), stuck('b'), stuck('c')],
    tone: 'critical',
    sentence: 'No leader: 3 of 3 members answering, none leads',
  },
  {
    name: 'unreachable',
    members: [silent('a'), silent('b'), silent('c')],
    tone: 'critical',
    sentence: 'None of 3 members answers',
  },
  {
    name: 'a learner neither votes nor counts',
    members: [...threeMembers().slice(0, 2), member('c', { isLearner: true, healthy: false })],
    tone: 'warn',
    sentence: '2 of 2 members healthy, tolerates 0 failures',
  },
  { name: 'a single member', members: alone, tone: 'ok', sentence: '1 of 1 member healthy, tolerates 0 failures' },
  {
    name: 'hashes differ',
    members: [
      member('a'),
      member('b'),
      member('c', { hash: { revision: '890', compactRevision: '1', value: '99', agrees: false } }),
    ],
    tone: 'critical',
    sentence: 'Members differ: the hash of etcd-c disagrees',
  },
  {
    name: 'NOSPACE',
    members: threeMembers(),
    cluster: { alarms: [{ memberId: '1a', type: 'NOSPACE' }] },
    tone: 'critical',
    sentence: 'Alarm NOSPACE on etcd-a: writes are refused',
  },
  {
    name: 'CORRUPT before NOSPACE',
    members: threeMembers(),
    cluster: {
      alarms: [
        { memberId: '1a', type: 'NOSPACE' },
        { memberId: '1c', type: 'CORRUPT' },
      ],
    },
    tone: 'critical',
    sentence: 'Alarm CORRUPT on etcd-c: its data differs from the others',
  },
  {
    name: 'a lost quorum before an alarm',
    members: [stuck('a'), silent('b'), silent('c')],
    cluster: { alarms: [{ memberId: '1a', type: 'NOSPACE' }] },
    tone: 'critical',
    sentence: 'No quorum: 1 of 3 members answering, 2 needed',
  },
  {
    name: 'the apiserver as source',
    members: [],
    cluster: { source: 'apiserver' },
    tone: 'unknown',
    sentence: 'Members not visible: the source is the apiserver',
  },
  { name: 'nothing seen yet', members: [], tone: 'unknown', sentence: 'No member seen yet' },
]

describe('the verdict on the members', () => {
  it.each(cases)('$name', ({ members, cluster, tone, sentence }) => {
    expect(verdict(members, cluster)).toMatchObject({ tone, sentence })
  })

  it('never calls members unhealthy while no collector looks at them', () => {
    const last = threeMembers().map((one) => ({ ...one, healthy: false, isLeader: false, latencyMs: null }))
    const found = verdict(last, { state: 'stopped', error: 'No collector has reported for 40 s.' })
    expect(found.tone).toBe('unknown')
    expect(found.sentence).toMatch(/^Members not seen since /)
    expect(found.notes).toEqual(['No collector has reported for 40 s'])
    expect(found.leader).toBeNull()
  })

  it('says who leads, since when, and in which term', () => {
    expect(verdict(threeMembers()).leader).toMatchObject({ name: 'etcd-b' })
    expect(verdict(threeMembers()).leader?.words).toMatch(/^since \d\d:\d\d:\d\d, 41 min, term 118$/)
  })

  describe('when the collector started after the leader', () => {
    const leader = { memberId: '1b', name: 'etcd-b', since: null }
    const words = (changes: readonly LeaderChange[]) => verdict(threeMembers(), { leader }, changes).leader?.words

    it('takes the beginning from the recorded change to this term', () => {
      expect(words([leaderChange()])).toMatch(/^since \d\d:\d\d:\d\d, 41 min, term 118$/)
    })
    it.each([
      { name: 'no change recorded', changes: [] },
      { name: 'a change to an earlier term', changes: [leaderChange({ term: '117' })] },
      { name: 'a change to another member', changes: [leaderChange({ toMemberId: '1c' })] },
    ])('does not invent a beginning: $name', ({ changes }) => {
      expect(words(changes)).toBe('already when the collector began to watch, term 118')
    })
  })

  it('names each member in trouble with its sentence and when it last answered', () => {
    const { notes } = verdict([member('a'), member('b'), silent('c')])
    expect(notes[1]).toMatch(/^etcd-c: connection refused at 10\.0\.0\.1:2379, last answered /)
  })

  it('names learners', () => {
    const { notes } = verdict([...threeMembers(), member('a', { id: 'ff', name: '', isLearner: true })])
    expect(notes).toContain('ff learns and does not vote')
  })
})

describe('counting leader changes', () => {
  const planned = leaderChange({ planned: true })
  const lost = leaderChange()
  it.each([
    { changes: [], words: 'No leader change in 6 h' },
    { changes: [lost], words: '1 unplanned change in 6 h' },
    { changes: [planned, planned], words: '2 planned changes in 6 h' },
    { changes: [lost, planned, planned], words: '1 unplanned and 2 planned changes in 6 h' },
  ])('$words', ({ changes, words }) => {
    expect(changeWords(changes, '6 h')).toBe(words)
  })
})
