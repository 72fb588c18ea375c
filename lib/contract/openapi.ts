import { z } from 'zod'
import { alert, alertEvent } from './alert'
import { alertExpression } from './alertExpression'
import { alertRule } from './alertRule'
import { change, keyItem } from './change'
import { channel } from './channel'
import { cluster, coverage, gap } from './cluster'
import { problem } from './common'
import { type Endpoint, endpoints } from './endpoints'
import { leaderChange, member, memberState } from './member'
import { ledgerRow, metric } from './series'
import { silence } from './silence'

/** The OpenAPI 3.1 document, made from the schemas that the routes themselves parse with. */
export function openapiDocument(version: string): Record<string, unknown> {
  const named = {
    alert,
    alertEvent,
    alertExpression,
    alertRule,
    change,
    channel,
    keyItem,
    cluster,
    coverage,
    gap,
    problem,
    leaderChange,
    member,
    memberState,
    ledgerRow,
    metric,
    silence,
  }
  const registry = z.registry<{ id: string }>()
  for (const [name, schema] of Object.entries(named)) registry.add(schema, { id: capital(name) })
  for (const [name, endpoint] of Object.entries(endpoints)) {
    if (endpoint.answer && !registry.has(endpoint.answer))
      registry.add(endpoint.answer, { id: `${capital(name)}Answer` })
  }
  // A body is what stands before defaults are filled in; what contains itself needs a name to refer to.
  const bodies = z.registry<{ id: string }>()
  bodies.add(alertExpression, { id: 'AlertExpressionInput' })
  for (const [name, { body }] of Object.entries<Documented>(endpoints)) {
    if (body && !bodies.has(body)) bodies.add(body, { id: `${capital(name)}Input` })
  }
  const schemas = {
    ...z.toJSONSchema(registry, { uri: refTo }).schemas,
    ...z.toJSONSchema(bodies, { uri: refTo, ...inputOptions }).schemas,
  }
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, endpoint] of Object.entries<Documented>(endpoints)) {
    const ids = {
      answer: endpoint.answer ? registry.get(endpoint.answer)?.id : undefined,
      body: endpoint.body ? bodies.get(endpoint.body)?.id : undefined,
    }
    const method = (endpoint.method ?? 'GET').toLowerCase()
    paths[endpoint.path] = { ...paths[endpoint.path], [method]: operation(name, endpoint, ids) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'etcdscope', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)])) },
  }
}

const refTo = (id: string) => `#/components/schemas/${id}`

type Documented = Endpoint<z.ZodObject, z.ZodObject, z.ZodType | null>

function operation(
  name: string,
  endpoint: Documented,
  ids: { answer: string | undefined; body: string | undefined },
): Record<string, unknown> {
  const schema = ids.answer ? { $ref: refTo(ids.answer) } : { type: 'string' }
  const media = endpoint.produces
  return {
    operationId: name,
    summary: endpoint.summary,
    parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
    ...(ids.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: { $ref: refTo(ids.body) } } } } }),
    responses: {
      200: { description: endpoint.summary, content: { [media]: { schema } } },
      default: {
        description: 'RFC 9457 problem details; `code` is stable',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

/** Transforms are ours: a client sends what stands before them. */
const inputOptions = { io: 'input', unrepresentable: 'any' } as const

function parametersOf(schema: z.ZodObject, place: 'path' | 'query') {
  const json = z.toJSONSchema(schema, inputOptions)
  const required = new Set(json.required ?? [])
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: property,
  }))
}

/** Component schemas stand inside one document: their own `$schema` and `$id` would change how `$ref` resolves. */
function bare(schema: Record<string, unknown>): Record<string, unknown> {
  const { $schema: _dialect, $id: _id, ...rest } = schema
  return rest
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
