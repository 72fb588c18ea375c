import { describe, expect, it } from 'vitest'
import { inOrder, shortNames } from '../../../app/(screens)/c/[cluster]/members/memberNames'
import { prepareMatrix } from '../../../app/(screens)/c/[cluster]/members/prepareMatrix'
import {
  bridged,
  largest,
  memberSeries,
  ratePerSecond,
  summed,
} from '../../../app/(screens)/c/[cluster]/members/prepareMemberSeries'
import { bugWords, prepareMembers } from '../../../app/(screens)/c/[cluster]/members/prepareMembers'
import { unobserved, withLeaderless } from '../../../app/(screens)/c/[cluster]/members/prepareStates'
import {
  answer,
  clusterOf,
  leaderChange,
  member,
  NOW_MS,
  ofMemberLabels,
  silent,
  stretch,
  threeMembers,
} from './membersFixtures'

describe('names', () => {
  it('orders members by name with numbers by value, whoever leads', () => {
    const named = ['etcd-10', 'etcd-9', 'etcd-1'].map((name, i) => member('a', { id: String(i), name }))
    expect(inOrder(named).map((one) => one.name)).toEqual(['etcd-1', 'etcd-9', 'etcd-10'])
  })

  it.each([
    { full: ['etcd-eu-1a', 'etcd-eu-1b'], short: ['1a', '1b'], why: 'cut at the last shared separator' },
    { full: ['etcd-1', 'etcd-2'], short: ['etcd-1', 'etcd-2'], why: 'short enough' },
    { full: ['node-long-1', 'node-long-2'], short: ['node-long-1', 'node-long-2'], why: 'one character tells nothing' },
    { full: ['alphabetical', 'alphanumeric'], short: ['alphabetical', 'alphanumeric'], why: 'no separator' },
    { full: ['etcd-eu-central-1'], short: ['etcd-eu-central-1'], why: 'alone' },
    { full: ['prod-etcd-x1', 'other-etcd-x2'], short: ['prod-etcd-x1', 'other-etcd-x2'], why: 'nothing shared' },
  ])('shortens $full to $short: $why', ({ full, short }) => {
    expect(shortNames(full)).toEqual(short)
  })
})

describe('lines of the members', () => {
  it('takes the worst peer of a member, and leaves a moment empty only when every peer is', () => {
    const rtt = answer([
      {
        labels: ofMemberLabels('a', { to: 'etcd-b' }),
        points: [
          [0, 1],
          [1, null],
          [2, null],
        ],
      },
      {
        labels: ofMemberLabels('a', { to: 'etcd-c' }),
        points: [
          [0, 3],
          [1, 2],
          [2, null],
        ],
      },
    ])
    expect(memberSeries(rtt, [member('a')])[0]?.points).toEqual([
      [0, 3],
      [1, 2],
      [2, null],
    ])
  })

  it('keeps a line, with its look, for a member without any measurement', () => {
    const [a, b] = memberSeries(answer([]), [member('a'), member('b')])
    expect(a?.points).toEqual([])
    expect(b?.color).not.toBe(a?.color)
    expect(b?.style).not.toBe(a?.style)
  })

  it('never turns missing into zero when it sums', () => {
    expect(
      summed([
        [
          [0, 1],
          [1, null],
        ],
        [
          [0, 2],
          [1, null],
        ],
      ]),
    ).toEqual([
      [0, 3],
      [1, null],
    ])
    expect(summed([[[0, null]], [[0, 2]]])).toEqual([[0, 2]])
    expect(largest([])).toEqual([])
  })

  it('joins measurements within reach, and cuts at longer silence', () => {
    expect(
      bridged(
        [
          [0, 1],
          [10, null],
          [20, 2],
          [30, null],
          [60, null],
          [90, 3],
          [100, null],
        ],
        20,
      ),
    ).toEqual([
      [0, 1],
      [20, 2],
      [30, null],
      [60, null],
      [90, 3],
      [100, null],
    ])
  })
})

