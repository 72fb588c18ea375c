import type { LeaderChangeInput, MemberStateInput, SampleInput } from '../../lib/store'

/** The part of the record that the member watch writes to, kept in memory. */
export interface FakeWriter {
  readonly changes: LeaderChangeInput[]
  readonly looks: { states: readonly MemberStateInput[]; atMs: number; pausedAfterMs: number }[]
  readonly samples: { atMs: number; samples: readonly SampleInput[] }[]
  newest: { term: bigint; memberId: string; lastSeenMs: number } | null
  /** While set, every write is refused with it. */
  refuse: Error | null
  observeMembers(
    cluster: unknown,
    states: readonly MemberStateInput[],
    atMs: number,
    pausedAfterMs: number,
  ): Promise<void>
  recordLeaderChange(cluster: unknown, change: LeaderChangeInput): Promise<void>
  newestLeader(): Promise<{ term: bigint; memberId: string; lastSeenMs: number } | null>
  writeSamples(cluster: unknown, atMs: number, samples: readonly SampleInput[]): Promise<void>
}

export function createFakeWriter(): FakeWriter {
  const writer: FakeWriter = {
    changes: [],
    looks: [],
    samples: [],
    newest: null,
    refuse: null,
    async observeMembers(_, states, atMs, pausedAfterMs) {
      if (writer.refuse) throw writer.refuse
      writer.looks.push({ states, atMs, pausedAfterMs })
    },
    async recordLeaderChange(_, change) {
      if (writer.refuse) throw writer.refuse
      writer.changes.push(change)
    },
    async newestLeader() {
      return writer.newest
    },
    async writeSamples(_, atMs, samples) {
      if (writer.refuse) throw writer.refuse
      writer.samples.push({ atMs, samples })
    },
  }
  return writer
}
