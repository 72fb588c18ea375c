import type { z } from 'zod'
import { type AnswerOf, type EndpointName, endpoints, type InputOf } from '../../../lib/contract'
import { ScopeError } from '../../../lib/core/errors'
import { methodProblem } from '../../../lib/query/problem'
import type { Scope } from '../../../lib/query/scope'
import { type Serving, scopeOf, serving, servingIfProvided } from '../../../lib/query/serving'
import { errorAnswer, jsonAnswer, problemAnswer } from './answers'
import { isOwnHost } from './hostGuard'
import { parsePath, parseQuery } from './parseRequest'
import { checkWrite } from './writeGuard'

type Handler = (request: Request, context: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>
type Methods = Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>

/** A route whose answer is JSON: parse, ask, answer. */
export function routeOf<N extends EndpointName>(
  name: N,
  query: (scope: Scope, input: InputOf<N>) => Promise<AnswerOf<N>>,
): Methods {
  return rawRouteOf(name, async (provided, input, request) => {
    return jsonAnswer(await query(scopeOf(provided, request.signal), input))
  })
}

/** A route that makes its answer itself, with the same checks before it and the same errors. */
export function rawRouteOf<N extends EndpointName>(
  name: N,
  answer: (serving: Serving, input: InputOf<N>, request: Request) => Promise<Response>,
): Methods {
  const endpoint: { params: z.ZodObject; query: z.ZodObject } = endpoints[name]
  return checked(name, async (request, context) => {
    const provided = serving()
    const params = parsePath(endpoint.params, (await context.params) ?? {})
    const query = parseQuery(endpoint.query, new URL(request.url).searchParams)
    // Both halves were just parsed with the schemas that InputOf is inferred from.
    return answer(provided, { ...params, ...query } as InputOf<N>, request)
  })
}

/** Own host only, GET only, every error a problem, every answer counted. Also for routes that need no database. */
export function checked(name: string, handler: Handler): Methods {
  const get: Handler = async (request, context) => {
    const response = await answered(name, handler, request, context)
    servingIfProvided()?.requests.add(name, response.status)
    return response
  }
  const refuse: Handler = async (request) =>
    problemAnswer(methodProblem(request.method), { allow: 'GET, HEAD, OPTIONS' })
  return { GET: get, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse }
}

async function answered(name: string, handler: Handler, ...input: Parameters<Handler>): Promise<Response> {
  try {
    const insecure = servingIfProvided()?.settings.insecure ?? false
    if (!isOwnHost(input[0].headers.get('host'), insecure)) {
      throw new ScopeError('PERMISSION_DENIED', 'The Host header names another machine: use localhost or 127.0.0.1.')
    }
    checkWrite(input[0].method, input[0].headers)
    return await handler(...input)
  } catch (error) {
    return errorAnswer(error, name)
  }
}