describe('changes per second', () => {
  const counts = (points: [number, number | null][]) => answer([{ labels: { op: 'update' }, points }], 10_000)

  it('counts the last bucket by the time that has passed, once half of it has', () => {
    expect(
      ratePerSecond(
        counts([
          [0, 100],
          [10_000, 60],
        ]),
        16_000,
      ),
    ).toEqual([
      [0, 10],
      [10_000, 10],
    ])
    expect(
      ratePerSecond(
        counts([
          [0, 100],
          [10_000, 5],
        ]),
        11_000,
      ),
    ).toEqual([[0, 10]])
  })

  it('leaves unrecorded buckets empty', () => {
    expect(
      ratePerSecond(
        counts([
          [0, null],
          [10_000, 0],
        ]),
        60_000,
      ),
    ).toEqual([
      [0, null],
      [10_000, 0],
    ])
  })
})

describe('stretches that nobody observed', () => {
  const span = { fromMs: NOW_MS, toMs: NOW_MS + 600_000 }
  const gapsOf = (states: Parameters<typeof unobserved>[0], nowMs = span.toMs) =>
    unobserved(states, span, nowMs).map(({ fromMs, toMs }) => [(fromMs - NOW_MS) / 1000, (toMs - NOW_MS) / 1000])

  it('is a gap only where no member was seen', () => {
    expect(
      gapsOf([stretch('a', 'leader', 0, 200), stretch('b', 'follower', 0, 300), stretch('a', 'leader', 400, 600)]),
    ).toEqual([[300, 400]])
  })

  it('counts a member that is down as observed', () => {
    expect(gapsOf([stretch('a', 'down', -100, 700)])).toEqual([])
  })

  it('has a gap before the first look and after the last one, not beyond now', () => {
    expect(gapsOf([stretch('a', 'leader', 100, 200)], NOW_MS + 400_000)).toEqual([
      [0, 100],
      [200, 400],
    ])
  })

  it('ignores the pause between two looks', () => {
    expect(gapsOf([stretch('a', 'leader', 0, 100), stretch('a', 'leader', 110, 595)])).toEqual([])
  })

  it('knows nothing while the answer is on its way', () => {
    expect(unobserved(undefined, span, span.toMs)).toEqual([])
  })
})

describe('the leaderless time on the lanes', () => {
  const lost = leaderChange({ at: new Date(NOW_MS).toISOString(), leaderlessMs: 1840 })
  const states = [
    stretch('a', 'leader', -600, -2),
    stretch('a', 'down', -1, 60),
    stretch('b', 'follower', -600, -2),
    stretch('b', 'leader', 0, 60),
    stretch('c', 'follower', -600, -2),
  ]

  it('stands on every lane whose member was not seen down or without a leader', () => {
    const added = withLeaderless(states, [lost]).slice(states.length)
    expect(added.map(({ memberId, state }) => [memberId, state])).toEqual([
      ['1b', 'no-leader'],
      ['1c', 'no-leader'],
    ])
    expect(added[0]?.from).toBe(new Date(NOW_MS - 1840).toISOString())
  })

  it('is not drawn for a planned move, nor when nobody was without a leader', () => {
    expect(withLeaderless(states, [{ ...lost, planned: true }])).toBe(states)
    expect(withLeaderless(states, [{ ...lost, leaderlessMs: 0 }])).toBe(states)
  })

  it('is not drawn over a stretch in which nobody watched', () => {
    expect(withLeaderless(states, [{ ...lost, leaderlessMs: 36_400 }])).toBe(states)
  })
})

