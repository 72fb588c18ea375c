import type { ClusterRef } from '../store'
import { epochBody, namedBody } from './chainActions'
import type { EpochFacts } from './recordHead'
import { type ThinningTrail, thinningFault, thinningTrail } from './retention/verifyThinning'
import { textOrNull } from './statements'

/** Where and how the record is not as it was written. */
export interface Finding {
  readonly epoch: number
  readonly revision: bigint
  /** The same as `revision` when the very revision is known. */
  readonly toRevision: bigint
  readonly key: Uint8Array | null
  readonly reason: string
}

/** What the chain says of an epoch while it is walked, to be held against the tables at its end. */
export interface EpochTrail {
  readonly facts: EpochFacts
  /** Covered up to here; a link that ends within a revision is followed by one that goes on. */
  through: bigint
  isNamed: boolean
  opened: boolean
  adopted: boolean
  readonly gaps: Map<string, string>
  readonly thinning: ThinningTrail
  firstRevision: bigint | null
  lastMs: number | null
}

export function trailOf(facts: EpochFacts): EpochTrail {
  return {
    facts,
    through: 0n,
    isNamed: true,
    opened: false,
    adopted: false,
    gaps: new Map(),
    thinning: thinningTrail(),
    firstRevision: null,
    lastMs: null,
  }
}

export function findingAt(
  trail: Pick<EpochTrail, 'facts'>,
  revision: bigint,
  reason: string,
  toRevision = revision,
): Finding {
  return { epoch: trail.facts.epoch, revision, toRevision, key: null, reason }
}

/** Takes in what an action's link says; a sentence when the tables say otherwise. */
export function takeAction(
  trail: EpochTrail,
  kind: 'epoch' | 'named' | 'gap',
  body: string,
  cluster: ClusterRef,
): string | null {
  if (kind === 'gap') {
    const from = /^\{"from":"(\d+)"/.exec(body)?.[1]
    if (from !== undefined) trail.gaps.set(from, body)
    return null
  }
  const now = epochBody(cluster, trail.facts.row)
  if (kind === 'epoch') {
    trail.opened = true
    trail.isNamed = body === JSON.stringify(now)
    const asOpened = { ...now, etcdClusterId: null }
    return trail.isNamed || body === JSON.stringify(asOpened) ? null : 'the epoch is not as it was when it began'
  }
  trail.isNamed = body === JSON.stringify(namedBody(textOrNull(trail.facts.row[1] ?? null) ?? ''))
  return trail.isNamed ? null : 'the epoch names another etcd cluster than the one it was recorded from'
}

/** What the tables hold and no link tells of, or the other way round. */
export function epochFault(trail: EpochTrail): Finding | null {
  const { facts } = trail
  if (!trail.opened) return findingAt(trail, 0n, 'no link of the chain opens this epoch')
  if (!trail.isNamed) return findingAt(trail, 0n, 'no link of the chain tells which etcd cluster this epoch is of')
  for (const [from, body] of trail.gaps) {
    const stored = facts.gaps.get(from)
    if (stored === body) continue
    const reason = stored === undefined ? 'a declared gap is missing' : 'a declared gap was altered'
    return findingAt(trail, BigInt(from), reason)
  }
  for (const from of facts.gaps.keys()) {
    if (!trail.gaps.has(from)) return findingAt(trail, BigInt(from), 'this gap was not declared by etcdscope')
  }
  const thinned = thinningFault(trail.thinning, facts)
  if (thinned !== null) return findingAt(trail, thinned.revision, thinned.reason, thinned.toRevision)
  if (trail.through !== facts.cursor) {
    const [low, high] = trail.through < facts.cursor ? [trail.through, facts.cursor] : [facts.cursor, trail.through]
    const reason = `the chain reaches revision ${trail.through} and the record ${facts.cursor}: links or changes are missing`
    return findingAt(trail, low, reason, high)
  }
  if (facts.strayLate !== null) {
    return findingAt(trail, facts.strayLate, 'the link over a change that a re-sync stored late is missing')
  }
  if (trail.adopted) return null
  if (facts.firstRevision !== trail.firstRevision || facts.lastMs !== trail.lastMs) {
    return findingAt(trail, facts.firstRevision ?? 0n, 'the epoch does not begin or end with its own changes')
  }
  return null
}
