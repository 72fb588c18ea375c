import type { Change } from '../../../../../lib/contract'

/**
 * Names one change in an address: `4388091427`, `4388091427.2` for a later place in a transaction, `e2-4388091427`
 * when the epoch is not the record's newest. Pure.
 */
export interface ChangeId {
  /** Null: the newest epoch. */
  readonly epoch: number | null
  readonly revision: string
  readonly ordinal: number
}

export function parseChangeId(text: string | null): ChangeId | null {
  const match = /^(?:e(\d{1,9})-)?(\d{1,19})(?:\.(\d{1,9}))?$/.exec(text ?? '')
  const revision = match?.[2]
  if (match === null || revision === undefined) return null
  return {
    epoch: match[1] === undefined ? null : Number(match[1]),
    revision,
    ordinal: match[3] === undefined ? 0 : Number(match[3]),
  }
}

export function changeIdText(change: Pick<Change, 'epoch' | 'revision' | 'ordinal'>, newestEpoch: number): string {
  const epoch = change.epoch === newestEpoch ? '' : `e${change.epoch}-`
  return `${epoch}${change.revision}${change.ordinal === 0 ? '' : `.${change.ordinal}`}`
}

export function isNamed(change: Change, id: ChangeId, newestEpoch: number): boolean {
  return change.revision === id.revision && change.ordinal === id.ordinal && change.epoch === (id.epoch ?? newestEpoch)
}

/** Unique and stable within a cluster: keys of rows. */
export const rowIdOf = (change: Pick<Change, 'epoch' | 'revision' | 'ordinal'>): string =>
  `${change.epoch}:${change.revision}:${change.ordinal}`

export interface NamedKey {
  readonly key?: string | undefined
  readonly keyBase64?: string | undefined
}

/** The parameters that name a key in an address or a request; exactly one of the two. */
export function keyParams(named: NamedKey): Record<'key', string> | Record<'keyBase64', string> {
  return named.key === undefined ? { keyBase64: named.keyBase64 ?? '' } : { key: named.key }
}

export const keyText = (named: NamedKey): string => named.key ?? named.keyBase64 ?? ''