describe('the rows of the table', () => {
  const none = { fsync: undefined, commit: undefined, roundTrip: undefined }

  it('measures raft lag against the newest index of all members', () => {
    const members = [
      member('a', { raftIndex: '9007199254740993' }),
      member('b', { raftIndex: '9007199254740996' }),
      silent('c'),
    ]
    const rows = prepareMembers(clusterOf(members), members, none, null)
    expect(rows.map((row) => row.raftLag)).toEqual([3n, 0n, null])
    expect(rows.map((row) => row.role)).toEqual(['follower', 'leader', 'not answering'])
  })

  it('gives the leader, and nobody else, its since', () => {
    const members = threeMembers()
    const rows = prepareMembers(clusterOf(members), members, none, '2026-03-10T13:21:00.000Z')
    expect(rows.map((row) => row.since !== null)).toEqual([false, true, false])
  })

  it('puts the newest measurement and the alarms of a member into its row', () => {
    const members = threeMembers()
    const fsync = answer([
      {
        labels: ofMemberLabels('a'),
        points: [
          [0, 0.004],
          [1, 0.009],
          [2, null],
        ],
      },
    ])
    const cluster = clusterOf(members, { alarms: [{ memberId: '1a', type: 'NOSPACE' }] })
    const [a, b] = prepareMembers(cluster, members, { ...none, fsync }, null)
    expect(a).toMatchObject({ fsyncSeconds: 0.009, alarms: ['NOSPACE'] })
    expect(b).toMatchObject({ fsyncSeconds: null, alarms: [] })
  })

  it('does not pass off an old measurement of a silent member as now', () => {
    const members = [member('a'), member('b'), silent('c')]
    const fsync = answer([{ labels: ofMemberLabels('c'), points: [[0, 0.004]] }])
    expect(prepareMembers(clusterOf(members), members, { ...none, fsync }, null)[2]?.fsyncSeconds).toBeNull()
  })

  it('calls no role and no failure of a member at which no collector looks', () => {
    const members = [silent('a'), silent('b')]
    const rows = prepareMembers(clusterOf(members, { state: 'stopped' }), members, none, null)
    expect(rows.map((row) => row.role)).toEqual(['unknown', 'unknown'])
  })

  it('words known bugs once a version: one with its title, several by number and the newest fix', () => {
    const bug = (fixedIn: string) => ({ fixedIn, title: `fixed in ${fixedIn}` })
    const many = [bug('3.5.9'), bug('3.5.33'), bug('3.5.22')]
    expect(bugWords([member('a', { knownBugs: many }), member('b', { knownBugs: many })])).toEqual([
      '3.5.30 has 3 known bugs, the last of them fixed in 3.5.33',
    ])
    expect(bugWords([member('a', { knownBugs: [{ fixedIn: '3.5.33', title: 'Watch ignores permissions' }] })])).toEqual(
      ['3.5.30 has 1 known bug: Watch ignores permissions, fixed in 3.5.33'],
    )
    expect(bugWords([member('a'), silent('b')])).toEqual([])
  })
})

describe('the round trip matrix', () => {
  const members = threeMembers()
  const rtt = answer([
    {
      labels: ofMemberLabels('a', { to: 'etcd-b' }),
      points: [
        [0, 0.002],
        [1, 0.03],
        [2, null],
      ],
    },
    { labels: ofMemberLabels('b', { to: '1a' }), points: [[0, 0.2]] },
    { labels: ofMemberLabels('c', { to: 'etcd-a' }), points: [[0, null]] },
  ])
  const cell = (row: number, column: number) => prepareMatrix(rtt, members)[row]?.cells[column]

  it('shows the worst of the window, by row to column', () => {
    expect(cell(0, 1)).toMatchObject({ seconds: 0.03, self: false, shade: 3 })
  })
  it('finds a peer that is known by its id only, and warns where etcd does', () => {
    expect(cell(1, 0)).toMatchObject({ seconds: 0.2, tone: 'warn' })
  })
  it('leaves unmeasured ways and the diagonal without a value', () => {
    expect(cell(2, 0)).toMatchObject({ seconds: null, self: false })
    expect(cell(2, 2)).toMatchObject({ seconds: null, self: true })
  })
})
