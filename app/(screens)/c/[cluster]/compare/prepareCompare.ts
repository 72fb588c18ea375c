import type { CompareItem } from '../../../../../lib/contract'
import { formatCount } from '../../../../_client/format'
import { objectHref } from '../history/object/objectHref'

/** What the compare screen says and where its rows lead. Pure. */

const words = { create: 'created', update: 'changed', delete: 'deleted' } as const

/** "14 created, 3 changed, 2 deleted": what is none is not named. `more`: not everything has been read. */
export function countsSentence(items: readonly CompareItem[], more: boolean): string {
  const parts = (['create', 'update', 'delete'] as const).flatMap((op) => {
    const count = items.filter((item) => item.op === op).length
    return count === 0 ? [] : [`${formatCount(count)} ${words[op]}`]
  })
  if (parts.length === 0) return more ? 'No difference so far' : 'No difference'
  return `${more ? 'At least ' : ''}${parts.join(', ')}`
}

/** Heartbeats, status and rewrites: true, and seldom what is looked for. */
export function isNoise(item: CompareItem): boolean {
  return item.significance !== 'spec' && item.significance !== 'metadata'
}

/** Unique within one comparison. */
export const itemId = (item: CompareItem): string => item.key ?? `base64 ${item.keyBase64}`

/** The key's page with its two versions, the older one as From. Only one where it did not exist at the other. */
export function itemHref(
  cluster: string,
  item: CompareItem,
  epochs: { readonly from: number; readonly to: number; readonly newest: number },
  shared: string,
): string {
  const ends = [
    { epoch: epochs.from, revision: item.fromRevision },
    { epoch: epochs.to, revision: item.toRevision },
  ].flatMap(({ epoch, revision }) => (revision === null ? [] : [{ epoch, revision }]))
  const [older, newer] = ends.sort((a, b) => a.epoch - b.epoch || Number(BigInt(a.revision) - BigInt(b.revision)))
  const text = (end: { epoch: number; revision: string }) =>
    end.epoch === epochs.newest ? end.revision : `e${end.epoch}-${end.revision}`
  return objectHref(
    cluster,
    item,
    newer === undefined ? { to: older && text(older) } : { from: older && text(older), to: text(newer) },
    shared,
  )
}
