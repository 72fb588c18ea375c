import { describe, expect, it } from 'vitest'
import { decodeAuthenticateResponse, encodeAuthenticateRequest } from '../../../lib/etcd/wire/auth'
import { decodeMemberListResponse, encodeMemberListRequest } from '../../../lib/etcd/wire/cluster'
import { decodeAlarmResponse, decodeHashKvResponse, encodeHashKvRequest } from '../../../lib/etcd/wire/maintenance'
import { decodeRangeResponse, encodeRangeRequest } from '../../../lib/etcd/wire/range'
import { WireError } from '../../../lib/etcd/wire/reader'
import { decodeStatusResponse } from '../../../lib/etcd/wire/status'
import { decodeWatchResponse, encodeWatchRequest } from '../../../lib/etcd/wire/watch'
import { bytesOf, seededRandom } from '../../support/seededRandom'
import { decodeAs, encodeAs } from './etcdProto'

const header = {
  cluster_id: '14841639068965178418',
  member_id: '10276657743932975437',
  revision: '9007199254740993',
  raft_term: '7',
}
const decodedHeader = {
  clusterId: 'cdf818194e3a8c32',
  memberId: '8e9e05c52164694d',
  revision: 9007199254740993n,
  raftTerm: 7n,
}

describe('int64 survive the wire exactly', () => {
  it.each([
    0n,
    1n,
    127n,
    128n,
    1023n,
    1024n,
    2n ** 28n,
    2n ** 49n - 1n,
    2n ** 49n,
    2n ** 53n + 1n,
    2n ** 63n - 1n,
    -1n,
    -(2n ** 63n),
  ])('%s', (revision) => {
    const bytes = encodeAs('WatchResponse', { compact_revision: String(revision) })
    expect(decodeWatchResponse(bytes).compactRevision).toBe(revision)
    const request = decodeAs(
      'RangeRequest',
      encodeRangeRequest({ key: Buffer.from('k'), rangeEnd: Buffer.alloc(0), revision }),
    )
    expect(request.revision ?? '0').toBe(String(revision))
  })
})

describe('WatchResponse', () => {
  const seed = 20260101
  const random = seededRandom(seed)
  const int = (limit: number) => Math.floor(random() * limit)
  const longOf = () => (random() < 0.5 ? String(int(2000)) : String(BigInt(int(2 ** 31)) * BigInt(int(2 ** 31))))
  const keyValue = () => ({
    key: bytesOf(random, 1 + int(40)),
    create_revision: longOf(),
    mod_revision: longOf(),
    version: longOf(),
    value: bytesOf(random, random() < 0.1 ? 0 : int(300)),
    lease: random() < 0.5 ? '0' : longOf(),
  })

  it(`decodes what an independent encoder wrote (seed ${seed})`, () => {
    for (let round = 0; round < 200; round++) {
      const events = Array.from({ length: int(20) }, () => {
        const type = int(2)
        return { type, kv: keyValue(), ...(random() < 0.2 ? { prev_kv: keyValue() } : {}) }
      })
      const message = { header, watch_id: String(int(100)), fragment: random() < 0.5, events }
      const unknown = { later: 1, later_still: '2', later_text: 'from a newer server', later_number: '-1' }
      const decoded = decodeWatchResponse(encodeAs('WatchResponse', { ...message, ...unknown }))
      expect(decoded.header).toEqual(decodedHeader)
      expect(decoded.watchId).toBe(BigInt(message.watch_id))
      expect(decoded.fragment).toBe(message.fragment)
      expect(decoded.events.map((e) => ({ ...e, key: Buffer.from(e.key), value: Buffer.from(e.value) }))).toEqual(
        events.map(({ type, kv }) => ({
          type: type === 1 ? 'delete' : 'put',
          key: kv.key,
          value: kv.value,
          modRevision: BigInt(kv.mod_revision),
          createRevision: BigInt(kv.create_revision),
          version: BigInt(kv.version),
          leaseId: BigInt(kv.lease),
        })),
      )
    }
  })

  it('decodes cancel with its reason, the watch id -1 and the compact revision', () => {
    const bytes = encodeAs('WatchResponse', {
      watch_id: '-1',
      created: true,
      canceled: true,
      compact_revision: '77',
      cancel_reason: 'etcdserver: permission denied',
    })
    expect(decodeWatchResponse(bytes)).toMatchObject({
      watchId: -1n,
      created: true,
      canceled: true,
      compactRevision: 77n,
      cancelReason: 'etcdserver: permission denied',
      events: [],
    })
  })

  it('slices keys and values out of the message instead of copying them', () => {
    const bytes = encodeAs('WatchResponse', { events: [{ kv: { key: Buffer.from('k'), value: Buffer.from('v') } }] })
    expect(decodeWatchResponse(bytes).events[0]?.value.buffer).toBe(bytes.buffer)
  })

  it('refuses a message that is cut anywhere within a field', () => {
    const bytes = encodeAs('WatchResponse', {
      header,
      events: [{ type: 1, kv: { key: Buffer.from('key'), mod_revision: '300', value: Buffer.from('value') } }],
    })
    const wholeAgain = [0, encodeAs('WatchResponse', { header }).length, bytes.length]
    for (let length = 0; length < bytes.length; length++) {
      if (wholeAgain.includes(length)) continue
      expect(() => decodeWatchResponse(bytes.subarray(0, length)), `cut at ${length}`).toThrow(WireError)
    }
  })
})

