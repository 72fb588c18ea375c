import Database from 'better-sqlite3'

/** Everything that was derived, as rows of text: two derivations are equal when these are. */
export function derivedRows(databaseUrl: string): string[] {
  const db = new Database(databaseUrl.slice('file:'.length), { readonly: true })
  try {
    const labels = new Map(db.prepare<[], [number, string]>('SELECT id, text FROM label').raw().all())
    const tables = ['workload', 'workload_step', 'workload_insight', 'pod_step', 'rollout', 'owned_object']
    return tables.flatMap((table) =>
      db
        .prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`)
        .all()
        .map((row) => `${table} ${JSON.stringify(named(row, labels))}`)
        .sort(),
    )
  } finally {
    db.close()
  }
}

/** Ids of labels follow the order in which words were met; the words do not. */
function named(row: Record<string, unknown>, labels: ReadonlyMap<number, string>): Record<string, unknown> {
  const entries = Object.entries(row).map(([name, value]) =>
    /^(kind|group|reason|node)_id$/.test(name) && typeof value === 'number' ? [name, labels.get(value)] : [name, value],
  )
  return Object.fromEntries(entries)
}
