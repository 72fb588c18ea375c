import { describe, expect, it } from 'vitest'
import type { LeaderChangeInput, MemberStateInput } from '../../../lib/store'
import { change, testRecord } from './recordFixture'

const member = (memberId: string, state: MemberStateInput['state'], term: bigint | null = 3n): MemberStateInput => ({
  memberId,
  name: `m${memberId}`,
  state,
  term,
})
const leaderChange = (term: bigint, toMemberId: string, atMs: number): LeaderChangeInput => ({
  atMs,
  term,
  fromMemberId: null,
  fromName: null,
  toMemberId,
  toName: `m${toMemberId}`,
  leaderlessMs: 120,
  planned: false,
  elections: 1,
  revision: 9_007_199_254_740_993n,
})

describe('member lanes', () => {
  it('extend while nothing moves; a new stretch begins with a state, a term, or after a pause', async () => {
    const { writer, reader, cluster } = await testRecord()
    const observe = (atMs: number, ...members: MemberStateInput[]) =>
      writer.observeMembers(cluster, members, atMs, 5000)
    await observe(1000, member('1', 'leader'), member('2', 'follower'))
    await observe(2000, member('1', 'leader'), member('2', 'follower'))
    await observe(3000, member('1', 'follower', 4n), member('2', 'leader', 4n))
    await observe(4000, member('1', 'down', null), member('2', 'leader', 4n))
    await observe(20_000, member('1', 'down', null), member('2', 'leader', 4n))
    const lanes = await reader.memberStates(cluster, 0, 100_000)
    expect(lanes.map((one) => [one.memberId, one.state, one.term, one.fromMs, one.toMs])).toEqual([
      ['1', 'leader', 3n, 1000, 2000],
      ['1', 'follower', 4n, 3000, 3000],
      ['1', 'down', null, 4000, 4000],
      ['1', 'down', null, 20_000, 20_000],
      ['2', 'follower', 3n, 1000, 2000],
      ['2', 'leader', 4n, 3000, 4000],
      ['2', 'leader', 4n, 20_000, 20_000],
    ])
    expect((await reader.memberStates(cluster, 2500, 3500)).map((one) => one.state)).toEqual(['follower', 'leader'])
  })
})

describe('leader changes', () => {
  it('are recorded once per term and member, with every field', async () => {
    const { writer, reader, cluster } = await testRecord()
    const first = leaderChange(4n, 'a', 5000)
    await writer.recordLeaderChange(cluster, first)
    await writer.recordLeaderChange(cluster, { ...first, atMs: 6000 })
    const moved = { ...leaderChange(5n, 'b', 7000), planned: true, fromMemberId: 'a', fromName: 'ma', revision: null }
    await writer.recordLeaderChange(cluster, moved)
    expect(await reader.leaderChanges(cluster, 0, 10_000)).toEqual([first, moved])
    expect(await reader.leaderChanges(cluster, 5001, 7000)).toEqual([moved])
  })

  it('are gone on from by a restarted collector: the newest leader by term, and when it was last seen', async () => {
    const { writer, cluster } = await testRecord()
    expect(await writer.newestLeader(cluster)).toBeNull()
    await writer.observeMembers(cluster, [member('1', 'leader', 3n)], 1000, 5000)
    await writer.observeMembers(cluster, [member('1', 'leader', 3n)], 2000, 5000)
    expect(await writer.newestLeader(cluster)).toEqual({ term: 3n, memberId: '1', lastSeenMs: 2000 })
    await writer.recordLeaderChange(cluster, leaderChange(4n, '2', 2500))
    expect(await writer.newestLeader(cluster)).toEqual({ term: 4n, memberId: '2', lastSeenMs: 2500 })
    await writer.observeMembers(cluster, [member('2', 'leader', 4n)], 3000, 5000)
    expect(await writer.newestLeader(cluster)).toEqual({ term: 4n, memberId: '2', lastSeenMs: 3000 })
  })
})

describe('pulses', () => {
  it('tell each topic that moved, with one sequence over all, in the transaction of the write', async () => {
    const { writer, reader, cluster, append } = await testRecord()
    const seqs = async () => Object.fromEntries((await reader.pulses()).map((one) => [one.topic, one]))
    const writes: [string, () => Promise<unknown>][] = [
      ['changes', () => append([change({ revision: 2n })])],
      ['members', () => writer.observeMembers(cluster, [member('1', 'leader')], 1000, 5000)],
      ['leader', () => writer.recordLeaderChange(cluster, leaderChange(4n, 'a', 1))],
      ['state', () => writer.writeSnapshot(cluster, { state: 'live', document: { a: 1 }, atMs: 5 })],
      [
        'metrics',
        () => writer.writeSamples(cluster, 1, [{ metric: 'm', labels: {}, kind: 'gauge', value: 1, spanMs: 0 }]),
      ],
    ]
    let greatest = Math.max(...(await reader.pulses()).map((one) => one.seq))
    for (const [topic, write] of writes) {
      const version = reader.version()
      await write()
      expect(reader.version()).not.toBe(version)
      expect((await seqs())[topic]?.seq).toBe(greatest + 1)
      greatest++
    }
    expect((await seqs()).changes).toMatchObject({ cluster: 'prod', cursor: '1:2' })
    expect((await reader.cluster('prod'))?.snapshot).toEqual({ document: { a: 1 }, atMs: 5 })
  })

  it('stay silent when nothing is new: a repeated leader change, a lane that only grows, a progress', async () => {
    const { writer, reader, cluster, append } = await testRecord()
    await writer.recordLeaderChange(cluster, leaderChange(4n, 'a', 1))
    await writer.observeMembers(cluster, [member('1', 'leader')], 1000, 5000)
    const before = await reader.pulses()
    await writer.recordLeaderChange(cluster, leaderChange(4n, 'a', 2))
    await writer.observeMembers(cluster, [member('1', 'leader')], 2000, 5000)
    await append([], 50n)
    expect(await reader.pulses()).toEqual(before)
  })
})
