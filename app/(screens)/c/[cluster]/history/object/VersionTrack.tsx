'use client'

import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react'
import type { Change } from '../../../../../../lib/contract'
import { useChartScope } from '../../../../../_charts/ChartScope'
import { GapLayer, MarkLayer } from '../../../../../_charts/Overlays'
import { useWidth } from '../../../../../_charts/useWidth'
import { XAxisRow } from '../../../../../_charts/XAxisRow'
import { formatMoment } from '../../../../../_client/format'
import { Revision, Time } from '../../../../../_ui/Figures'
import { type LabelSide, labelSides, nearestVersion, prepareTrack } from './prepareTrack'
import { type End, type Shape, type Step, stepVersion } from './prepareVersions'
import type { EndsChoice } from './useEnds'

export function ShapeGlyph({ shape }: { shape: Shape }) {
  return <i className="shape-glyph" data-shape={shape} aria-hidden="true" />
}

const percent = (place: number) => `${place * 100}%`

/**
 * Versions as bars, hollow bars and hairs. Two handles: they follow the pointer from version to version, and take
 * arrow keys (Shift: to the next configuration change).
 */
export function VersionTrack({ versions, choice }: { versions: readonly Change[]; choice: EndsChoice }) {
  const { scale } = useChartScope()
  const [ref, width] = useWidth<HTMLDivElement>()
  const track = useMemo(() => prepareTrack(versions, scale, width), [versions, scale, width])
  const { ends } = choice
  const dragged = useRef<End | null>(null)
  const [dragging, setDragging] = useState<End | null>(null)

  const pointed = (event: PointerEvent): Change | null => {
    const box = ref.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return null
    return nearestVersion(versions, scale, (event.clientX - box.left) / box.width, box.width)
  }
  const moveTo = (end: End, version: Change | null) => {
    if (version === null || version === ends[end]) return
    const other = ends[end === 'from' ? 'to' : 'from']
    // A handle stops at the other one.
    if (other !== null) {
      const [at, otherAt] = [versions.indexOf(version), versions.indexOf(other)]
      if (end === 'from' ? at <= otherAt : at >= otherAt) return
    }
    choice.preview(end, version)
  }
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return
    const version = pointed(event)
    if (version === null) return
    const held = event.target instanceof Element ? event.target.closest('[data-end]')?.getAttribute('data-end') : null
    const end = held === 'from' || held === 'to' ? held : nearerEnd(version)
    dragged.current = end
    setDragging(end)
    event.currentTarget.setPointerCapture(event.pointerId)
    if (held === null || held === undefined) moveTo(end, version)
  }
  const nearerEnd = (version: Change): End => {
    if (ends.from === null || ends.to === null) return 'to'
    const place = (one: Change) => scale.place(Date.parse(one.at))
    return Math.abs(place(ends.from) - place(version)) < Math.abs(place(ends.to) - place(version)) ? 'from' : 'to'
  }
  const move = (event: PointerEvent) => {
    if (dragged.current !== null) moveTo(dragged.current, pointed(event))
  }
  const up = () => {
    if (dragged.current !== null) choice.settle()
    dragged.current = null
    setDragging(null)
  }
  const placeOf = (version: Change | null) => (version === null ? null : scale.place(Date.parse(version.at)))
  const from = placeOf(ends.from)
  const to = placeOf(ends.to)
  const sides = labelSides(from, to, width)
  return (
    <div className="track">
      <div
        ref={ref}
        className="track-plot"
        data-dragging={dragging !== null}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
      >
        {from !== null && to !== null && (
          <div
            className="track-chosen"
            style={{ left: percent(clamp(from)), width: percent(clamp(to) - clamp(from)) }}
          />
        )}
        <div className="track-gaps">
          <GapLayer widthPx={width} />
        </div>
        <div className="track-marks">
          <MarkLayer widthPx={width} />
        </div>
        {track.lives.map((life) => (
          <div
            key={life.from}
            className="track-life"
            style={{ left: percent(life.from), width: percent(life.to - life.from) }}
          />
        ))}
        {track.hairs.map((place) => (
          <i key={place} className="track-hair" style={{ left: percent(place) }} />
        ))}
        {track.bars.map((bar) => (
          <i key={bar.id} className="track-bar" data-shape={bar.shape} style={{ left: percent(bar.place) }} />
        ))}
        <Handle end="from" version={ends.from} place={from} label={sides.from} versions={versions} choice={choice} />
        <Handle end="to" version={ends.to} place={to} label={sides.to} versions={versions} choice={choice} />
      </div>
      <XAxisRow />
    </div>
  )
}

const clamp = (place: number) => Math.min(1, Math.max(0, place))

interface HandleProps {
  readonly end: End
  readonly version: Change | null
  readonly place: number | null
  readonly label: LabelSide
  readonly versions: readonly Change[]
  readonly choice: EndsChoice
}

const stepOfKey: Readonly<Record<string, Step>> = {
  ArrowLeft: 'older',
  ArrowDown: 'older',
  ArrowRight: 'newer',
  ArrowUp: 'newer',
  Home: 'oldest',
  End: 'newest',
}

/** Outside the span it stands at the edge, so that it can be taken back in. */
function Handle({ end, version, place, label, versions, choice }: HandleProps) {
  if (version === null || place === null) return null
  const key = (event: KeyboardEvent) => {
    const step = stepOfKey[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = stepVersion(versions, choice.ends, end, step, event.shiftKey)
    if (next !== null) choice.set(end, next)
  }
  const word = end === 'from' ? 'From' : 'To'
  const at = versions.indexOf(version)
  const outside = place < 0 ? 'before' : place > 1 ? 'after' : null
  return (
    <div
      className="track-handle"
      data-end={end}
      data-side={label.side}
      data-low={label.low}
      role="slider"
      tabIndex={0}
      aria-label={`${word}, arrow keys choose the version, Shift the next configuration change`}
      aria-valuemin={0}
      aria-valuemax={versions.length - 1}
      aria-valuenow={versions.length - 1 - at}
      aria-valuetext={`revision ${version.revision}, ${formatMoment(Date.parse(version.at), Date.now())}, ${version.significance}`}
      style={{ left: percent(clamp(place)) }}
      onKeyDown={key}
    >
      <em>
        {word} <Revision value={version.revision} /> <Time value={version.at} />
        {outside !== null && ` (${outside} this range)`}
      </em>
    </div>
  )
}
