import type { ApiResourceRow } from '../apiResources'
import { numberOf, type Statements, textOf } from './statements'

/** See `ApiResourceWriter`; the transaction is the caller's. */
export function putApiResources(statements: Statements, clusterId: number, rows: readonly ApiResourceRow[]): void {
  const put = statements.run(
    `INSERT INTO api_resource (cluster_id, resource, api_version, kind, namespaced, short_names)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET api_version = excluded.api_version, kind = excluded.kind,
       namespaced = excluded.namespaced, short_names = excluded.short_names`,
  )
  for (const { resource, apiVersion, kind, namespaced, shortNames } of rows) {
    put.run(clusterId, resource, apiVersion, kind, namespaced ? 1 : 0, JSON.stringify(shortNames))
  }
}

export function readApiResources(statements: Statements, clusterId: number): ApiResourceRow[] {
  return statements
    .raw(
      `SELECT resource, api_version, kind, namespaced, short_names FROM api_resource
       WHERE cluster_id = ? ORDER BY resource`,
    )
    .all(clusterId)
    .map((row) => ({
      resource: textOf(row[0]),
      apiVersion: textOf(row[1]),
      kind: textOf(row[2]),
      namespaced: numberOf(row[3]) === 1,
      shortNames: namesOf(textOf(row[4])),
    }))
}

function namesOf(text: string): string[] {
  const parsed: unknown = JSON.parse(text)
  return Array.isArray(parsed) ? parsed.filter((name) => typeof name === 'string') : []
}
