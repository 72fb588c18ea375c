import type { Change } from '../../../../../../lib/contract'
import type { XScale } from '../../../../../_charts/xScale'
import type { Span } from '../../../../../_client/urlState'
import { rowIdOf } from '../changeId'
import { lifeStretches, type Shape, shapeOf } from './prepareVersions'

/** The versions of a key on a line of time: bars for what matters, hairs for the rest. Pure. */

export interface TrackBar {
  readonly id: string
  readonly place: number
  readonly shape: Exclude<Shape, 'status'>
}

export interface TrackStretch {
  readonly from: number
  readonly to: number
}

export interface Track {
  readonly bars: readonly TrackBar[]
  /** One a pixel, however many status writes fall on it. */
  readonly hairs: readonly number[]
  /** Where the key existed. */
  readonly lives: readonly TrackStretch[]
  /** Versions inside the span. */
  readonly inside: number
}

/** Apart by less than this, two bars of one shape are one. */
const BAR_PX = 3

const rank: Readonly<Record<TrackBar['shape'], number>> = { metadata: 0, spec: 1, delete: 2 }

export function prepareTrack(versions: readonly Change[], scale: XScale, widthPx: number): Track {
  const width = Math.max(1, widthPx)
  const bars = new Map<string, TrackBar>()
  const hairs = new Set<number>()
  let inside = 0
  for (const version of versions) {
    const place = scale.place(Date.parse(version.at))
    if (place < 0 || place > 1) continue
    inside += 1
    const shape = shapeOf(version)
    if (shape === 'status') hairs.add(Math.round(place * width) / width)
    else bars.set(`${shape} ${Math.round((place * width) / BAR_PX)}`, { id: rowIdOf(version), place, shape })
  }
  const lives = lifeStretches(versions).flatMap(({ fromMs, toMs }) => {
    const from = Math.max(0, scale.place(fromMs))
    const to = toMs === null ? 1 : Math.min(1, scale.place(toMs))
    return to < 0 || from > 1 ? [] : [{ from, to: Math.max(from, to) }]
  })
  return {
    // What matters more is drawn last, over the rest.
    bars: [...bars.values()].sort((a, b) => rank[a.shape] - rank[b.shape] || a.place - b.place),
    hairs: [...hairs].sort((a, b) => a - b),
    lives,
    inside,
  }
}

/** The version a pointer means: within reach the one that matters, else the nearest. */
export function nearestVersion(
  versions: readonly Change[],
  scale: XScale,
  place: number,
  widthPx: number,
): Change | null {
  const reach = 6 / Math.max(1, widthPx)
  let nearest: { version: Change; score: number } | null = null
  for (const version of versions) {
    const away = Math.abs(scale.place(Date.parse(version.at)) - place)
    const shape = shapeOf(version)
    const score = away <= reach && shape !== 'status' ? away - (rank[shape] + 1) * reach : away
    if (nearest === null || score < nearest.score) nearest = { version, score }
  }
  return nearest?.version ?? null
}

/** From here on the time since the newest version is left out. */
const QUIET_FACTOR = 20
/** A little air before the first and after the last, so that handles are not cut. */
const AIR = 0.02
const SHORTEST_MS = 10_000

export function wholeSpan(versions: readonly Change[], nowMs: number): Span {
  const [oldest, newest] = [versions.at(-1), versions[0]]
  const fromMs = oldest === undefined ? nowMs - SHORTEST_MS : Date.parse(oldest.at)
  const told = newest === undefined ? 0 : Date.parse(newest.at) - fromMs
  // A key that has long been left alone: a line to the present would press its whole story into the first pixels.
  const quiet = told > 0 && nowMs - fromMs > QUIET_FACTOR * told
  const length = Math.max(SHORTEST_MS, quiet ? told : nowMs - fromMs)
  return { fromMs: fromMs - length * AIR, toMs: fromMs + length * (1 + AIR) }
}

/** Of the range, unless it holds too little of this key to choose two from. */
export function trackSpan(
  versions: readonly Change[],
  range: Span,
  nowMs: number,
  asked: string | null,
): { readonly span: Span; readonly which: 'range' | 'all' } {
  const inRange = versions.filter((version) => {
    const ms = Date.parse(version.at)
    return ms >= range.fromMs && ms <= range.toMs
  }).length
  const which = asked === 'range' || asked === 'all' ? asked : inRange >= 2 ? 'range' : 'all'
  return { which, span: which === 'range' ? range : wholeSpan(versions, nowMs) }
}

export interface LabelSide {
  readonly side: 'left' | 'right'
  /** On the second line, because the first is taken there. */
  readonly low: boolean
}

/** A handle's label with revision and time, at most. */
const LABEL_PX = 200

/** Labels point away from each other where there is room; else they turn inwards, and To takes the second line. */
export function labelSides(
  from: number | null,
  to: number | null,
  widthPx: number,
): { readonly from: LabelSide; readonly to: LabelSide } {
  const at = (place: number | null) => Math.min(1, Math.max(0, place ?? 0)) * widthPx
  const fromSide = at(from) >= LABEL_PX ? 'left' : 'right'
  const toSide = widthPx - at(to) >= LABEL_PX ? 'right' : 'left'
  const fromEnd = at(from) + (fromSide === 'right' ? LABEL_PX : 0)
  const toStart = at(to) - (toSide === 'left' ? LABEL_PX : 0)
  return {
    from: { side: fromSide, low: false },
    to: { side: toSide, low: from !== null && to !== null && fromEnd > toStart },
  }
}
