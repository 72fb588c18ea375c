'use client'

import { memo } from 'react'
import { useChartScope } from './ChartScope'
import { GapLayer } from './Overlays'
import type { StepPoint } from './prepareSeries'
import { prepareSteps, stepPaths } from './prepareSteps'
import { useWidth } from './useWidth'
import type { XScale } from './xScale'

export interface StepSparkProps {
  /** In words: the picture is not read out. */
  readonly label: string
  readonly actual: readonly StepPoint[]
  readonly desired?: readonly StepPoint[] | undefined
  /** Washes behind the lines: when it was not as it should be. */
  readonly washes?: readonly { readonly fromMs: number; readonly toMs: number; readonly tone: string }[] | undefined
  readonly endMs: number
  readonly heightPx?: number | undefined
}

/** Desired and actual in a table cell, on the page's x scale and with its gaps. */
export const StepSpark = memo(function StepSpark(props: StepSparkProps) {
  const { label, actual, desired, washes = [], heightPx = 26 } = props
  const { scale, gaps } = useChartScope()
  const [ref, width] = useWidth<HTMLDivElement>()
  const options = { scale, gaps, widthPx: width, endMs: props.endMs }
  let high = 1
  for (const points of [actual, desired ?? []]) for (const [, value] of points) high = Math.max(high, value ?? 0)
  const y = (value: number) => heightPx - 1 - (value / high) * (heightPx - 3)
  const line = stepPaths(prepareSteps(actual, options), y, heightPx)
  const wish = desired === undefined ? null : stepPaths(prepareSteps(desired, options), y, heightPx)
  return (
    <div ref={ref} className="step-spark" role="img" aria-label={label} style={{ height: heightPx }}>
      {washes.map((wash) => (
        <Wash key={wash.fromMs} {...wash} scale={scale} />
      ))}
      {width > 0 && (
        <svg width={width} height={heightPx} aria-hidden="true">
          <path className="step-spark-area" d={line.area} />
          {wish !== null && <path className="step-spark-wish" d={wish.line} />}
          <path className="step-spark-line" d={line.line} />
        </svg>
      )}
      <GapLayer />
    </div>
  )
})

function Wash({ fromMs, toMs, tone, scale }: { fromMs: number; toMs: number; tone: string; scale: XScale }) {
  const from = Math.max(0, scale.place(fromMs))
  const to = Math.min(1, scale.place(toMs))
  if (to <= from) return null
  return <i data-tone={tone} style={{ left: `${from * 100}%`, width: `max(2px, ${(to - from) * 100}%)` }} />
}
