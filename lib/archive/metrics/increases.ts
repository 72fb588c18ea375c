import { samplesBetween } from '../../collector/members/counterRates'
import type { Scrape, ScrapedSeries } from '../../collector/members/scrape'
import type { SampleInput } from '../../store'

/**
 * The scrapes of one target, one after the other, as samples: as the collector measures its own, each series from when
 * it was last seen. A process that was replaced, or a counter that went back, begins anew and adds nothing. Where a
 * series turns up later than others its first value is no increase: it may only not have been asked for before.
 */
export class Increases {
  readonly #last = new Map<string, { readonly atMs: number; readonly series: ScrapedSeries }>()
  #processStart: number | null = null

  samplesOf(scrape: Scrape): SampleInput[] {
    const { atMs, processStart } = scrape
    if (processStart !== null) {
      if (this.#processStart !== null && processStart !== this.#processStart) this.#last.clear()
      this.#processStart = processStart
    }
    const since = new Map<number | null, Map<string, ScrapedSeries>>()
    for (const [key, series] of scrape.series) {
      const lastMs = this.#last.get(key)?.atMs ?? null
      const group = since.get(lastMs) ?? new Map<string, ScrapedSeries>()
      since.set(lastMs, group)
      group.set(key, series)
    }
    const wentBack = [...scrape.series].some(([key, series]) => fell(this.#last.get(key)?.series, series))
    if (wentBack) this.#last.clear()
    const samples = [...since].flatMap(([lastMs, series]) => {
      const before = new Map<string, ScrapedSeries>()
      for (const key of series.keys()) {
        const last = this.#last.get(key)
        if (last !== undefined) before.set(key, last.series)
      }
      const base = lastMs === null || wentBack ? null : { atMs: lastMs, processStart: null, series: before }
      return samplesBetween(base, { atMs, processStart: null, series })
    })
    for (const [key, series] of scrape.series) this.#last.set(key, { atMs, series })
    return samples
  }
}

function fell(before: ScrapedSeries | undefined, now: ScrapedSeries): boolean {
  return before !== undefined && now.kind !== 'gauge' && now.value < before.value
}
