import { Client, status as grpcStatus, Metadata, type ServiceError } from '@grpc/grpc-js'
import type { ClusterSettings } from '../config/settings'
import { ScopeError } from '../core/errors'
import { explainFailure, isStaleToken } from './callFailure'
import { channelCredentials, channelOptions } from './credentials'
import { parseEndpoint } from './endpoint'
import { callDeadlineMs } from './limits'
import { createLogin } from './login'
import { openWatchStream, type WatchHandlers, type WatchStream } from './watchStream'
import { decodeAuthenticateResponse, encodeAuthenticateRequest } from './wire/auth'
import { decodeMemberListResponse, encodeMemberListRequest, type MemberListResponse } from './wire/cluster'
import {
  type AlarmResponse,
  decodeAlarmResponse,
  decodeHashKvResponse,
  encodeAlarmGetRequest,
  encodeHashKvRequest,
  type HashKvResponse,
} from './wire/maintenance'
import { decodeRangeResponse, encodeRangeRequest, type RangeRequest, type RangeResponse } from './wire/range'
import { decodeStatusResponse, type StatusResponse } from './wire/status'

/**
 * One member on a channel of its own. Every failure is a ScopeError with one sentence; an expired token is renewed
 * once per call. Only reading verbs exist here: etcdscope never writes to the cluster it watches.
 */
export interface MemberConnection {
  /** As given in the settings. */
  readonly endpoint: string
  status(call?: CallOptions): Promise<StatusResponse>
  memberList(call?: CallOptions & { readonly linearizable?: boolean }): Promise<MemberListResponse>
  /** 0n: the member's newest revision. */
  hashKv(revision: bigint, call?: CallOptions): Promise<HashKvResponse>
  alarms(call?: CallOptions): Promise<AlarmResponse>
  /** Rejects with RevisionCompactedError when `revision` is gone. */
  range(request: RangeRequest, call?: CallOptions): Promise<RangeResponse>
  /** Opens a raw watch stream; the session on top of it is `watchKeyspace`. */
  openWatch(handlers: WatchHandlers): Promise<WatchStream>
  close(): void
}

export interface CallOptions {
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}

interface Verb<Request, Response> {
  readonly path: string
  readonly encode: (request: Request) => Buffer
  readonly decode: (bytes: Buffer) => Response
}

const statusVerb: Verb<null, StatusResponse> = {
  path: '/etcdserverpb.Maintenance/Status',
  encode: () => Buffer.alloc(0),
  decode: decodeStatusResponse,
}
const memberListVerb = {
  path: '/etcdserverpb.Cluster/MemberList',
  encode: encodeMemberListRequest,
  decode: decodeMemberListResponse,
}
const hashKvVerb = {
  path: '/etcdserverpb.Maintenance/HashKV',
  encode: encodeHashKvRequest,
  decode: decodeHashKvResponse,
}
const alarmVerb: Verb<null, AlarmResponse> = {
  path: '/etcdserverpb.Maintenance/Alarm',
  encode: encodeAlarmGetRequest,
  decode: decodeAlarmResponse,
}
const rangeVerb = { path: '/etcdserverpb.KV/Range', encode: encodeRangeRequest, decode: decodeRangeResponse }
const authenticateVerb = {
  path: '/etcdserverpb.Auth/Authenticate',
  encode: encodeAuthenticateRequest,
  decode: decodeAuthenticateResponse,
}

export function connectMember(endpointUrl: string, settings: ClusterSettings): MemberConnection {
  const endpoint = parseEndpoint(endpointUrl)
  const client = new Client(
    endpoint.authority,
    channelCredentials(endpoint, settings.tls),
    channelOptions(settings.tls),
  )
  const auth = settings.auth
  const login = createLogin(
    auth &&
      (async () => {
        try {
          return (await once(authenticateVerb, auth, null, {})).token
        } catch (error) {
          // A user for a cluster without auth is no mistake: etcdctl goes on without a token as well.
          if (isServiceError(error) && /authentication is not enabled/.test(error.details)) return null
          throw await explain(authenticateVerb.path, error, {})
        }
      }),
  )

  function once<Request, Response>(
    verb: Verb<Request, Response>,
    request: Request,
    token: string | null,
    { deadlineMs = callDeadlineMs, signal }: CallOptions,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(givenUp())
      const metadata = metadataWith(token)
      const deadline = Date.now() + deadlineMs
      const call = client.makeUnaryRequest(
        verb.path,
        verb.encode,
        verb.decode,
        request,
        metadata,
        { deadline },
        (error, answer) => {
          signal?.removeEventListener('abort', cancel)
          if (signal?.aborted) reject(givenUp())
          else if (error) reject(error)
          else if (answer === undefined) reject(new ScopeError('INTERNAL', `${verb.path} was answered with nothing.`))
          else resolve(answer)
        },
      )
      const cancel = () => call.cancel()
      signal?.addEventListener('abort', cancel, { once: true })
    })
  }

  async function unary<Request, Response>(
    verb: Verb<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    const token = await login.token()
    try {
      return await once(verb, request, token, options)
    } catch (error) {
      if (!auth || !isServiceError(error) || !isStaleToken(error)) throw await explain(verb.path, error, options)
    }
    login.drop(token)
    const renewed = await login.token()
    return await once(verb, request, renewed, options).catch(async (error) => {
      throw await explain(verb.path, error, options)
    })
  }

  function explain(path: string, error: unknown, { deadlineMs = callDeadlineMs }: CallOptions): Promise<unknown> {
    if (!isServiceError(error)) return Promise.resolve(error)
    const method = path.slice(path.lastIndexOf('/') + 1)
    return explainFailure({ endpoint, settings, method, deadlineMs, error })
  }

  const givenUp = () => new ScopeError('UNREACHABLE', `The call to ${endpoint.authority} was given up.`)

  return {
    endpoint: endpointUrl,
    status: (call) => unary(statusVerb, null, call),
    memberList: ({ linearizable = false, ...call } = {}) => unary(memberListVerb, { linearizable }, call),
    hashKv: (revision, call) => unary(hashKvVerb, { revision }, call),
    alarms: (call) => unary(alarmVerb, null, call),
    range: (request, call) => unary(rangeVerb, request, call),
    async openWatch(handlers) {
      const token = await login.token()
      return openWatchStream(client, metadataWith(token), {
        onResponse: handlers.onResponse,
        onEnd: handlers.onEnd,
        explain: async (error) => {
          if (isStaleToken(error)) login.drop(token)
          return await explainFailure({ endpoint, settings, method: 'Watch', deadlineMs: callDeadlineMs, error })
        },
      })
    },
    close: () => client.close(),
  }
}

function metadataWith(token: string | null): Metadata {
  const metadata = new Metadata()
  if (token) metadata.set('token', token)
  return metadata
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code in grpcStatus
}
