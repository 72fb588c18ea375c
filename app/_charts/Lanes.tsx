'use client'

import { type ReactNode, useMemo } from 'react'
import type { MemberState } from '../../lib/contract'
import { MarkTag } from '../_ui/MarkTag'
import { useChartScope } from './ChartScope'
import { Swatch } from './Legend'
import { GapLayer, MarkLayer } from './Overlays'
import { PlotArea } from './PlotArea'
import { type Lane, laneWords, prepareLanes } from './prepareLanes'
import { type ChartMark, placeMarks } from './prepareMarks'
import { useWidth } from './useWidth'

export interface LanesProps {
  readonly label: string
  readonly states: readonly MemberState[]
  /** Member ids in the order of the member list: fixes the colours. */
  readonly order: readonly string[]
  readonly onOpenMark?: ((mark: ChartMark) => void) | undefined
  readonly selectedMarkId?: string | null | undefined
  /** Above the tags: "Term". */
  readonly markTitle?: string | undefined
  /** Words beside a tag: "term 118". */
  readonly markWords?: ((mark: ChartMark) => string) | undefined
  /** Replaces the state's word at the right end of a lane. */
  readonly laneEnd?: ((lane: Lane) => ReactNode) | undefined
}

/** Leader lanes: a filled bar where a member led, a line where it followed, hatched where it did not answer. */
export function Lanes({ label, states, order, onOpenMark, selectedMarkId, markTitle, markWords, laneEnd }: LanesProps) {
  const { scale } = useChartScope()
  const lanes = useMemo(() => prepareLanes(states, order, scale), [states, order, scale])
  const [ref, width] = useWidth<HTMLDivElement>()
  return (
    <div className="lanes">
      <MarkRow
        title={markTitle ?? ''}
        words={markWords}
        onOpen={onOpenMark}
        selectedId={selectedMarkId}
        width={width}
      />
      <div className="lanes-names">
        {lanes.map((lane) => (
          <div key={lane.id} className="lane-name" title={lane.name}>
            <Swatch {...lane.look} />
            <span className="mono">{lane.name}</span>
          </div>
        ))}
      </div>
      <PlotArea label={label} className="lanes-area">
        <div className="plot-measure" ref={ref} />
        <GapLayer widthPx={width} />
        <MarkLayer widthPx={width} selectedId={selectedMarkId} />
        {lanes.map((lane) => (
          <div key={lane.id} className="lane" style={{ ['--lane-color' as string]: lane.look.color }}>
            {lane.segments.map((segment) => (
              <div
                key={`${segment.from}-${segment.state}`}
                className="lane-segment"
                data-state={segment.state}
                title={segment.label}
                style={{ left: `${segment.from * 100}%`, width: `${segment.width * 100}%` }}
              >
                <Words words={segment.words} widthPx={segment.width * width} />
              </div>
            ))}
          </div>
        ))}
      </PlotArea>
      <div className="lanes-ends">
        {lanes.map((lane) => (
          <div key={lane.id} className="lane-end" data-state={lane.now}>
            {laneEnd?.(lane) ?? laneWords(lane.now)}
          </div>
        ))}
      </div>
    </div>
  )
}

/** Mean width of a letter in a bar, and the room at its ends. */
const CHAR_PX = 5.8
const ENDS_PX = 16

/** All the words where they fit, else the first of them ("leader"), else none: never cut in the middle. */
function Words({ words, widthPx }: { words: string; widthPx: number }) {
  const fitting = [words, words.split(' ')[0] ?? ''].find((some) => some.length * CHAR_PX + ENDS_PX <= widthPx)
  return fitting === undefined || fitting === '' ? null : <em>{fitting}</em>
}

interface MarkRowProps {
  readonly title: string
  readonly words: ((mark: ChartMark) => string) | undefined
  readonly onOpen: ((mark: ChartMark) => void) | undefined
  readonly selectedId: string | null | undefined
  readonly width: number
}

/** A label needs this much free room to the right of its tag. */
const WORDS_PX = 74

function MarkRow({ title, words, onOpen, selectedId, width }: MarkRowProps) {
  const { marks, scale } = useChartScope()
  const placed = placeMarks(marks, scale, width)
  return (
    <>
      <div className="lane-name dim lanes-mark-title">{title}</div>
      <div className="lanes-marks">
        {placed.map(({ mark, place, together }, index) => {
          const next = placed[index + 1]?.place ?? 1.1
          const fits = (Math.min(next, 1.02) - place) * width > WORDS_PX
          const label = together.map((one) => one.label).join('\n')
          const chosen = together.some((one) => one.id === selectedId)
          return (
            <button
              key={mark.id}
              type="button"
              className="lanes-mark"
              aria-label={label}
              aria-pressed={chosen}
              title={label}
              style={{ left: `${place * 100}%` }}
              onClick={() => onOpen?.(mark)}
            >
              <MarkTag kind={mark.kind} count={together.length} />
              {fits && words !== undefined && <em>{words(mark)}</em>}
            </button>
          )
        })}
      </div>
      <div />
    </>
  )
}
