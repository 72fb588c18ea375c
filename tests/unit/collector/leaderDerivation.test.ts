import { describe, expect, it } from 'vitest'
import {
  deriveLeader,
  type LeaderState,
  type Look,
  resumeLeader,
  unobservedLeaderlessMs,
} from '../../../lib/collector/members/leaderDerivation'
import type { MemberLook } from '../../../lib/collector/members/leaderView'
import type { LeaderChangeInput, MemberStateInput } from '../../../lib/store'

/**
 * A look in one line: `t+answered a:5>a b:5>a c:x`. Each member answers `term>leader`, `-` for no leader, `x` for no
 * answer; a trailing `L` marks a learner, `!read` a linearizable read that did not go through.
 */
function look(line: string): Look {
  const [times = '', ...words] = line.trim().split(/\s+/)
  const [startedMs = 0, tookMs = 5] = times.split('+').map(Number)
  const members = words.filter((w) => w.includes(':')).map(memberOf)
  return { startedMs, atMs: startedMs + tookMs, members, readPrompt: !words.includes('!read'), revision: 100n }
}

function memberOf(word: string): MemberLook {
  const [memberId = '', rest = ''] = word.split(':')
  const isLearner = rest.endsWith('L')
  const answer = rest.replace(/L$/, '')
  const base = { memberId, name: `m-${memberId}`, isLearner }
  if (answer === 'x') return { ...base, reachable: false, term: null, leader: null }
  const [term = '0', leader = '-'] = answer.split('>')
  return { ...base, reachable: true, term: BigInt(term), leader: leader === '-' ? null : leader }
}

function run(lines: readonly string[], start: LeaderState | null = null) {
  let state = start
  const changes: LeaderChangeInput[] = []
  const lanes: MemberStateInput[][] = []
  const holds: boolean[] = []
  for (const line of lines) {
    const next = deriveLeader(state, look(line), 10_000)
    state = next.state
    changes.push(...next.changes)
    lanes.push([...next.memberStates])
    holds.push(state?.holds ?? false)
  }
  return { changes, lanes, holds, state }
}

/** `from>to term leaderless elections planned|unplanned` */
const printed = (c: LeaderChangeInput) =>
  `${c.fromMemberId}>${c.toMemberId} t${c.term} ${c.leaderlessMs}ms ${c.elections}e ${c.planned ? 'planned' : 'unplanned'}`

const sequences: { name: string; looks: string[]; changes: string[] }[] = [
  {
    name: 'a quiet cluster changes nothing, and the first sight is no change',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:5>a b:5>a c:5>a'],
    changes: [],
  },
  {
    name: 'a killed leader: counted from the last look at which it answered itself, unplanned',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:x b:5>a c:5>a', '2000 a:x b:6>- c:5>-', '2200 a:x b:6>b c:6>b'],
    changes: ['a>b t6 2205ms 1e unplanned'],
  },
  {
    name: 'a move asked for: the old leader follows at the next look',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:6>b b:6>b c:6>b'],
    changes: ['a>b t6 1005ms 1e planned'],
  },
  {
    name: 'a move asked for, looked at in the middle of the transfer',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:6>- b:6>- c:5>a !read', '1200 a:6>b b:6>b c:6>b'],
    changes: ['a>b t6 1205ms 1e planned'],
  },
  {
    name: 'a move seen first at the new leader alone',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:6>- b:6>b c:5>a', '1200 a:6>b b:6>b c:6>b'],
    changes: ['a>b t6 1005ms 1e planned'],
  },
  {
    name: 'an election that takes longer than a transfer is not asked for',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:6>- b:6>- c:6>-', '1600 a:6>b b:6>b c:6>b'],
    changes: ['a>b t6 1605ms 1e unplanned'],
  },
  {
    name: 'a leader that restarted between two looks disowns its term: unplanned',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:5>- b:5>a c:5>a', '1200 a:6>b b:6>b c:6>b'],
    changes: ['a>b t6 1205ms 1e unplanned'],
  },
  {
    name: 'a stalled leader fails reads before it is voted out: unplanned though it follows at once',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:5>a b:5>a c:5>a !read', '2000 a:6>b b:6>b c:6>b'],
    changes: ['a>b t6 1005ms 1e unplanned'],
  },
  {
    name: 'a read that failed long before the move does not count',
    looks: ['0 a:5>a b:5>a !read', '1000 a:5>a b:5>a', '2000 a:6>b b:6>b'],
    changes: ['a>b t6 1005ms 1e planned'],
  },
  {
    name: 'a leader that stops gracefully hands over and is gone: unplanned',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:x b:6>b c:6>b'],
    changes: ['a>b t6 1005ms 1e unplanned'],
  },
  {
    name: 'a leader cut off from its peers still claims its term: unplanned',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:5>a b:5>a c:5>a', '2000 a:5>a b:6>b c:6>b', '3000 a:5>- b:6>b c:6>b'],
    changes: ['a>b t6 1005ms 1e unplanned'],
  },
  {
    name: 'a partitioned member that counts terms up alone changes nothing until it is heard',
    looks: [
      '0 a:5>a b:5>a c:5>a',
      '1000 a:5>a b:5>a c:7>-',
      '2000 a:5>a b:5>a c:9>-',
      '3000 a:10>- b:10>- c:9>-',
      '4000 a:10>a b:10>a c:10>a',
    ],
    changes: ['a>a t10 2005ms 5e unplanned'],
  },
  {
    name: 'elections missed between two looks are seen by the term',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:8>c b:8>c c:8>c'],
    changes: ['a>c t8 1005ms 3e unplanned'],
  },
  {
    name: 'the same leader elected again is a change',
    looks: ['0 a:5>a b:5>a', '1000 a:6>a b:6>a'],
    changes: ['a>a t6 1005ms 1e unplanned'],
  },
  {
    name: 'all down, then back: one change, leaderless from the last look with a leader',
    looks: ['0 a:5>a b:5>a', '1000 a:x b:x', '2000 a:x b:x', '3000 a:6>- b:x', '4000 a:7>b b:7>b'],
    changes: ['a>b t7 4005ms 2e unplanned'],
  },
  {
    name: 'all unreachable, then back with the same leader: no change',
    looks: ['0 a:5>a b:5>a', '1000 a:x b:x', '2000 a:5>a b:5>a'],
    changes: [],
  },
  {
    name: 'a member replaced and a learner promoted: no change of leader',
    looks: ['0 a:5>a b:5>a c:x', '1000 a:5>a b:5>a d:5>aL', '2000 a:5>a b:5>a d:5>a'],
    changes: [],
  },
  {
    name: 'a leader unreachable from here but named by the others goes on leading; the bound reaches back one time-out',
    looks: ['0 a:5>a b:5>a c:5>a', '8000 a:x b:5>a c:5>a', '16000 a:x b:5>a c:5>a', '17000 a:x b:6>b c:6>b'],
    changes: ['a>b t6 11005ms 1e unplanned'],
  },
  {
    name: 'a pause of the observation is unknown, not leaderless: capped and never planned',
    looks: ['0 a:5>a b:5>a c:5>a', '3600000 a:6>b b:6>b c:6>b'],
    changes: [`a>b t6 ${unobservedLeaderlessMs}ms 1e unplanned`],
  },
  {
    name: 'an older term seen alone does not bring the old leader back',
    looks: ['0 a:5>a b:5>a c:5>a', '1000 a:6>b b:6>b c:6>b', '2000 a:x b:x c:5>a', '3000 a:6>b b:6>b c:6>b'],
    changes: ['a>b t6 1005ms 1e planned'],
  },
  {
    name: 'a cluster restored from a backup starts over at its lower term',
    looks: ['0 a:9>a b:9>a c:9>a', '1000 x:2>x y:2>x z:2>x', '2000 x:3>y y:3>y z:3>y'],
    changes: ['x>y t3 1005ms 1e planned'],
  },
]

