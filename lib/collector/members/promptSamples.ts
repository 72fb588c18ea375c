import type { SampleInput } from '../../store'

/** Samples that tell of trouble: whether a member answers, alarms, agreement, what the quorum still takes. */
const prompt: ReadonlySet<string> = new Set([
  'up',
  'etcdscope_alarm',
  'etcdscope_hash_agrees',
  'etcdscope_failures_tolerated',
])

/**
 * Looks are closer together than scrapes: trouble and its end are stored with the look that saw them, and not with
 * the next scrape. Answers whether these samples say so.
 */
export function createPromptness(): (samples: readonly SampleInput[]) => boolean {
  let told: string | null = null
  return (samples) => {
    const now = JSON.stringify(
      samples.flatMap(({ metric, labels, value }) => (prompt.has(metric) ? [[metric, labels, value]] : [])),
    )
    if (now === told) return false
    told = now
    return true
  }
}
