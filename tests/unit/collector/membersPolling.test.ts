import { describe, expect, it } from 'vitest'
import { MemberRoutes } from '../../../lib/collector/members/memberRoutes'
import type { ListedMember, MemberTransport, StatusAnswer } from '../../../lib/collector/members/memberTransport'
import { StatusPoller } from '../../../lib/collector/members/statusPoller'
import { askStatus, type Timing } from '../../../lib/collector/members/statusRound'
import { statusSamples } from '../../../lib/collector/members/statusSamples'
import { ScopeError } from '../../../lib/core/errors'

/** A cluster of plain objects: what each endpoint answers is set by the test. Time passes only when somebody waits. */
class World implements MemberTransport {
  nowMs = 1_000_000
  readonly answers = new Map<string, StatusAnswer | Error | 'hangs'>()
  list: ListedMember[] = []
  read: Error | null = null
  listsAsked = 0

  readonly timing: Timing = {
    nowMs: () => this.nowMs,
    elapsedMs: () => this.nowMs,
    sleep: async (ms, signal) => {
      // Whoever can answer at once does so before time passes.
      for (let i = 0; i < 20; i++) await Promise.resolve()
      if (signal?.aborted !== true) this.nowMs += ms
    },
  }

  connect(endpoint: string) {
    return {
      status: async () => {
        const answer = this.answers.get(endpoint) ?? new ScopeError('UNREACHABLE', `${endpoint} refused the connection`)
        if (answer === 'hangs') return await new Promise<never>(() => undefined)
        if (answer instanceof Error) throw answer
        return answer
      },
      memberList: async () => {
        this.listsAsked++
        return this.list
      },
      hashKv: () => Promise.reject(new Error('not asked in this test')),
      linearizableRead: async () => {
        if (this.read !== null) throw this.read
      },
      close: () => undefined,
    }
  }

  scrape = () => Promise.reject(new Error('not asked in this test'))

  poller(...endpoints: string[]) {
    return new StatusPoller(new MemberRoutes(endpoints, this), this.timing, 10_000, null)
  }
}

const url = (id: string) => `http://${id}:2379`
const listed = (id: string): ListedMember => ({
  id,
  name: `m-${id}`,
  clientUrls: [url(id)],
  peerUrls: [],
  isLearner: false,
})
const statusOf = (memberId: string, leader: string | null, term = 2n, clusterId = 'c1'): StatusAnswer => ({
  clusterId,
  memberId,
  version: '3.5.30',
  revision: 10n,
  raftTerm: term,
  raftIndex: 20n,
  raftAppliedIndex: memberId === 'b' ? 15n : 20n,
  leader,
  isLearner: false,
  dbSizeBytes: 1,
  dbSizeInUseBytes: 1,
  quotaBytes: null,
  errors: [],
})

function three(): World {
  const world = new World()
  world.list = ['c', 'a', 'b'].map(listed)
  for (const id of ['a', 'b', 'c']) world.answers.set(url(id), statusOf(id, 'a'))
  return world
}

