import type { Problem } from '../../../lib/contract'
import { ScopeError } from '../../../lib/core/errors'
import { problemOf } from '../../../lib/query/problem'

const never = { 'cache-control': 'no-store' }

export function jsonAnswer(body: unknown): Response {
  return new Response(JSON.stringify(body, int64AsText), { headers: { ...never, 'content-type': 'application/json' } })
}

export function textAnswer(text: string, status = 200, contentType = 'text/plain; charset=utf-8'): Response {
  return new Response(text, { status, headers: { ...never, 'content-type': contentType } })
}

export function problemAnswer(problem: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...never, 'content-type': 'application/problem+json', ...headers },
  })
}

/** Any error as an answer. What is ours to mend goes to the log, without what the client sent or the record holds. */
export function errorAnswer(error: unknown, endpoint: string): Response {
  const problem = problemOf(error)
  if (problem.status >= 500 && problem.code === 'INTERNAL' && !isLeave(error)) logFault(error, endpoint)
  return problemAnswer(problem)
}

/** The client went away and nobody reads the answer: a threshold that is dragged leaves many questions behind. */
function isLeave(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/** Decoded objects may hold a 64-bit number, which JSON's numbers cannot. */
function int64AsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/** Messages of parsers quote their input, so only our own messages are logged; the frames say where. */
function logFault(error: unknown, endpoint: string): void {
  const own = error instanceof ScopeError ? `: ${error.message}` : ''
  const name = error instanceof Error ? error.name : typeof error
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []
  console.error([`${endpoint} failed with ${name}${own}`, ...frames.slice(0, 12)].join('\n'))
}
