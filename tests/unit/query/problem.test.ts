import { describe, expect, it } from 'vitest'
import { problem } from '../../../lib/contract'
import { errorCodes, ScopeError } from '../../../lib/core/errors'
import { methodProblem, problemOf } from '../../../lib/query/problem'

const statuses: Record<(typeof errorCodes)[number], number> = {
  BAD_SETTING: 500,
  BAD_REQUEST: 400,
  NOT_FOUND: 404,
  NOT_COVERED: 409,
  UNREACHABLE: 503,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  TLS: 502,
  STORE_UNWRITABLE: 503,
  STORE_NEWER: 503,
  NOT_OWNER: 409,
  UNSUPPORTED: 501,
  INTERNAL: 500,
}

describe('every error code has one HTTP status', () => {
  it.each(errorCodes)('%s', (code) => {
    const made = problemOf(new ScopeError(code, 'One sentence.', { subject: 'thing' }))
    expect(problem.parse(made)).toMatchObject({ status: statuses[code], code })
  })
})

describe('a problem', () => {
  it('tells nothing of an unexpected error', () => {
    const made = problemOf(new TypeError('Unexpected token s in {"password":"secret"}'))
    expect(JSON.stringify(made)).not.toContain('secret')
    expect(made).toMatchObject({ status: 500, code: 'INTERNAL' })
  })
  it('hides the message of a bug of ours too', () => {
    expect(JSON.stringify(problemOf(new ScopeError('INTERNAL', 'row 17 of table x')))).not.toContain('row 17')
  })
  it('knows an error of another bundle, whose class is not ours', () => {
    const foreign = Object.assign(new Error('No such key.'), { name: 'ScopeError', code: 'NOT_FOUND', subject: 'key' })
    expect(problemOf(foreign)).toMatchObject({ status: 404, detail: 'No such key.', parameter: 'key' })
  })
  it('carries the nearest range when a moment is not covered', () => {
    const nearest = { epoch: 1, fromRevision: '5', toRevision: '9', from: null, to: null }
    expect(problem.parse(problemOf(new ScopeError('NOT_COVERED', 'Gone.', { detail: { nearest } })))).toMatchObject({
      nearest,
    })
  })
  it('says which methods are answered', () => {
    expect(problem.parse(methodProblem('POST'))).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' })
  })
})
