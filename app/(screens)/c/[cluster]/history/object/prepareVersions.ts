import type { Change, RemovedChanges } from '../../../../../../lib/contract'
import type { ChartGap } from '../../../../../_charts/prepareSeries'
import { isNamed, parseChangeId, rowIdOf } from '../changeId'

/** The versions of one key: which two are compared, how one steps through them, and how they are listed. Pure. */

export type Shape = 'spec' | 'metadata' | 'status' | 'delete'

export function shapeOf({ op, significance }: Pick<Change, 'op' | 'significance'>): Shape {
  if (op === 'delete') return 'delete'
  return significance === 'spec' || significance === 'metadata' ? significance : 'status'
}

/** Configuration, and the end of the key's life: what one steps to with Shift, and what is listed first. */
export const matters = (version: Change): boolean => shapeOf(version) !== 'status'
const isSpec = (version: Change): boolean => shapeOf(version) === 'spec' || shapeOf(version) === 'delete'

export interface Ends {
  /** Null: nothing recorded before `to`. */
  readonly from: Change | null
  readonly to: Change | null
  /** Named in the address, but not among the versions read so far. */
  readonly missing: boolean
}

/** Versions newest first. Without a choice: the newest configuration change, against the version before it. */
export function chosenEnds(
  versions: readonly Change[],
  fromText: string | null,
  toText: string | null,
  newestEpoch: number,
): Ends {
  const find = (text: string | null) => {
    const id = parseChangeId(text)
    return id === null
      ? null
      : versions.findIndex((version) => isNamed(version, { ...id, ordinal: version.ordinal }, newestEpoch))
  }
  const named = { from: find(fromText), to: find(toText) }
  const newest = [isSpec, matters, () => true].map((kind) => versions.findIndex(kind)).find((at) => at !== -1) ?? 0
  const missing = named.from === -1 || named.to === -1
  const asked = { to: named.to ?? newest, from: named.from ?? (named.to ?? newest) + 1 }
  // A hand-made link may name them the wrong way round.
  const turned = !missing && asked.from < asked.to
  const [to, from] = turned ? [asked.from, asked.to] : [asked.to, asked.from]
  return {
    to: versions[to] ?? null,
    from: versions[from] ?? null,
    missing,
  }
}

export type End = 'from' | 'to'
export type Step = 'older' | 'newer' | 'oldest' | 'newest'

/** The version a handle moves to, or null at its end of the way. From stays older than To. */
export function stepVersion(
  versions: readonly Change[],
  ends: Ends,
  end: End,
  step: Step,
  specOnly: boolean,
): Change | null {
  const indexOf = (change: Change | null) => (change === null ? -1 : versions.indexOf(change))
  const at = indexOf(ends[end])
  if (at === -1) return null
  const first = end === 'from' ? indexOf(ends.to) + 1 : 0
  const fromAt = indexOf(ends.from)
  const last = end === 'from' || fromAt === -1 ? versions.length - 1 : fromAt - 1
  const wanted = (index: number) => {
    const version = versions[index]
    return version !== undefined && (!specOnly || isSpec(version)) ? version : null
  }
  if (step === 'newer') for (let i = at - 1; i >= first; i--) if (wanted(i) !== null) return wanted(i)
  if (step === 'older') for (let i = at + 1; i <= last; i++) if (wanted(i) !== null) return wanted(i)
  if (step === 'newest') for (let i = first; i < at; i++) if (wanted(i) !== null) return wanted(i)
  if (step === 'oldest') for (let i = last; i > at; i--) if (wanted(i) !== null) return wanted(i)
  return null
}

/** The pair around the next configuration change: it, against the version before it. */
export function stepSpec(versions: readonly Change[], ends: Ends, step: 'older' | 'newer'): Ends | null {
  const at = ends.to === null ? -1 : versions.indexOf(ends.to)
  const by = step === 'older' ? 1 : -1
  for (let i = at + by; i >= 0 && i < versions.length; i += by) {
    const to = versions[i]
    if (to !== undefined && isSpec(to)) return { to, from: versions[i + 1] ?? null, missing: false }
  }
  return null
}

/** A moment from which on the key existed, until it was deleted; null while it lives. */
export interface Life {
  readonly fromMs: number
  readonly toMs: number | null
}

/** Deleted and made again is one story: the stretches in which the key existed, oldest first. */
export function lifeStretches(versions: readonly Change[]): readonly Life[] {
  const lives: { fromMs: number; toMs: number | null }[] = []
  for (const version of versions.toReversed()) {
    const ms = Date.parse(version.at)
    const last = lives[lives.length - 1]
    const open = last !== undefined && last.toMs === null
    if (version.op === 'delete') {
      if (open) last.toMs = ms
      else lives.push({ fromMs: ms, toMs: ms })
    } else if (!open) lives.push({ fromMs: ms, toMs: null })
  }
  return lives
}

export type VersionRow =
  | { readonly kind: 'version'; readonly id: string; readonly version: Change }
  | { readonly kind: 'gap'; readonly id: string; readonly gap: ChartGap }
  /** Changes that retention removed. */
  | { readonly kind: 'removed'; readonly id: string; readonly removed: RemovedChanges }
  /** Between a deletion and the creation after it. */
  | { readonly kind: 'absent'; readonly id: string; readonly forMs: number }

export interface VersionRowsInput {
  readonly versions: readonly Change[]
  readonly gaps: readonly ChartGap[]
  readonly removed?: readonly RemovedChanges[]
  /** Status writes too. */
  readonly all: boolean
  readonly ends: Ends
}

export function prepareVersionRows({
  versions,
  gaps,
  removed = [],
  all,
  ends,
}: VersionRowsInput): readonly VersionRow[] {
  const rows: VersionRow[] = []
  const missing = gaps.filter((gap) => gap.kind === undefined)
  versions.forEach((version, index) => {
    const shown = all || matters(version) || version === ends.from || version === ends.to
    if (shown) rows.push({ kind: 'version', id: rowIdOf(version), version })
    const gone = removed.find(
      ({ epoch, beforeRevision }) => epoch === version.epoch && beforeRevision === version.revision,
    )
    if (gone !== undefined) rows.push({ kind: 'removed', id: `removed-${rowIdOf(version)}`, removed: gone })
    const older = versions[index + 1]
    if (older === undefined) return
    const [ms, olderMs] = [Date.parse(version.at), Date.parse(older.at)]
    for (const gap of missing) {
      // A gap without a version on its older side says nothing about this key.
      if (gap.fromMs >= olderMs && gap.fromMs < ms) rows.push({ kind: 'gap', id: `gap-${gap.fromMs}`, gap })
    }
    if (older.op === 'delete' && version.op !== 'delete')
      rows.push({ kind: 'absent', id: `absent-${rowIdOf(older)}`, forMs: Math.max(0, ms - olderMs) })
  })
  return rows
}
