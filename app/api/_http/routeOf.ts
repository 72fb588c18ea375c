import type { z } from 'zod'
import { type AnswerOf, type EndpointName, endpoints, type InputOf } from '../../../lib/contract'
import { ScopeError } from '../../../lib/core/errors'
import { methodProblem } from '../../../lib/query/problem'
import type { WriteScope } from '../../../lib/query/scope'
import { type Serving, scopeOf, serving, servingIfProvided } from '../../../lib/query/serving'
import { errorAnswer, jsonAnswer, problemAnswer } from './answers'
import { isOwnHost } from './hostGuard'
import { parseBody } from './parseBody'
import { parsePath, parseQuery } from './parseRequest'
import { checkWrite } from './writeGuard'

type Handler = (request: Request, context: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Methods = Record<Method, Handler>

/** One endpoint of the contract and how it is answered. */
interface Answered {
  readonly name: EndpointName
  readonly handler: Handler
}

/** A route of one GET whose answer is JSON: parse, ask, answer. */
export function routeOf<N extends EndpointName>(
  name: N,
  query: (scope: WriteScope, input: InputOf<N>) => Promise<AnswerOf<N>>,
): Methods {
  return routesOf({ GET: on(name, query) })
}

/** A route of one GET that makes its answer itself, with the same checks before it and the same errors. */
export function rawRouteOf<N extends EndpointName>(
  name: N,
  answer: (serving: Serving, input: InputOf<N>, request: Request) => Promise<Response>,
): Methods {
  return routesOf({ GET: onRaw(name, answer) })
}

/** An endpoint whose answer is JSON, for `routesOf`. */
export function on<N extends EndpointName>(
  name: N,
  query: (scope: WriteScope, input: InputOf<N>) => Promise<AnswerOf<N>>,
): Answered {
  return onRaw(name, async (provided, input, request) => {
    return jsonAnswer(await query(scopeOf(provided, request.signal), input))
  })
}

function onRaw<N extends EndpointName>(
  name: N,
  answer: (serving: Serving, input: InputOf<N>, request: Request) => Promise<Response>,
): Answered {
  const endpoint: { params: z.ZodObject; query: z.ZodObject; body?: z.ZodType | undefined } = endpoints[name]
  const handler: Handler = async (request, context) => {
    const provided = serving()
    const params = parsePath(endpoint.params, (await context.params) ?? {})
    const query = parseQuery(endpoint.query, new URL(request.url).searchParams)
    const body = endpoint.body === undefined ? {} : { body: await parseBody(endpoint.body, request) }
    // All parts were just parsed with the schemas that InputOf is inferred from.
    return answer(provided, { ...params, ...query, ...body } as InputOf<N>, request)
  }
  return { name, handler }
}

/** A route of several methods; the others are refused with those that there are. */
export function routesOf(answered: Partial<Record<Method, Answered>>): Methods {
  return methodsOf(
    Object.fromEntries(Object.entries(answered).map(([method, { name, handler }]) => [method, guarded(name, handler)])),
  )
}

/** One GET that needs no database. */
export function checked(name: string, handler: Handler): Methods {
  return methodsOf({ GET: guarded(name, handler) })
}

function methodsOf(handlers: Partial<Methods>): Methods {
  const answered = Object.keys(handlers).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  const allow = [...answered, 'OPTIONS'].join(', ')
  const refuse: Handler = async (request) => problemAnswer(methodProblem(request.method, answered), { allow })
  return { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse, ...handlers }
}

/** Own host only, nothing written for another origin's page, every error a problem, every answer counted. */
function guarded(name: string, handler: Handler): Handler {
  return async (request, context) => {
    const response = await answer(name, handler, request, context)
    servingIfProvided()?.requests.add(name, response.status)
    return response
  }
}

async function answer(name: string, handler: Handler, ...input: Parameters<Handler>): Promise<Response> {
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
