import { describe, expect, it } from 'vitest'
import { alarmsOf } from '../../../lib/collector/members/alarms'
import { takeCensus } from '../../../lib/collector/members/knownMembers'
import { MemberRoutes } from '../../../lib/collector/members/memberRoutes'
import type { ListedMember, MemberSource, StatusAnswer } from '../../../lib/collector/members/memberTransport'
import type { RouteAnswer } from '../../../lib/collector/members/statusRound'

const listed = (id: string, url?: string): ListedMember => ({
  id,
  name: url === undefined ? '' : `m-${id}`,
  clientUrls: url === undefined ? [] : [url],
  peerUrls: [],
  isLearner: false,
})

const statusOf = (memberId: string, clusterId = 'c1'): StatusAnswer => ({
  clusterId,
  memberId,
  version: '3.5.30',
  revision: 10n,
  raftTerm: 2n,
  raftIndex: 20n,
  raftAppliedIndex: 20n,
  leader: 'a',
  isLearner: false,
  dbSizeBytes: 1,
  dbSizeInUseBytes: 1,
  quotaBytes: null,
  errors: [],
})

const answers = (endpoint: string, memberId: string, clusterId?: string): RouteAnswer => ({
  endpoint,
  configured: true,
  memberId,
  status: statusOf(memberId, clusterId),
  latencyMs: 1,
  error: null,
})

const fails = (endpoint: string, memberId: string | null = null): RouteAnswer => ({
  endpoint,
  configured: true,
  memberId,
  status: null,
  latencyMs: null,
  error: `${endpoint} refused the connection`,
})

describe('the census of one round', () => {
  it('a member is known by the id that answers, not by the address that it advertises', () => {
    const census = takeCensus([answers('http://10.0.0.1:2379', 'a')], [listed('a', 'http://etcd-0.internal:2379')])
    expect(census.members).toMatchObject([{ id: 'a', name: 'm-a', endpoint: 'http://10.0.0.1:2379', error: null }])
    expect(census.error).toBeNull()
  })

  it('a silent member carries the sentence of the endpoint that was its own', () => {
    const census = takeCensus(
      [answers('http://h:1', 'a'), fails('http://h:2', 'b')],
      [listed('a', 'http://x:1'), listed('b', 'http://x:2')],
    )
    expect(census.members[1]).toMatchObject({ status: null, error: 'http://h:2 refused the connection' })
    expect(census.error).toBeNull()
  })

  it('a member that never started says so', () => {
    const census = takeCensus([answers('http://h:1', 'a')], [listed('a', 'http://x:1'), listed('d')])
    expect(census.members[1]?.error).toMatch(/not started/)
  })

  it('an endpoint that fits no member is mentioned for the cluster', () => {
    const census = takeCensus([answers('http://h:1', 'a'), fails('http://typo:1')], [listed('a', 'http://x:1')])
    expect(census.error).toBe('http://typo:1 refused the connection')
  })

  it('an endpoint of another cluster is left out and named', () => {
    const census = takeCensus(
      [answers('http://h:1', 'a'), answers('http://h:2', 'b'), answers('http://h:3', 'z', 'c2')],
      [listed('a', 'http://h:1'), listed('b', 'http://h:2')],
    )
    expect(census.clusterId).toBe('c1')
    expect(census.members.map((m) => m.id)).toEqual(['a', 'b'])
    expect(census.error).toBe('http://h:3 belongs to cluster c2, the other endpoints to c1')
  })

  it('a member that the list does not know yet is there under its id', () => {
    expect(takeCensus([answers('http://h:1', 'a')], []).members).toMatchObject([{ id: 'a', name: 'a' }])
  })

  it('nobody answers: every listed member stays, each with its error', () => {
    const census = takeCensus([fails('http://h:1', 'a')], [listed('a', 'http://h:1'), listed('b', 'http://h:2')])
    expect(census.clusterId).toBeNull()
    expect(census.members.map((m) => m.error)).toEqual([
      'http://h:1 refused the connection',
      'No endpoint answers for it; it advertises http://h:2',
    ])
  })
})

describe('the routes to members', () => {
  const opened: string[] = []
  const closed: string[] = []
  const transport = {
    connect(endpoint: string): MemberSource {
      opened.push(endpoint)
      const never = () => Promise.reject(new Error('not asked in this test'))
      return {
        status: never,
        memberList: never,
        hashKv: never,
        linearizableRead: never,
        close: () => void closed.push(endpoint),
      }
    },
    scrape: () => Promise.reject(new Error('not asked in this test')),
  }

  it('advertised addresses are asked only for members that no configured endpoint answers for', () => {
    const routes = new MemberRoutes(['http://h:1/', 'http://h:1'], transport)
    const members = [listed('a', 'http://x:1'), listed('b', 'http://x:2'), listed('c', 'http://h:1')]
    const asked = (answered: string[]) => routes.asked(members, new Set(answered)).map((r) => r.endpoint)
    expect(asked([])).toEqual(['http://h:1', 'http://x:1', 'http://x:2'])
    expect(asked(['a'])).toEqual(['http://h:1', 'http://x:2'])
    expect(closed).toEqual(['http://x:1'])
    expect(opened).toEqual(['http://h:1', 'http://x:1', 'http://x:2'])
  })
})

describe('alarms in the remarks of Status', () => {
  const rows = [
    {
      remarks: ['memberID:9372538179322589801 alarm:NOSPACE '],
      alarms: [{ memberId: '8211f1d0f64f3269', type: 'NOSPACE' }],
    },
    { remarks: ['etcdserver: no leader'], alarms: [] },
    {
      remarks: ['memberID:1 alarm:CORRUPT ', 'memberID:1 alarm:CORRUPT '],
      alarms: [{ memberId: '1', type: 'CORRUPT' }],
    },
    { remarks: ['memberID:255  alarm:FUTURE'], alarms: [{ memberId: 'ff', type: 'UNKNOWN' }] },
  ]
  it.each(rows)('$remarks', ({ remarks, alarms }) => {
    expect(alarmsOf(remarks)).toEqual(alarms)
  })
})
