import type { Desired } from '../kubernetes/workload/facts'
import type { RolloutFailure, RolloutRow, StoredCause } from '../store'

/**
 * One workload's rollouts: each change of generation is one, and it ends at the first of Current, Failed, the next
 * change of generation, deletion. Pure but for its own state. Invariant: at most one is open.
 */

const failuresKept = 50

const rollingOut = new Set(['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'replicationcontrollers'])

/** Pods, Jobs and CronJobs run; they do not roll out. */
export function hasRollouts(resource: string): boolean {
  return rollingOut.has(resource) || resource.includes('.')
}

export interface Moment {
  readonly revision: bigint
  readonly atMs: number
}

type OpenRollout = { -readonly [name in keyof RolloutRow]: RolloutRow[name] } & {
  failures: RolloutFailure[]
  replacedAt: bigint[]
}

export class RolloutTrack {
  readonly #keyId: number
  readonly #templates: Set<number>
  #open: OpenRollout | null
  /** A gap of the record lies within the open one: how long it took nobody knows. */
  #interrupted = false

  constructor(keyId: number, known: { templates: Iterable<number>; open: RolloutRow | null }) {
    this.#keyId = keyId
    this.#templates = new Set(known.templates)
    this.#open = known.open === null ? null : mutable(known.open)
  }

  get open(): RolloutRow | null {
    return this.#open
  }

  interrupt(): void {
    this.#interrupted = true
  }

  /** The workload as it is when the record of it begins: no rollout, but its template is known from now on. */
  baseline(desired: Desired, at: Moment): RolloutRow[] {
    if (desired.template === null || this.#templates.has(desired.template)) return []
    this.#templates.add(desired.template)
    return [
      { ...this.#row(desired, at, 'baseline'), outcome: 'converged', endedRevision: at.revision, endedMs: at.atMs },
    ]
  }

  /** A change of generation, or its first version. Returns the rows to write: the one that ends, the one that begins. */
  begin(before: Desired | null, desired: Desired, at: Moment): RolloutRow[] {
    const cause = this.#causeOf(before, desired)
    const rows = this.end(cause === 'rollback' ? 'rolled-back' : 'superseded', at)
    if (desired.template !== null) this.#templates.add(desired.template)
    this.#interrupted = false
    this.#open = mutable(this.#row(desired, at, cause))
    rows.push(mutable(this.#open))
    return rows
  }

  end(outcome: 'converged' | 'failed' | 'superseded' | 'rolled-back' | 'deleted', at: Moment): RolloutRow[] {
    const open = this.#open
    if (open === null) return []
    this.#open = null
    const converged = outcome === 'converged' && !this.#interrupted
    return [
      {
        ...open,
        outcome,
        endedRevision: at.revision,
        endedMs: at.atMs,
        convergedMs: converged ? Math.max(0, at.atMs - open.startedMs) : null,
      },
    ]
  }

  /** One of its Pods that was there at the start is deleted. */
  podDeleted(createRevision: bigint, { revision }: Moment): RolloutRow[] {
    if (this.#open === null || createRevision > this.#open.fromRevision) return []
    this.#open.replacedAt.push(revision)
    return [mutable(this.#open)]
  }

  /** Each reason once an object. */
  failed(failure: RolloutFailure): RolloutRow[] {
    const open = this.#open
    if (open === null || open.failures.length >= failuresKept) return []
    if (open.failures.some((one) => one.keyId === failure.keyId && one.reason === failure.reason)) return []
    open.failures.push(failure)
    return [mutable(open)]
  }

  #causeOf(before: Desired | null, desired: Desired): StoredCause {
    if (before === null) return 'create'
    if (desired.template !== before.template) {
      return desired.template !== null && this.#templates.has(desired.template) ? 'rollback' : 'template'
    }
    return desired.rest === before.rest && desired.replicas !== before.replicas ? 'scale' : 'other'
  }

  #row(desired: Desired, at: Moment, cause: StoredCause): RolloutRow {
    return {
      keyId: this.#keyId,
      fromRevision: at.revision,
      generation: desired.generation,
      startedMs: at.atMs,
      cause,
      outcome: 'in-progress',
      endedRevision: null,
      endedMs: null,
      convergedMs: null,
      replacedAt: [],
      template: desired.template,
      failures: [],
    }
  }
}

/** A copy that shares no list with what it is of. */
function mutable(row: RolloutRow): OpenRollout {
  return { ...row, failures: [...row.failures], replacedAt: [...row.replacedAt] }
}