describe('one poll after the other', () => {
  it('finds all members from one endpoint, in the order of their names', async () => {
    const world = three()
    const poller = world.poller(url('a'))
    await poller.poll(true)
    const { census, leader, read } = await poller.poll(true)
    expect(census.members.map((m) => [m.name, m.status !== null])).toEqual([
      ['m-a', true],
      ['m-b', true],
      ['m-c', true],
    ])
    expect(leader).toMatchObject({ name: 'm-a', holds: true })
    expect(read).toMatchObject({ ok: true, memberId: 'a' })
  })

  it('a member that hangs costs the deadline, not more, and delays no one', async () => {
    const world = three()
    const poller = world.poller(url('a'), url('b'), url('c'))
    await poller.poll(true)
    world.answers.set(url('c'), 'hangs')
    const before = world.nowMs
    const { census, leader } = await poller.poll(true)
    expect(world.nowMs - before).toBe(800)
    expect(census.members[2]).toMatchObject({ status: null, error: 'http://c:2379 did not answer within 0.8 s' })
    expect(leader?.holds).toBe(true)
  })

  it('a new cluster at the same endpoints starts over: no change is made up between the two', async () => {
    const world = three()
    const poller = world.poller(url('a'), url('b'), url('c'))
    await poller.poll(true)
    world.list = ['x', 'y'].map(listed)
    world.answers.set(url('a'), statusOf('x', 'x', 7n, 'c2'))
    world.answers.set(url('b'), statusOf('y', 'x', 7n, 'c2'))
    world.answers.delete(url('c'))
    const { census, changes, leader } = await poller.poll(true)
    expect(census.clusterId).toBe('c2')
    expect(census.members.map((m) => m.name)).toEqual(['m-x', 'm-y'])
    expect(changes).toEqual([])
    expect(leader).toMatchObject({ name: 'm-x', holds: true })
  })

  it('the member list is asked for every ten seconds, and at once when somebody new answers', async () => {
    const world = three()
    const poller = world.poller(url('a'), url('b'), url('c'))
    for (let i = 0; i < 9; i++) {
      await poller.poll(true)
      world.nowMs += 1_000
    }
    expect(world.listsAsked).toBe(1)
    world.list = ['a', 'b', 'd'].map(listed)
    world.answers.set(url('c'), statusOf('d', 'a'))
    const { census } = await poller.poll(true)
    expect(world.listsAsked).toBe(2)
    expect(census.members.map((m) => m.name)).toEqual(['m-a', 'm-b', 'm-d'])
  })

  it('a read that fails makes the cluster unhealthy, and the next one asks another member', async () => {
    const world = three()
    const poller = world.poller(url('a'), url('b'), url('c'))
    await poller.poll(true)
    world.read = new ScopeError('UNREACHABLE', 'no quorum')
    const asked = new Set<string | undefined>()
    for (let i = 0; i < 4; i++) {
      const { read } = await poller.poll(true)
      expect(read).toMatchObject({ ok: false, error: 'no quorum' })
      asked.add(read?.memberId)
    }
    expect(asked.size).toBeGreaterThan(1)
    world.read = new ScopeError('PERMISSION_DENIED', 'may not read')
    expect((await poller.poll(true)).read?.ok).toBe(true)
  })

  it('a deadline that our own stall made late is asked again before it counts', async () => {
    let asked = 0
    const world = new World()
    const route = {
      endpoint: url('a'),
      configured: true,
      memberId: null,
      explanation: null,
      source: {
        ...world.connect(url('a')),
        status: async () => {
          asked++
          if (asked > 1) return statusOf('a', 'a')
          world.nowMs += 3_000
          throw new ScopeError('UNREACHABLE', 'late')
        },
      },
    }
    const { answers } = await askStatus([route], 800, world.timing)
    expect(answers[0]?.status).not.toBeNull()
    expect(asked).toBe(2)
  })
})

describe('samples of Status', () => {
  it('say up, term, lag behind the furthest, latency; a silent member is 0 and nothing else', async () => {
    const world = three()
    const poller = world.poller(url('a'), url('b'), url('c'))
    await poller.poll(true)
    world.answers.delete(url('c'))
    const { census, read } = await poller.poll(true)
    const printed = statusSamples(census.members, read).map((s) => `${s.labels.member} ${s.metric} ${s.value}`)
    expect(printed).toContain('m-a up 1')
    expect(printed).toContain('m-b etcdscope_raft_lag_entries 5')
    expect(printed).toContain('m-a etcdscope_raft_lag_entries 0')
    expect(printed.filter((line) => line.startsWith('m-c'))).toEqual(['m-c up 0'])
    expect(printed.filter((line) => line.includes('linearizable'))).toHaveLength(1)
  })
})
