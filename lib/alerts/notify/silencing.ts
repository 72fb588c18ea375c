import type { SilenceRow } from '../../store'
import { compileMatchers, type LabelMatch } from '../labelMatch'

/** Which silence holds an alert back, by its labels with alertname, severity and cluster. */
export interface Silencing {
  /** The one that ends last; null when none is active. */
  of(labels: Readonly<Record<string, string>>, nowMs: number): SilenceRow | null
}

export function compileSilences(silences: readonly SilenceRow[]): Silencing {
  const compiled: { silence: SilenceRow; matches: LabelMatch }[] = silences
    .toSorted((a, b) => b.endsMs - a.endsMs)
    .map((silence) => ({ silence, matches: compileMatchers(silence.matchers) }))
  return {
    of: (labels, nowMs) =>
      compiled.find(({ silence, matches }) => isActive(silence, nowMs) && matches(labels))?.silence ?? null,
  }
}

export function isActive({ startsMs, endsMs }: SilenceRow, nowMs: number): boolean {
  return startsMs <= nowMs && nowMs < endsMs
}
