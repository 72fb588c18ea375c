import type { Member } from '../../contract'
import { maxBigInt, minBigInt } from '../../core/int64'
import type { HashAnswer } from './memberTransport'

/**
 * Whether the members hold the same keyspace. HashKV is comparable only at an equal revision and an equal compact
 * revision; 3.4 and 3.5 do not say which revision they hashed, so it is pinned by the question. A difference is
 * believed only when a second round at a newer revision shows it again: members compact at different moments.
 */

export type MemberHash = NonNullable<Member['hash']>

export interface HashTarget {
  readonly memberId: string
  readonly revision: bigint
  hashKv(revision: bigint, signal: AbortSignal): Promise<HashAnswer>
}

export interface HashRound {
  readonly hashes: ReadonlyMap<string, MemberHash>
  readonly compactRevision: bigint | null
  /** What went wrong, by member id. */
  readonly failures: ReadonlyMap<string, unknown>
}

export interface RevisionHash {
  readonly memberId: string
  readonly revision: bigint
  readonly answer: HashAnswer
}

/** The newest revision that every member has; null when there is none yet. */
export function pinnedRevision(revisions: readonly bigint[]): bigint | null {
  if (revisions.length === 0) return null
  const pinned = revisions.reduce(minBigInt)
  return pinned > 0n ? pinned : null
}

/** Pure: who agrees with the majority of those that can be compared with it; null where nothing can. */
export function compareHashes(answers: readonly RevisionHash[]): Map<string, MemberHash> {
  const groupOf = (a: RevisionHash) => `${a.revision}/${a.answer.compactRevision}`
  return new Map(
    answers.map((own) => {
      const comparable = answers.filter((a) => groupOf(a) === groupOf(own))
      const same = comparable.filter((a) => a.answer.hash === own.answer.hash).length
      const agrees = comparable.length < 2 ? null : same * 2 > comparable.length
      return [
        own.memberId,
        {
          revision: own.revision.toString(),
          // etcd says -1 before the first compaction; no revision is below 1.
          compactRevision: maxBigInt(0n, own.answer.compactRevision).toString(),
          value: own.answer.hash.toString(16).padStart(8, '0'),
          agrees,
        },
      ]
    }),
  )
}

/** Asks one member after the other: hashing costs each of them a walk over its keyspace. */
export async function hashRound(targets: readonly HashTarget[], signal: AbortSignal): Promise<HashRound> {
  const failures = new Map<string, unknown>()
  const pinned = pinnedRevision(targets.map((t) => t.revision))
  const answers: RevisionHash[] = []
  for (const { memberId, hashKv } of pinned === null ? [] : targets) {
    if (signal.aborted || pinned === null) break
    try {
      answers.push({ memberId, revision: pinned, answer: await hashKv(pinned, signal) })
    } catch (error) {
      if (!signal.aborted) failures.set(memberId, error)
    }
  }
  const compacted = answers.map((a) => a.answer.compactRevision)
  return {
    hashes: compareHashes(answers),
    compactRevision: compacted.length > 0 ? compacted.reduce(maxBigInt, 0n) : null,
    failures,
  }
}

export function disagrees(round: HashRound): boolean {
  return [...round.hashes.values()].some((hash) => hash.agrees === false)
}

/** Answers that could not be set side by side although there are several: a compaction ran in between. */
export function incomparable(round: HashRound): boolean {
  return round.hashes.size > 1 && [...round.hashes.values()].every((hash) => hash.agrees === null)
}
