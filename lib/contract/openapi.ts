import { z } from 'zod'
import { change, keyItem } from './change'
import { cluster, coverage, gap } from './cluster'
import { problem } from './common'
import { type Endpoint, endpoints } from './endpoints'
import { leaderChange, member, memberState } from './member'
import { ledgerRow, metric } from './series'

/** The OpenAPI 3.1 document, made from the schemas that the routes themselves parse with. */
export function openapiDocument(version: string): Record<string, unknown> {
  const named = {
    change,
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
  }
  const registry = z.registry<{ id: string }>()
  for (const [name, schema] of Object.entries(named)) registry.add(schema, { id: capital(name) })
  for (const [name, endpoint] of Object.entries(endpoints)) {
    if (endpoint.answer && !registry.has(endpoint.answer))
      registry.add(endpoint.answer, { id: `${capital(name)}Answer` })
  }
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` })
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, endpoint] of Object.entries<Documented>(endpoints)) {
    const id = endpoint.answer ? registry.get(endpoint.answer)?.id : undefined
    const method = (endpoint.method ?? 'GET').toLowerCase()
    paths[endpoint.path] = { ...paths[endpoint.path], [method]: operation(name, endpoint, id) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'etcdscope', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)])) },
  }
}

type Documented = Endpoint<z.ZodObject, z.ZodObject, z.ZodType | null>

function operation(name: string, endpoint: Documented, id?: string) {
  const schema = id ? { $ref: `#/components/schemas/${id}` } : { type: 'string' }
  const media = endpoint.produces
  return {
    operationId: name,
    summary: endpoint.summary,
    parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
    ...(endpoint.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: bare(z.toJSONSchema(endpoint.body, inputOptions)) } },
          },
        }),
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
