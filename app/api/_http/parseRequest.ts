import type { z } from 'zod'
import { ScopeError } from '../../../lib/core/errors'

/** Query parameters, checked. Rejects with BAD_REQUEST naming the first one at fault; unknown ones are mistakes too. */
export function parseQuery<Q extends z.ZodObject>(schema: Q, search: URLSearchParams): z.output<Q> {
  const known = Object.keys(schema.shape)
  const values: Record<string, string> = {}
  for (const [name, value] of search) {
    if (!known.includes(name))
      throw badParameter(name, `${JSON.stringify(name)} is not a parameter here${listOf(known)}`)
    if (Object.hasOwn(values, name)) throw badParameter(name, `${name} is given more than once.`)
    values[name] = value
  }
  const parsed = schema.safeParse(values)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const name = String(issue?.path[0] ?? '')
  if (!Object.hasOwn(values, name)) throw badParameter(name, `${name} is missing.`)
  throw badParameter(name, `${name} is wrong: ${issue?.message ?? 'not valid'}`)
}

/** Path parameters: a name that cannot be is a name that does not exist. */
export function parsePath<P extends z.ZodObject>(schema: P, params: Record<string, unknown>): z.output<P> {
  const parsed = schema.safeParse(params)
  if (parsed.success) return parsed.data
  const name = String(parsed.error.issues[0]?.path[0] ?? 'path')
  throw new ScopeError('NOT_FOUND', `There is no such ${name}.`, { subject: name })
}

function badParameter(name: string, sentence: string): ScopeError {
  return new ScopeError('BAD_REQUEST', sentence, { subject: name.slice(0, 100) })
}

function listOf(known: readonly string[]): string {
  return known.length === 0 ? ': it takes none.' : `; known are ${known.join(', ')}.`
}
