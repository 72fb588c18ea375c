import { ScopeError } from '../../core/errors'
import { LineFault, LineReader } from './exposedLine'
import { type ImportedSeries, importedSeries, serverIdMetric } from './importedSeries'

/**
 * The first reading of the file, before anything is written: every line is checked, and it is learned which targets are
 * etcd members and how many samples fall into which time, so that later readings can take as much as memory holds.
 */

export interface Survey {
  /** Target → the member id that its process told; null where it told none. */
  readonly members: ReadonlyMap<string, string | null>
  /** Start of a stretch of {@link stretchMs} → samples in it. */
  readonly stretches: ReadonlyMap<number, number>
  readonly lines: number
  readonly samples: number
  /** Samples of metrics that are not kept. */
  readonly leftOut: number
  readonly firstMs: number
  readonly lastMs: number
}

export const stretchMs = 600_000
/** Of only these nobody could tell that the target is an etcd. */
const ofAnyProcess = /^(process_|go_|up$|grpc_)/

export class Surveyor {
  readonly #file: string
  readonly #reader = new LineReader<ImportedSeries | null>(importedSeries)
  readonly #members = new Map<string, string | null>()
  readonly #stretches = new Map<number, number>()
  #line = 0
  #samples = 0
  #leftOut = 0
  #firstMs = Number.POSITIVE_INFINITY
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(file: string) {
    this.#file = file
  }

  get lines(): number {
    return this.#line
  }

  /** Rejects with BAD_SETTING naming the line. */
  take(lines: readonly string[]): void {
    for (const line of lines) {
      this.#line += 1
      try {
        this.#takeLine(line)
      } catch (error) {
        if (!(error instanceof LineFault)) throw error
        throw new ScopeError(
          'BAD_SETTING',
          `${this.#file}, line ${this.#line}: ${error.message}. Nothing was imported.`,
          {
            subject: 'FILE',
          },
        )
      }
    }
  }

  #takeLine(line: string): void {
    const sample = this.#reader.read(line)
    if (sample === null) return
    const { series, atMs } = sample
    if (series === null) {
      this.#leftOut += 1
      return
    }
    const { target, metric, labels } = series
    if (metric === serverIdMetric) this.#members.set(target, labels.server_id ?? null)
    else if (!this.#members.has(target) && !ofAnyProcess.test(metric)) this.#members.set(target, null)
    this.#samples += 1
    this.#firstMs = Math.min(this.#firstMs, atMs)
    this.#lastMs = Math.max(this.#lastMs, atMs)
    const stretch = Math.floor(atMs / stretchMs) * stretchMs
    this.#stretches.set(stretch, (this.#stretches.get(stretch) ?? 0) + 1)
  }

  result(): Survey {
    return {
      members: this.#members,
      stretches: this.#stretches,
      lines: this.#line,
      samples: this.#samples,
      leftOut: this.#leftOut,
      firstMs: this.#firstMs,
      lastMs: this.#lastMs,
    }
  }
}

/** Stretches of time, oldest first, that hold at most so many samples each (one alone may hold more). */
export function slicesOf(survey: Survey, most: number): { fromMs: number; toMs: number }[] {
  const slices: { fromMs: number; toMs: number; samples: number }[] = []
  for (const [fromMs, samples] of [...survey.stretches].sort(([a], [b]) => a - b)) {
    const last = slices.at(-1)
    if (last !== undefined && last.samples + samples <= most) {
      last.toMs = fromMs + stretchMs
      last.samples += samples
    } else slices.push({ fromMs, toMs: fromMs + stretchMs, samples })
  }
  return slices
}
