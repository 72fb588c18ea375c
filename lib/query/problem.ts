import type { Problem } from '../contract'
import { type ErrorCode, ScopeError } from '../core/errors'

/** The one place where error codes become HTTP statuses. */
const answers: Readonly<Record<ErrorCode, { status: number; title: string }>> = {
  BAD_SETTING: { status: 500, title: 'A setting is wrong' },
  BAD_REQUEST: { status: 400, title: 'The request is wrong' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  NOT_COVERED: { status: 409, title: 'The record does not hold that moment' },
  UNREACHABLE: { status: 503, title: 'Not reachable at the moment' },
  UNAUTHENTICATED: { status: 401, title: 'Not signed in' },
  PERMISSION_DENIED: { status: 403, title: 'Not allowed' },
  TLS: { status: 502, title: 'TLS failed' },
  STORE_UNWRITABLE: { status: 503, title: 'The database cannot be written' },
  STORE_NEWER: { status: 503, title: 'The database is of a newer version' },
  NOT_OWNER: { status: 409, title: 'Another collector owns the cluster' },
  UNSUPPORTED: { status: 501, title: 'Not supported' },
  INTERNAL: { status: 500, title: 'An error of etcdscope' },
}

/** RFC 9457 details of any error. What is not ours, or is a bug, says nothing of its inside. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof ScopeError) && !isScopeError(error)) return internalProblem()
  if (error.code === 'INTERNAL') return internalProblem()
  const { status, title } = answers[error.code]
  const nearest = error.detail?.nearest
  return {
    type: typeOf(error.code),
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(error.subject === undefined ? {} : { parameter: error.subject }),
    ...(nearest === undefined ? {} : { nearest: nearest as Problem['nearest'] }),
  }
}

/** A problem of HTTP itself, outside the error codes. */
export function methodProblem(method: string, answered: readonly string[] = ['GET', 'HEAD']): Problem {
  return {
    type: typeOf('METHOD_NOT_ALLOWED'),
    title: 'Method not allowed',
    status: 405,
    detail: `${method} is not answered here; ${answered.join(', ')} ${answered.length === 1 ? 'is' : 'are'}.`,
    code: 'METHOD_NOT_ALLOWED',
  }
}

/** The Host header names another place: see the runtime's host check. */
export function foreignHostProblem(): Problem {
  return {
    type: typeOf('FOREIGN_HOST'),
    title: 'Misdirected request',
    status: 421,
    detail: 'The Host header names another place than this server.',
    code: 'FOREIGN_HOST',
  }
}

/** Errors thrown in another bundle are instances of that bundle's class: known by name and code. */
function isScopeError(error: unknown): error is ScopeError {
  return error instanceof Error && error.name === 'ScopeError' && 'code' in error && String(error.code) in answers
}

function internalProblem(): Problem {
  return {
    type: typeOf('INTERNAL'),
    title: answers.INTERNAL.title,
    status: answers.INTERNAL.status,
    detail: 'The request failed inside etcdscope; its log says where.',
    code: 'INTERNAL',
  }
}

function typeOf(code: string): string {
  return `urn:etcdscope:problem:${code.toLowerCase().replaceAll('_', '-')}`
}
