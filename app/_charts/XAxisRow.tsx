'use client'

import { Fragment } from 'react'
import { digitGroups, formatClock } from '../_client/format'
import { useRestingRevision } from '../_client/useRevisions'
import { useChartScope } from './ChartScope'
import { useCursor } from './cursor'
import { useWidth } from './useWidth'

const TICK_PX = 84
const REVISION_TICK_PX = 110
/** Keeps the first and last label inside the plot. */
const edge = (place: number) => (place < 0.03 ? 'first' : place > 0.97 ? 'last' : undefined)

/** The x axis under the lowest plot, with the cursor's label: clock and revision. */
export function XAxisRow() {
  const { scale } = useChartScope()
  const [ref, width] = useWidth<HTMLDivElement>()
  const count = Math.max(2, Math.floor(width / (scale.axis === 'revision' ? REVISION_TICK_PX : TICK_PX)))
  return (
    <div className="plot-x" ref={ref}>
      {width > 0 &&
        scale.ticks(count).map(({ place, label, revision }) => (
          <span key={label} data-edge={edge(place)} style={{ left: `${place * 100}%` }}>
            {revision === null ? label : <Grouped digits={revision} />}
          </span>
        ))}
      <CursorLabel />
    </div>
  )
}

function Grouped({ digits }: { digits: string }) {
  return (
    <span className="rev">
      {digitGroups(digits).map((group, index) => (
        <Fragment key={index}>{index === 0 ? group : <i>{group}</i>}</Fragment>
      ))}
    </span>
  )
}

export function CursorLabel() {
  const { scale, cluster } = useChartScope()
  const ms = useCursor()
  const revision = useRestingRevision(cluster, ms === null ? null : Math.round(ms))
  if (ms === null) return null
  const place = scale.place(ms)
  if (place < 0 || place > 1) return null
  return (
    <div
      className="plot-cursor-label"
      data-edge={place < 0.12 ? 'first' : place > 0.88 ? 'last' : undefined}
      style={{ left: `${place * 100}%` }}
    >
      {formatClock(ms)}
      {revision !== null && <Grouped digits={revision} />}
    </div>
  )
}
