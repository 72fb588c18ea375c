import type { Band } from './Overlays'
import type { XScale } from './xScale'

/** Closer than this, two bands of one tone are one: thousands of short ones must not become thousands of elements. */
const JOIN_PX = 2

/** Bands inside the plot, in their order; neighbours of one tone that cannot be told apart are joined. Pure. */
export function joinBands(bands: readonly Band[], scale: XScale, widthPx: number): readonly Band[] {
  const joined: Band[] = []
  for (const band of bands) {
    if (scale.place(band.toMs) < 0 || scale.place(band.fromMs) > 1) continue
    const last = joined[joined.length - 1]
    const apartPx = last === undefined ? Infinity : (scale.place(band.fromMs) - scale.place(last.toMs)) * widthPx
    if (last !== undefined && last.tone === band.tone && band.tone !== 'selected' && apartPx < JOIN_PX) {
      joined[joined.length - 1] = {
        ...last,
        toMs: Math.max(last.toMs, band.toMs),
        label: last.label === band.label ? last.label : undefined,
      }
    } else joined.push(band)
  }
  return joined
}
