import type { ChangeOp, Significance } from '../contract'
import type { ActivityBy, ChangeInput, SampleInput } from './store'

/** Words that the tables keep as small numbers. Their numbers are part of the file format: only add at the end. */
export const opCodes = ['create', 'update', 'delete'] as const satisfies readonly ChangeOp[]
export const significanceCodes = [
  'spec',
  'status',
  'metadata',
  'heartbeat',
  'none',
] as const satisfies readonly Significance[]
export const originCodes = ['watch', 'resync'] as const satisfies readonly ChangeInput['origin'][]
export const atSourceCodes = ['observed', 'bound'] as const satisfies readonly ChangeInput['atSource'][]
export const kindCodes = ['gauge', 'counter', 'histogram'] as const satisfies readonly SampleInput['kind'][]
export const dimensionCodes = [
  'resource',
  'namespace',
  'manager',
  'op',
  'significance',
] as const satisfies readonly Exclude<ActivityBy, 'key'>[]
/**
 * Links of the hash chain. append, resync and adopted (stored before there was a chain) cover changes in order; late
 * those that a re-sync stored below the cursor; epoch, named and gap are our own actions.
 */
export const linkCodes = ['epoch', 'named', 'gap', 'append', 'resync', 'late', 'adopted'] as const
export type LinkKind = (typeof linkCodes)[number]

export const OP_DELETE = 2
export const ORIGIN_WATCH = 0
export const ORIGIN_RESYNC = 1
/** Significance codes from here on change nothing that matters: heartbeat, none. */
export const FIRST_MEANINGLESS = 3

export function codeOf<T extends string>(words: readonly T[], word: T): number {
  const code = words.indexOf(word)
  if (code < 0) throw new RangeError(`no code for "${word}"`)
  return code
}

export function wordOf<T extends string>(words: readonly T[], code: number): T {
  const word = words[code]
  if (word === undefined) throw new RangeError(`no word for code ${code} among ${words.join(', ')}`)
  return word
}
