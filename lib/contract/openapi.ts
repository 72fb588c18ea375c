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
  const paths: Record<string, unknown> = {}
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const id = endpoint.answer ? registry.get(endpoint.answer)?.id : undefined
    paths[endpoint.path] = { get: operation(name, endpoint, id) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'etcdscope', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)])) },
  }
}

function operation(name: string, endpoint: Endpoint<z.ZodObject, z.ZodObject, z.ZodType | null>, id?: string) {
  const schema = id ? { $ref: `#/components/schemas/${id}` } : { type: 'string' }
  const media = endpoint.produces
  return {
    operationId: name,
    summary: endpoint.summary,
    parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
    responses: {
      200: { description: endpoint.summary, content: { [media]: { schema } } },
      default: {
        description: 'RFC 9457 problem details; `code` is stable',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query') {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
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
