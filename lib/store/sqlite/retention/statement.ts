import { z } from 'zod'
import type { Cell } from '../statements'

/**
 * What a retention link says: the links that it put one in place of, what hash led into them and out of them, and what
 * of their changes is left. With the removed rows from a copy, the old links can be recomputed between the two.
 */
const hex = z.string().regex(/^[0-9a-f]{64}$/)
const digits = z.string().regex(/^-?\d{1,19}$/)

export const statementShape = z.strictObject({
  /** First and last number of the links; the one that is left has the last. */
  links: z.tuple([z.number().int(), z.number().int()]),
  before: hex,
  hash: hex,
  /** Hash of what is left, begun with `before` as a link is. */
  left: hex,
  kept: z.number().int(),
  removed: z.number().int(),
  /** Deleted keys of which nothing is left. */
  keys: z.number().int(),
  /** First revision and last time of all that the links covered; null when they covered no change. */
  firstRevision: digits.nullable(),
  lastMs: z.number().nullable(),
  /** Sum over the stretches of the epoch after this step. */
  stretches: z.string(),
})
export type Statement = z.infer<typeof statementShape>

/** Null when it is none of ours. */
export function readStatement(body: Cell | undefined): Statement | null {
  if (typeof body !== 'string') return null
  try {
    return statementShape.safeParse(JSON.parse(body)).data ?? null
  } catch {
    return null
  }
}

/** Body of a thinned link: its first number, and the number of the retention link that speaks for it. */
export const thinnedShape = z.strictObject({ from: z.number().int(), by: z.number().int() })

export function readThinned(body: Cell | undefined): z.infer<typeof thinnedShape> | null {
  if (typeof body !== 'string') return null
  try {
    return thinnedShape.safeParse(JSON.parse(body)).data ?? null
  } catch {
    return null
  }
}
