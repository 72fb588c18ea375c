import { status } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import { explainFailure, isStaleToken, RevisionCompactedError } from '../../../lib/etcd/callFailure'
import { parseEndpoint } from '../../../lib/etcd/endpoint'
import { clusterSettings } from '../../support/etcdSettings'

const endpoint = parseEndpoint('http://10.0.4.13:2379')
const anonymous = clusterSettings([endpoint.url])
const settings = clusterSettings([endpoint.url], { auth: { user: 'ann', password: 'secret' } })

describe('what a member answers becomes one sentence', () => {
  it.each<[number, string, string, string, string]>([
    [
      status.INVALID_ARGUMENT,
      'etcdserver: authentication failed, invalid user ID or password',
      'Range',
      'UNAUTHENTICATED',
      'The password of user ann was refused by 10.0.4.13:2379.',
    ],
    [
      status.PERMISSION_DENIED,
      'etcdserver: permission denied',
      'Range',
      'PERMISSION_DENIED',
      "User ann may not read the whole key space of 10.0.4.13:2379: grant a role with read on '' to '\\0'.",
    ],
    [
      status.PERMISSION_DENIED,
      'etcdserver: permission denied',
      'HashKV',
      'PERMISSION_DENIED',
      'User ann may not call HashKV on 10.0.4.13:2379: grant the role root.',
    ],
    [
      status.UNAVAILABLE,
      'etcdserver: no leader',
      'Watch',
      'UNREACHABLE',
      '10.0.4.13:2379 knows no leader at the moment.',
    ],
    [
      status.UNAVAILABLE,
      'etcdserver: request timed out, possibly due to previous leader failure',
      'Range',
      'UNREACHABLE',
      '10.0.4.13:2379 could not reach a quorum: request timed out, possibly due to previous leader failure.',
    ],
    [
      status.UNAVAILABLE,
      'No connection established. Last error: connect ECONNREFUSED 10.0.4.13:2379',
      'Status',
      'UNREACHABLE',
      'Connection refused at 10.0.4.13:2379.',
    ],
    [
      status.UNAVAILABLE,
      'No connection established. Last error: connect EHOSTUNREACH 10.0.4.13:2379',
      'Status',
      'UNREACHABLE',
      'There is no route to 10.0.4.13:2379.',
    ],
    [
      status.DEADLINE_EXCEEDED,
      'Deadline exceeded after 2s',
      'Status',
      'UNREACHABLE',
      'No answer from 10.0.4.13:2379 within 2 s.',
    ],
    [status.UNIMPLEMENTED, 'unknown service', 'HashKV', 'UNSUPPORTED', '10.0.4.13:2379 does not know the call HashKV.'],
    [
      status.RESOURCE_EXHAUSTED,
      'Received message larger than max (70000000 vs 67108864)',
      'Range',
      'UNSUPPORTED',
      'An answer of 10.0.4.13:2379 to Range is too large.',
    ],
    [
      status.OUT_OF_RANGE,
      'etcdserver: mvcc: required revision has been compacted',
      'Range',
      'NOT_COVERED',
      '10.0.4.13:2379 has compacted the asked revision.',
    ],
  ])('%i %s (%s)', async (code, details, method, expectedCode, sentence) => {
    const error = await explainFailure({ endpoint, settings, method, deadlineMs: 2_000, error: { code, details } })
    expect([error.code, error.message]).toEqual([expectedCode, sentence])
    expect(error instanceof RevisionCompactedError).toBe(expectedCode === 'NOT_COVERED')
  })

  it('a member that asks for a user names the settings', async () => {
    const error = { code: status.INVALID_ARGUMENT, details: 'etcdserver: user name is empty' }
    const told = await explainFailure({ endpoint, settings: anonymous, method: 'Range', deadlineMs: 1, error })
    expect(told.message).toBe('10.0.4.13:2379 asks for a user: set ETCDCTL_USER and ETCDCTL_PASSWORD.')
  })

  it.each<[number, string, boolean]>([
    [status.UNAUTHENTICATED, 'etcdserver: invalid auth token', true],
    [status.INVALID_ARGUMENT, 'etcdserver: revision of auth store is old', true],
    [status.PERMISSION_DENIED, 'etcdserver: permission denied', false],
    [status.INVALID_ARGUMENT, 'etcdserver: authentication failed, invalid user ID or password', false],
  ])('%i %s is worth a new login: %s', (code, details, stale) => expect(isStaleToken({ code, details })).toBe(stale))
})

describe('an endpoint', () => {
  it.each<[string, string, boolean]>([
    ['http://10.0.4.13:2379', '10.0.4.13:2379', false],
    ['https://etcd.example:2379/', 'etcd.example:2379', true],
    ['https://[fd00::1]:2379', '[fd00::1]:2379', true],
    ['https://etcd.example', 'etcd.example:443', true],
  ])('%s is dialled as %s', (url, authority, secure) => {
    expect(parseEndpoint(url)).toMatchObject({ authority, secure })
  })

  it.each(['10.0.4.13:2379', 'ftp://a:1', 'http://', ''])('%s is refused', (url) => {
    expect(() => parseEndpoint(url)).toThrow(expect.objectContaining({ code: 'BAD_SETTING' }))
  })
})
