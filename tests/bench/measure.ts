import { readFileSync } from 'node:fs'
import type { RecordReader } from '../../lib/store'

/** Figures of a benchmark: quantiles, resident memory, and one line a result. */

export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
}

/** Resident memory of a process in MiB, from the kernel. */
export function residentMiB(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return match?.[1] === undefined ? Number.NaN : Number(match[1]) / 1024
}

/** Samples the resident memory of processes until stopped; answers each one's maximum. */
export function watchMemory(
  processes: Readonly<Record<string, () => number | undefined>>,
): () => Record<string, number> {
  const peak: Record<string, number> = {}
  const timer = setInterval(() => {
    for (const [name, pidOf] of Object.entries(processes)) {
      const pid = pidOf()
      if (pid === undefined) continue
      try {
        peak[name] = Math.max(peak[name] ?? 0, residentMiB(pid))
      } catch {
        // The process has just ended; its peak so far stands.
      }
    }
  }, 100)
  return () => {
    clearInterval(timer)
    return peak
  }
}

/** The newest durable revision, 0 before the first, read the cheapest way: from the pulse that the stream tells of. */
export async function storedRevision(reader: RecordReader): Promise<number> {
  const pulse = (await reader.pulses()).find(({ topic }) => topic === 'changes')
  return Number(pulse?.cursor.split(':')[1] ?? 0)
}

export interface Goal {
  readonly bound: number
  readonly sense: 'at least' | 'at most'
}

/** Prints one result against its goal and says whether it was met. */
export function report(name: string, value: number, unit: string, goal: Goal, detail: string): boolean {
  const met = goal.sense === 'at least' ? value >= goal.bound : value <= goal.bound
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1)
  console.log(`${met ? 'met ' : 'MISS'}  ${name}: ${shown}${unit} (${goal.sense} ${goal.bound}${unit})  ${detail}`)
  return met
}
