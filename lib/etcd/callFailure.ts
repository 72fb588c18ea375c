import { status as code, type ServiceError } from '@grpc/grpc-js'
import type { ClusterSettings } from '../config/settings'
import { ScopeError } from '../core/errors'
import type { Endpoint } from './endpoint'
import { probeFailure, socketError } from './failureProbe'

/** Turns every failure of a call into one sentence that names the endpoint and the cause. */

/** The asked revision lies below the compaction: it can only be had from the record. */
export class RevisionCompactedError extends ScopeError {
  constructor(endpoint: Endpoint) {
    super('NOT_COVERED', `${endpoint.authority} has compacted the asked revision.`)
    this.name = 'RevisionCompactedError'
  }
}

interface Failure {
  readonly endpoint: Endpoint
  readonly settings: ClusterSettings
  /** Verb of the call, e.g. `Range`. */
  readonly method: string
  readonly deadlineMs: number
  readonly error: Pick<ServiceError, 'code' | 'details'>
}

/** True when a new login may help: the token has expired, or roles changed since it was given. */
export function isStaleToken(error: Pick<ServiceError, 'code' | 'details'>): boolean {
  return error.code === code.UNAUTHENTICATED || /invalid auth token|revision of auth store is old/.test(error.details)
}

/** May look at the endpoint a second time, because gRPC hides why a connection failed. */
export async function explainFailure(failure: Failure): Promise<ScopeError> {
  const { endpoint, settings, error } = failure
  const at = endpoint.authority
  const said = explainAnswer(failure)
  if (said) return said
  // A connection that stands but stays silent needs no second look, which would only be silent for longer.
  if (error.code === code.DEADLINE_EXCEEDED) {
    return new ScopeError('UNREACHABLE', `No answer from ${at} within ${failure.deadlineMs / 1000} s.`)
  }
  const asSocket = socketError(endpoint, new Error(error.details))
  if (asSocket && !/ECONNRESET|EPIPE/.test(error.details)) return asSocket
  const found = await probeFailure(endpoint, settings.tls)
  if (found) return found
  if (asSocket) return asSocket
  if (error.code === code.UNAVAILABLE || error.code === code.CANCELLED || error.code === code.INTERNAL) {
    return new ScopeError('UNREACHABLE', `The connection to ${at} was lost.`, { detail: { cause: error.details } })
  }
  return new ScopeError('UNREACHABLE', `${at} answered ${failure.method} with: ${error.details}.`)
}

/** What the server itself said; null when the failure lies below it. */
function explainAnswer({ endpoint, settings, method, error }: Failure): ScopeError | null {
  const at = endpoint.authority
  const user = settings.auth?.user
  const text = error.details.replace(/^etcdserver: /, '')
  if (/authentication failed|user name not found|invalid user ID or password/.test(text)) {
    return new ScopeError('UNAUTHENTICATED', `The password of user ${user} was refused by ${at}.`, {
      subject: 'ETCDCTL_PASSWORD',
    })
  }
  if (/user name is empty/.test(text) || (error.code === code.UNAUTHENTICATED && !user)) {
    const sentence = `${at} asks for a user: set ETCDCTL_USER and ETCDCTL_PASSWORD.`
    return new ScopeError('UNAUTHENTICATED', sentence, { subject: 'ETCDCTL_USER' })
  }
  if (isStaleToken(error)) {
    return new ScopeError('UNAUTHENTICATED', `${at} refused the login of user ${user} again after a new one.`)
  }
  if (error.code === code.PERMISSION_DENIED || /permission denied/.test(text)) {
    return permissionDenied(endpoint, user, method)
  }
  if (error.code === code.OUT_OF_RANGE && /compacted/.test(text)) return new RevisionCompactedError(endpoint)
  if (/no leader/.test(text)) return new ScopeError('UNREACHABLE', `${at} knows no leader at the moment.`)
  if (/^request timed out|leader changed/.test(text)) {
    return new ScopeError('UNREACHABLE', `${at} could not reach a quorum: ${text}.`)
  }
  if (error.code === code.UNIMPLEMENTED) {
    return new ScopeError('UNSUPPORTED', `${at} does not know the call ${method}.`)
  }
  if (error.code === code.RESOURCE_EXHAUSTED && /larger than max/.test(text)) {
    return new ScopeError('UNSUPPORTED', `An answer of ${at} to ${method} is too large.`, {
      detail: { tooLarge: true },
    })
  }
  return null
}

export function permissionDenied(endpoint: Endpoint, user: string | undefined, method: string): ScopeError {
  const who = user ? `User ${user}` : 'This client'
  const sentence = /Range|Watch/.test(method)
    ? `${who} may not read the whole key space of ${endpoint.authority}: grant a role with read on '' to '\\0'.`
    : `${who} may not call ${method} on ${endpoint.authority}: grant the role root.`
  return new ScopeError('PERMISSION_DENIED', sentence)
}
