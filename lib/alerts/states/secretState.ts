import type { ChangeRow } from '../../store'
import type { RecordedState } from './state'

/**
 * Days since the content of each Secret changed, oldest first. Left out: what Helm keeps of releases (never changed by
 * design) and tokens that the control plane rotates by itself. Where the record begins with a Secret that was there
 * already, its age counts from what the object itself says.
 */

const dayMs = 86_400_000
const pageLimit = 1_000
/** The oldest of more are what matters. */
const shownMost = 1_000
/** Rotation is a matter of days: read anew this often. */
const keptForMs = 300_000

interface Secret {
  readonly labels: { readonly namespace: string; readonly name: string }
  /** Content changes and deletions, ascending. */
  readonly steps: { readonly atMs: number; readonly alive: boolean }[]
}

const kept = new WeakMap<object, Map<number, { atMs: number; secrets: Secret[] }>>()

export const secretAgeDays: RecordedState = {
  kind: 'record',
  metrics: () => ({}),
  async read(reader, cluster, { toMs }) {
    const own = kept.get(reader) ?? new Map<number, { atMs: number; secrets: Secret[] }>()
    kept.set(reader, own)
    const known = own.get(cluster.id)
    const fresh = known !== undefined && toMs - known.atMs < keptForMs
    const secrets = fresh ? known.secrets : await secretsOf()
    if (!fresh) own.set(cluster.id, { atMs: toMs, secrets })
    return ({ nowMs }) =>
      secrets
        .flatMap(({ labels, steps }) => {
          const last = steps.findLast(({ atMs }) => atMs <= nowMs)
          return last?.alive === true ? [{ labels, value: (nowMs - last.atMs) / dayMs }] : []
        })
        .sort((a, b) => b.value - a.value)
        .slice(0, shownMost)

    async function secretsOf(): Promise<Secret[]> {
      const found = new Map<string, Secret>()
      let after: { epoch: number; revision: bigint; ordinal: number } | null = null
      for (;;) {
        const rows: ChangeRow[] = await reader.changes(
          cluster,
          { resources: ['secrets'], significances: ['spec'], toMs },
          { order: 'asc', limit: pageLimit, after },
        )
        for (const row of rows) take(found, row)
        const last = rows.at(-1)
        if (last === undefined || rows.length < pageLimit) return [...found.values()]
        after = { epoch: last.epoch, revision: last.revision, ordinal: last.ordinal }
      }
    }
  },
}

const selfMade = /^(sh\.helm\.release\.|bootstrap-token-)/

function take(found: Map<string, Secret>, { namespace, name, op, atMs }: ChangeRow): void {
  if (name === null || namespace === null || selfMade.test(name)) return
  const id = `${namespace}/${name}`
  const secret = found.get(id) ?? { labels: { namespace, name }, steps: [] }
  found.set(id, secret)
  secret.steps.push({ atMs, alive: op !== 'delete' })
}
