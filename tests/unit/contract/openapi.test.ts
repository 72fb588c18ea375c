import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { type Endpoint, endpoints } from '../../../lib/contract'
import { openapiDocument } from '../../../lib/contract/openapi'

const app = join(import.meta.dirname, '../../../app')

/** Every route file as the path that it answers; the catch-all answers what is left. */
function routePaths(): string[] {
  return readdirSync(app, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|[\\/])route\.ts$/.test(file) && !file.includes('[['))
    .map((file) => `/${file.replaceAll('\\', '/').replace(/\/route\.ts$/, '')}`.replace(/\[(\w+)\]/g, '{$1}'))
    .sort()
}

interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}
interface Operation {
  operationId: string
  parameters: Parameter[]
  requestBody?: unknown
  responses: Record<string, unknown>
}
interface Parameter {
  name: string
  in: string
  required: boolean
  schema: Record<string, unknown>
}
// The document is made of plain JSON; its shape is what these tests are about.
const document = JSON.parse(JSON.stringify(openapiDocument('1.2.3'))) as Document

describe('the OpenAPI document', () => {
  it('holds every route in app, and no other', () => {
    expect(Object.keys(document.paths).sort()).toEqual(routePaths())
  })

  it('resolves every reference within itself', () => {
    const names = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(names.length).toBeGreaterThan(20)
    for (const name of new Set(names)) {
      expect(name).toMatch(/^#\/components\/schemas\//)
      expect(document.components.schemas).toHaveProperty([name.replace('#/components/schemas/', '')])
    }
  })

  it('names every parameter that the routes take, path ones as required', () => {
    for (const [name, endpoint] of Object.entries<Endpoint<z.ZodObject, z.ZodObject, unknown>>(endpoints)) {
      const { method = 'GET', body } = endpoint
      const operation = document.paths[endpoint.path]?.[method.toLowerCase()]
      expect(operation?.operationId).toBe(name)
      expect(operation?.requestBody !== undefined).toBe(body !== undefined)
      const listed = operation?.parameters.map((parameter) => parameter.name)
      expect(listed).toEqual([...Object.keys(endpoint.params.shape), ...Object.keys(endpoint.query.shape)])
      const inPath = operation?.parameters.filter((parameter) => parameter.in === 'path') ?? []
      expect(inPath.every((parameter) => parameter.required && endpoint.path.includes(`{${parameter.name}}`))).toBe(
        true,
      )
    }
  })

  it('knows defaults as optional and the rest as it is', () => {
    const parameter = (path: string, name: string) => {
      const operation = document.paths[`/api/v1/clusters/{cluster}${path}`]?.get
      return operation?.parameters.find((candidate) => candidate.name === name)
    }
    expect(parameter('/series', 'metric')).toMatchObject({ required: true, schema: { type: 'string' } })
    expect(parameter('/series', 'from')).toMatchObject({ required: false, schema: { default: '-1h' } })
    expect(parameter('/changes', 'limit')).toMatchObject({
      required: false,
      schema: { type: 'integer', maximum: 1000 },
    })
    expect(parameter('/changes', 'op')).toMatchObject({ required: false, schema: { type: 'string' } })
  })

  it('gives every operation an answer and a problem', () => {
    for (const { responses } of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
      expect(Object.keys(responses).sort()).toEqual(['200', 'default'])
      expect(JSON.stringify(responses.default)).toContain('application/problem+json')
    }
  })
})
