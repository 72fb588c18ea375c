import type { EpochFacts } from '../recordHead'
import type { Statements } from '../statements'
import { horizonBody } from './horizons'
import { readStatement, readThinned, type Statement } from './statement'
import { noStretches, sumOf } from './stretches'

/**
 * What the chain says of retention while it is walked, held against the tables at its end. A thinned link is proved
 * by the retention link that speaks for it: that one stands in the chain and is hashed like any other, so whoever
 * trusts the head trusts what it says was left.
 */
export interface ThinningTrail {
  /** Every retention link walked, in order. */
  readonly statements: { readonly seq: number; readonly links: readonly [number, number] }[]
  /** Every thinned link walked, in order, and the retention link that speaks for it. */
  readonly thinned: { readonly from: number; readonly seq: number; readonly by: number; readonly through: bigint }[]
  horizons: string
  stretches: bigint
}

export const thinningTrail = (): ThinningTrail => ({
  statements: [],
  thinned: [],
  horizons: JSON.stringify(horizonBody([])),
  stretches: noStretches,
})

/** Takes in a link over retention's own actions; a sentence when it cannot be one. */
export function takeThinning(
  trail: ThinningTrail,
  kind: 'horizon' | 'retention',
  seq: number,
  body: string,
): string | null {
  if (kind === 'horizon') {
    trail.horizons = body
    return null
  }
  const said = readStatement(body)
  const stretches = said === null ? null : sumOf(said.stretches)
  if (said === null || stretches === null) return `link ${seq} of the chain tells of no retention that there is`
  trail.statements.push({ seq, links: said.links })
  trail.stretches = stretches
  return null
}

/** What a thinned link must show; a sentence when nothing speaks for it. */
export function statementFor(
  statements: Statements,
  clusterId: number,
  link: { seq: number; body: string | null; hash: Buffer; previous: Uint8Array },
): { said: Statement; from: number; by: number } | string {
  const thinned = readThinned(link.body)
  const row =
    thinned === null
      ? undefined
      : statements.raw('SELECT body FROM chain_link WHERE cluster_id = ? AND seq = ?').get(clusterId, thinned.by)
  const said = readStatement(row?.[0])
  if (thinned === null || said === null || said.links[0] !== thinned.from || said.links[1] !== link.seq) {
    return `no link of the chain speaks for what retention left in link ${link.seq}`
  }
  const joins = said.before === Buffer.from(link.previous).toString('hex') && said.hash === link.hash.toString('hex')
  return joins
    ? { said, ...thinned }
    : `link ${link.seq} of the chain, thinned by retention, does not join its neighbours`
}

interface ThinningFault {
  readonly revision: bigint
  readonly toRevision: bigint
  readonly reason: string
}

/** What does not fit at the end of the walk. */
export function thinningFault(trail: ThinningTrail, facts: EpochFacts): ThinningFault | null {
  const whole = (reason: string) => ({ revision: 0n, toRevision: facts.cursor, reason })
  if (trail.horizons !== facts.horizons) return whole('how far retention has gone is not what the chain says')
  for (const { seq, links } of trail.statements) {
    const at = thinnedAt(trail.thinned, links[1])
    if (at === undefined) return whole(`what retention left of link ${links[1]} of the chain is missing`)
    if (at.by < seq) {
      return {
        revision: 0n,
        toRevision: at.through,
        reason: `link ${at.seq} of the chain is as it was before retention`,
      }
    }
  }
  return trail.stretches === facts.stretches
    ? null
    : whole('what is said of removed changes, in the table removed, was altered')
}

/** By bisection: they stand in order. */
function thinnedAt(thinned: ThinningTrail['thinned'], link: number): ThinningTrail['thinned'][number] | undefined {
  let [low, high] = [0, thinned.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((thinned[middle]?.seq ?? 0) < link) low = middle + 1
    else high = middle
  }
  const found = thinned[low]
  return found !== undefined && found.from <= link ? found : undefined
}