describe('leader derivation', () => {
  it.each(sequences)('$name', ({ looks, changes }) => {
    expect(run(looks).changes.map(printed)).toEqual(changes)
  })

  it('a collector that starts again records a change it did not see, once, with the time since the last sight', () => {
    const resumed = resumeLeader({ term: 5n, memberId: 'a', lastSeenMs: 10_000 })
    const { changes } = run(['14000 a:6>b b:6>b', '15000 a:6>b b:6>b'], resumed)
    expect(changes.map(printed)).toEqual(['a>b t6 4005ms 1e unplanned'])
    expect(changes[0]?.fromName).toBe('m-a')
  })

  it('a collector that starts again under the same leader records nothing', () => {
    const { changes, state } = run(['99000 a:5>a b:5>a'], resumeLeader({ term: 5n, memberId: 'a', lastSeenMs: 10_000 }))
    expect(changes).toEqual([])
    expect(state).toMatchObject({ holds: true, name: 'm-a', sinceMs: null })
  })

  it('a change carries names, revision and when the answers were in', () => {
    const { changes, state } = run(['0 a:5>a b:5>a', '1000+30 a:6>b b:6>b'])
    expect(changes[0]).toMatchObject({ fromName: 'm-a', toName: 'm-b', atMs: 1030, revision: 100n })
    expect(state?.sinceMs).toBe(1030)
  })

  it('says at each look whether somebody leads', () => {
    const { holds } = run([
      '0 a:5>a b:5>a c:5>a',
      '1000 a:x b:5>a c:5>a',
      '2000 a:x b:6>- c:5>-',
      '3000 a:x b:6>b c:6>b',
    ])
    expect(holds).toEqual([true, true, false, true])
  })

  it('a leader that alone still claims while the others know none does not lead', () => {
    expect(run(['0 a:5>a b:5>a c:5>a', '1000 a:5>a b:6>- c:6>-']).holds).toEqual([true, false])
  })
})

describe('member lanes', () => {
  const rows: { look: string; states: string[] }[] = [
    { look: '0 a:5>a b:5>a c:5>aL', states: ['leader', 'follower', 'learner'] },
    { look: '0 a:x b:5>- c:5>-L', states: ['down', 'no-leader', 'no-leader'] },
    { look: '0 a:5>a b:6>b c:6>b', states: ['no-leader', 'leader', 'follower'] },
  ]
  it.each(rows)('$look', ({ look: line, states }) => {
    expect(run([line]).lanes[0]?.map((m) => m.state)).toEqual(states)
  })
})
