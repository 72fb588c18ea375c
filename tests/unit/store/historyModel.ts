import type { ChangeInput } from '../../../lib/store'
import { seededRandom } from '../../support/seededRandom'
import { bytes, change, text } from './recordFixture'

/** A seeded history of puts, deletes and re-creations, and the plain model that says what every read must answer. */
export interface HistoryModel {
  readonly changes: readonly ChangeInput[]
  readonly last: bigint
  /** Live keys at a revision, in key order. */
  liveAt(revision: bigint): ChangeInput[]
  newestOf(key: Uint8Array, revision: bigint): ChangeInput | undefined
}

const folders = [
  '/registry/pods/shop/',
  '/registry/pods/ops/',
  '/registry/leases/kube-node-lease/',
  '/app/',
  '/app/a/b/',
]
const resources = ['pods', 'pods', 'leases', null, null]
const namespaces = ['shop', 'ops', 'kube-node-lease', null, null]
const managers = ['kubelet', 'kubectl', null]
const significances = ['spec', 'status', 'metadata', 'heartbeat', 'none'] as const

export function historyModel(seed: number, revisions: number): HistoryModel {
  const random = seededRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const live = new Map<string, ChangeInput>()
  const changes: ChangeInput[] = []
  let revision = 1n
  let atMs = 1_700_000_000_000
  for (let step = 0; step < revisions; step++) {
    // Revisions of other prefixes leave holes; several revisions share a millisecond.
    revision += random() < 0.1 ? BigInt(Math.floor(random() * 50)) + 1n : 1n
    if (random() < 0.7) atMs += Math.floor(random() * 4_000)
    const touched = new Set<string>()
    const size = random() < 0.15 ? 1 + Math.floor(random() * 6) : 1
    for (let n = 0; n < size; n++) {
      const folder = Math.floor(random() * folders.length)
      const name = `k${Math.floor(random() * 30)}${random() < 0.1 ? '-ü' : ''}`
      const key = Buffer.from(`${folders[folder]}${name}`)
      if (touched.has(text(key))) continue
      touched.add(text(key))
      const before = live.get(text(key))
      const deletes = before !== undefined && random() < 0.25
      const made = change({
        revision,
        ordinal: touched.size - 1,
        key,
        op: deletes ? 'delete' : before === undefined ? 'create' : 'update',
        value: deletes ? null : someValue(random, name, step),
        createRevision: deletes ? 0n : (before?.createRevision ?? revision),
        version: deletes ? 0n : (before?.version ?? 0n) + 1n,
        leaseId: random() < 0.1 ? 7_751_717_517_817_234_813n : 0n,
        atMs,
        resource: resources[folder] ?? null,
        namespace: namespaces[folder] ?? null,
        name: resources[folder] === null ? null : name,
        manager: pick(managers),
        significance: pick(significances),
        summary: random() < 0.3 ? `Image moved to v${step}` : null,
      })
      changes.push(made)
      if (deletes) live.delete(text(key))
      else live.set(text(key), made)
    }
  }
  const newestOf = (key: Uint8Array, at: bigint) =>
    changes.findLast((one) => one.revision <= at && text(one.key) === text(key))
  return {
    changes,
    last: revision,
    newestOf,
    liveAt(at) {
      const newest = new Map<string, ChangeInput>()
      for (const one of changes) if (one.revision <= at) newest.set(text(one.key), one)
      return [...newest.values()].filter((one) => one.op !== 'delete').sort((a, b) => Buffer.compare(a.key, b.key))
    },
  }
}

function someValue(random: () => number, name: string, step: number): Uint8Array {
  const kind = random()
  if (kind < 0.05) return bytes('')
  if (kind < 0.15) return Uint8Array.from({ length: 700 }, () => Math.floor(random() * 256))
  if (kind < 0.25) return bytes(`{"shared":"${'same for many keys '.repeat(10)}"}`)
  return bytes(
    JSON.stringify({ name, step, note: 'lorem ipsum dolor sit amet '.repeat(1 + Math.floor(random() * 30)) }),
  )
}
