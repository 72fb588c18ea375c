import type { Span } from '../_client/urlState'
import type { ChartGap } from './prepareSeries'

/** SVG paths of a small line: cut where nothing was measured. Pure. */

export interface SparkPaths {
  readonly line: string
  readonly area: string
}

const round = (n: number) => Math.round(n * 10) / 10

export function prepareSpark(
  points: readonly (readonly [number, number | null])[],
  span: Span,
  gaps: readonly ChartGap[],
  size: { readonly width: number; readonly height: number },
): SparkPaths {
  const high = Math.max(...points.map(([, value]) => value ?? 0), 0)
  const length = Math.max(1, span.toMs - span.fromMs)
  const x = (ms: number) => round(((ms - span.fromMs) / length) * size.width)
  const y = (value: number) => round(size.height - 1 - (high === 0 ? 0 : (value / high) * (size.height - 3)))
  const runs: [number, number][][] = []
  let run: [number, number][] = []
  const end = () => {
    if (run.length > 0) runs.push(run)
    run = []
  }
  for (const [ms, value] of points) {
    if (ms < span.fromMs || ms > span.toMs) continue
    if (value === null || gaps.some((gap) => ms > gap.fromMs && ms < gap.toMs)) end()
    else run.push([x(ms), y(value)])
  }
  end()
  const pathOf = (one: readonly [number, number][]) =>
    one.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${px} ${py}`).join('')
  return {
    line: runs.map(pathOf).join(''),
    area: runs
      .map(
        (one) => `${pathOf(one)}L${one[one.length - 1]?.[0] ?? 0} ${size.height}L${one[0]?.[0] ?? 0} ${size.height}Z`,
      )
      .join(''),
  }
}