describe('WatchRequest', () => {
  const key = Buffer.from([0])
  it('create carries range, start, watch id, progress and fragment', () => {
    const create = { key, rangeEnd: key, startRevision: 2n ** 40n, progressNotify: true, fragment: true, watchId: 9n }
    expect(decodeAs('WatchRequest', encodeWatchRequest({ create }))).toEqual({
      create_request: {
        key,
        range_end: key,
        start_revision: String(2n ** 40n),
        progress_notify: true,
        watch_id: '9',
        fragment: true,
      },
    })
  })
  it('cancel and progress', () => {
    expect(decodeAs('WatchRequest', encodeWatchRequest({ cancel: 300n }))).toEqual({
      cancel_request: { watch_id: '300' },
    })
    expect(decodeAs('WatchRequest', encodeWatchRequest({ progress: true }))).toEqual({ progress_request: {} })
  })
})

describe('unary messages', () => {
  it('Range', () => {
    const key = Buffer.from([0xff, 0xfe])
    const request = encodeRangeRequest({
      key,
      rangeEnd: Buffer.from([0]),
      limit: 10n,
      revision: 5n,
      serializable: true,
      keysOnly: true,
    })
    expect(decodeAs('RangeRequest', request)).toEqual({
      key,
      range_end: Buffer.from([0]),
      limit: '10',
      revision: '5',
      serializable: true,
      keys_only: true,
    })
    const kv = { key, create_revision: '1', mod_revision: '2', version: '3', value: Buffer.from('v'), lease: '4' }
    const answer = decodeRangeResponse(encodeAs('RangeResponse', { header, kvs: [kv, kv], more: true, count: '12' }))
    expect(answer).toMatchObject({ header: decodedHeader, more: true, count: 12n })
    expect(answer.kvs).toHaveLength(2)
    expect(answer.kvs[1]).toMatchObject({ type: 'put', createRevision: 1n, modRevision: 2n, version: 3n, leaseId: 4n })
  })

  it('Status with every field of 3.6, and without those of later versions', () => {
    const old = {
      header,
      version: '3.4.23',
      dbSize: '20480',
      leader: '10276657743932975437',
      raftIndex: '9',
      raftTerm: '2',
    }
    expect(decodeStatusResponse(encodeAs('StatusResponse', old))).toEqual({
      header: decodedHeader,
      version: '3.4.23',
      dbSizeBytes: 20480,
      dbSizeInUseBytes: 0,
      leaderId: '8e9e05c52164694d',
      raftIndex: 9n,
      raftTerm: 2n,
      raftAppliedIndex: 0n,
      errors: [],
      isLearner: false,
      storageVersion: '',
      dbSizeQuotaBytes: null,
      downgrade: null,
    })
    const added = {
      raftAppliedIndex: '8',
      errors: ['NOSPACE', 'etcdserver: no leader'],
      dbSizeInUse: '4096',
      isLearner: true,
      storageVersion: '3.6.0',
      dbSizeQuota: '2147483648',
      downgradeInfo: { enabled: true, targetVersion: '3.5.0' },
    }
    expect(decodeStatusResponse(encodeAs('StatusResponse', { ...old, ...added }))).toMatchObject({
      raftAppliedIndex: 8n,
      errors: ['NOSPACE', 'etcdserver: no leader'],
      dbSizeInUseBytes: 4096,
      isLearner: true,
      storageVersion: '3.6.0',
      dbSizeQuotaBytes: 2147483648,
      downgrade: { enabled: true, targetVersion: '3.5.0' },
    })
  })

  it('MemberList with a learner that never started', () => {
    const members = [
      { ID: '10276657743932975437', name: 'm1', peerURLs: ['http://a:1'], clientURLs: ['http://a:2', 'http://b:2'] },
      { ID: '5', peerURLs: ['http://c:1'], isLearner: true },
    ]
    expect(decodeMemberListResponse(encodeAs('MemberListResponse', { header, members })).members).toEqual([
      {
        id: '8e9e05c52164694d',
        name: 'm1',
        peerUrls: ['http://a:1'],
        clientUrls: ['http://a:2', 'http://b:2'],
        isLearner: false,
      },
      { id: '5', name: '', peerUrls: ['http://c:1'], clientUrls: [], isLearner: true },
    ])
    expect(decodeAs('MemberListRequest', encodeMemberListRequest({ linearizable: true }))).toEqual({
      linearizable: true,
    })
  })

  it('HashKV, Alarm, Authenticate', () => {
    expect(
      decodeHashKvResponse(encodeAs('HashKVResponse', { header, hash: 4294967295, compact_revision: '6' })),
    ).toEqual({
      header: decodedHeader,
      hash: 4294967295,
      compactRevision: 6n,
      hashRevision: null,
    })
    expect(decodeAs('HashKVRequest', encodeHashKvRequest({ revision: 8n }))).toEqual({ revision: '8' })
    const alarms = [
      { memberID: '1', alarm: 1 },
      { memberID: '2', alarm: 2 },
      { memberID: '3', alarm: 9 },
    ]
    expect(decodeAlarmResponse(encodeAs('AlarmResponse', { header, alarms })).alarms).toEqual([
      { memberId: '1', type: 'NOSPACE' },
      { memberId: '2', type: 'CORRUPT' },
      { memberId: '3', type: 'UNKNOWN' },
    ])
    expect(decodeAs('AuthenticateRequest', encodeAuthenticateRequest({ user: 'ö', password: 'p' }))).toEqual({
      name: 'ö',
      password: 'p',
    })
    expect(decodeAuthenticateResponse(encodeAs('AuthenticateResponse', { header, token: 'abc.7' })).token).toBe('abc.7')
  })
})
