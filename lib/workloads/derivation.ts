import type { ObjectFacts } from '../kubernetes/workload/facts'
import type {
  DerivationGap,
  DerivationRest,
  DerivedBatch,
  InsightRow,
  ObjectRow,
  OwnedRow,
  PodStepRow,
  RolloutRow,
  StoredInsight,
  TrackedInput,
  TrackedRole,
  WorkloadStepRow,
} from '../store'
import { flapWindowMs, insightsOf } from './insights'
import { type Entry, type EntryPlace, WorkloadModel } from './model'
import { OwnerLinks } from './ownerLinks'
import { readFacts } from './readFacts'
import { hasRollouts, type Moment, RolloutTrack } from './rollouts'
import { departuresIn, emptyStep, leaves, podStepOf, sameInsights, samePodStep, sameStep, stepOf } from './steps'

/**
 * From the changes of one epoch, in order, to what is stored of its workloads. Pure: what it learns it hands over with
 * {@link Derivation.take}. Invariant: after the same changes it holds and has handed over the same, wherever between
 * two revisions it was stopped and restored.
 */

/** Recent runs that the next one is measured against. */
const runsKept = 20

export type Derived = Omit<DerivedBatch, 'cluster' | 'epoch' | 'ownership' | 'through' | 'chainSeq'>

type Who = Pick<TrackedInput, 'keyId' | 'role' | 'kind' | 'group' | 'firstRevision'>

interface Track {
  readonly who: Who
  last: WorkloadStepRow | null
  /** Null for what has no rollouts. */
  readonly rollouts: RolloutTrack | null
  insights: readonly StoredInsight[]
  /** Where they stand: of the row that was written last. */
  insightRevision: bigint
  departures: number[]
  runs: number[]
}

const none: readonly StoredInsight[] = []

export class Derivation {
  readonly #model = new WorkloadModel()
  readonly #tracks = new Map<number, Track>()
  readonly #links = new OwnerLinks((row) => this.#out.owned.push(row))
  /** When to look at a workload again although nothing of it has changed. */
  readonly #dueMs = new Map<number, number>()
  #nextDueMs = Number.POSITIVE_INFINITY
  #out = emptyOutput()

  /** Objects as they are at the revision where it starts; then {@link restore} or {@link begin}. */
  load(objects: readonly ObjectRow[]): void {
    const ignored = new Set<Entry>()
    for (const row of objects) {
      const facts = readFacts(row, null)
      if (facts === null) continue
      const entry = this.#model.put(placeOf(row), facts, ignored)
      if (facts.pod !== null) entry.podStep = podStepOf(entry, row)
    }
  }

  /** Goes on where an earlier one stopped, with what was stored last of each. */
  restore(rest: DerivationRest, gaps: readonly DerivationGap[]): void {
    this.#model.moved.clear()
    // A gap of one revision leaves no step of its own between those before it and those behind.
    const wholeFrom = gaps.at(-1)?.toRevision ?? 0n
    for (const known of rest.tracked) {
      const resource = this.#model.entries.get(known.keyId)?.resource
      const track = this.#trackOf(known, resource === undefined || hasRollouts(resource), known)
      track.last = known.recent.at(-1) ?? null
      track.insights = track.last?.insights ?? none
      track.insightRevision = known.insightRevision ?? known.firstRevision
      track.departures = departuresIn(known.recent.filter(({ revision }) => revision >= wholeFrom))
      track.runs = [...known.runs]
      const from = known.open?.fromRevision
      if (from !== undefined && gaps.some((gap) => gap.fromRevision > from)) track.rollouts?.interrupt()
    }
    this.#links.restore(rest.owned)
    // Whatever waits for its time does so again.
    for (const keyId of this.#tracks.keys()) this.#dueMs.set(keyId, Number.NEGATIVE_INFINITY)
    this.#nextDueMs = Number.NEGATIVE_INFINITY
  }

  /** Begins, or begins anew behind a gap, with the whole state at a revision. */
  begin(rest: DerivationRest, at: Moment): void {
    this.restore(rest, [])
    for (const track of this.#tracks.values()) {
      track.rollouts?.interrupt()
      track.departures = []
      // What held before the gap did not hold without a break.
      track.last = null
      track.insights = none
    }
    const touched = new Set<Entry>()
    for (const entry of this.#model.entries.values()) {
      this.#links.link(entry, this.#model.isListed(entry), at)
      entry.podStep = null
      this.#podStep(entry, at)
      const role = this.#roleOf(entry)
      if (role === null) continue
      const track = this.#trackFor(entry, role, at)
      const { desired, status } = entry.facts
      const { open } = track.rollouts ?? {}
      if (open && open.generation !== desired?.generation) this.#write(track.rollouts?.end('superseded', at))
      else if (status.status === 'Current') this.#write(track.rollouts?.end('converged', at))
      else if (status.status === 'Failed') this.#write(track.rollouts?.end('failed', at))
      if (desired !== null) this.#write(track.rollouts?.baseline(desired, at))
      touched.add(entry)
    }
    // Gone while nobody watched.
    for (const { who } of [...this.#tracks.values()]) if (!this.#isTracked(who)) this.#end(who.keyId, at)
    for (const keyId of this.#links.keyIds()) if (!this.#model.entries.has(keyId)) this.#links.unlink(keyId, at)
    this.#evaluate(touched, at)
  }

  /** All changes of one revision. */
  apply(rows: readonly ObjectRow[]): void {
    const [first] = rows
    if (first === undefined) return
    const at = { revision: first.revision, atMs: first.atMs }
    this.advance(at.atMs)
    const touched = new Set<Entry>()
    for (const row of rows) this.#change(row, at, touched)
    this.#evaluate(touched, at)
  }

  /** Nothing else has changed up to this time: what has come true by then, time alone did. */
  advance(toMs: number): void {
    if (toMs < this.#nextDueMs) return
    const due = [...this.#dueMs].filter(([, dueMs]) => dueMs <= toMs).map(([keyId]) => keyId)
    for (const keyId of due.sort((a, b) => a - b)) {
      const entry = this.#model.entries.get(keyId)
      const track = this.#tracks.get(keyId)
      if (entry === undefined || track === undefined) this.#dueMs.delete(keyId)
      // Its last row says it beforehand, with the time from which it holds.
      else this.#remark(entry, track, null, { revision: track.insightRevision, atMs: toMs })
    }
    this.#nextDueMs = Math.min(Number.POSITIVE_INFINITY, ...this.#dueMs.values())
  }

  /** The record says nothing from here on, until {@link begin}. */
  breakOff(at: Moment): void {
    // Also takes back what a derivation that stepped back had said of later.
    this.advance(at.atMs)
    for (const [keyId, track] of this.#tracks) {
      if (track.last !== null) this.#close(keyId, 'unrecorded', at, track)
    }
  }

  /** What was derived since the last call. */
  take(): Derived {
    const { tracked, steps, insights, podSteps, rollouts, owned } = this.#out
    this.#out = emptyOutput()
    return {
      tracked: [...tracked.values()],
      steps,
      insights,
      podSteps,
      // Of one row written several times the last says all.
      rollouts: [...new Map(rollouts.map((row) => [`${row.keyId} ${row.fromRevision}`, row])).values()],
      owned: [...new Map(owned.map((row) => [`${row.ownerId} ${row.keyId} ${row.fromRevision}`, row])).values()],
    }
  }

  #change(row: ObjectRow, at: Moment, touched: Set<Entry>): void {
    const before = this.#model.entries.get(row.keyId) ?? null
    const factsBefore = before?.facts ?? null
    const facts = row.op === 'delete' ? null : readFacts(row, factsBefore)
    // Deleted and made again within what is not recorded, or under one name in one transaction.
    const replaced = before !== null && facts !== null && factsBefore?.uid !== facts.uid
    if (before !== null && (facts === null || replaced)) this.#remove(before, at, touched)
    if (facts === null) return
    const entry = this.#model.put(placeOf(row), facts, touched)
    this.#links.link(entry, this.#model.isListed(entry), at)
    for (const moved of this.#model.moved) this.#links.link(moved, this.#model.isListed(moved), at)
    this.#model.moved.clear()
    this.#podStep(entry, at)
    this.#runOf(entry, replaced ? null : factsBefore, at)
    const role = this.#roleOf(entry)
    if (role === null) return
    touched.add(entry)
    const known = this.#tracks.get(entry.keyId)
    const track = this.#trackFor(entry, role, at)
    this.#rollout(entry, track, replaced || known === undefined ? null : factsBefore, row.op === 'create', at)
  }

  #remove(entry: Entry, at: Moment, touched: Set<Entry>): void {
    const home = entry.home
    this.#model.remove(entry.keyId, touched)
    if (home !== null) this.#write(this.#tracks.get(home.keyId)?.rollouts?.podDeleted(entry.createRevision, at))
    this.#links.unlink(entry.keyId, at)
    if (this.#tracks.has(entry.keyId)) this.#end(entry.keyId, at)
  }

  #rollout(entry: Entry, track: Track, before: ObjectFacts | null, created: boolean, at: Moment): void {
    const { desired, status, generation, observedGeneration } = entry.facts
    const { rollouts } = track
    if (rollouts === null || desired === null) return
    // Without an observed generation nothing tells when a custom resource has got what it wants.
    const measurable = !entry.resource.includes('.') || observedGeneration !== null
    if (before === null && !(created && measurable)) this.#write(rollouts.baseline(desired, at))
    else if ((before === null || before.generation !== generation) && measurable) {
      this.#write(rollouts.begin(before?.desired ?? null, desired, at))
    }
    if (desired.refused !== null) this.#write(rollouts.failed({ ...at, keyId: entry.keyId, ...desired.refused }))
    if (status.status === 'Failed') {
      const { reason, message } = status
      this.#write(rollouts.failed({ ...at, keyId: entry.keyId, reason: reason ?? 'Failed', message }))
      this.#write(rollouts.end('failed', at))
    } else if (status.status === 'Current') this.#write(rollouts.end('converged', at))
  }

  /** A Job that ends is one run of the workload that it works for. */
  #runOf(entry: Entry, before: ObjectFacts | null, at: Moment): void {
    const { job } = entry.facts
    if (job === null || job.endedMs === null || job.startedMs === null || before?.job?.endedMs != null) return
    const home = this.#model.homeOf(entry)
    if (home === null) return
    const convergedMs = Math.max(0, job.endedMs - job.startedMs)
    const complete = job.outcome === 'complete'
    this.#write([
      {
        keyId: home.keyId,
        fromRevision: entry.createRevision,
        generation: 0,
        startedMs: job.startedMs,
        cause: 'run',
        outcome: complete ? 'converged' : 'failed',
        endedRevision: at.revision,
        endedMs: job.endedMs,
        convergedMs: complete ? convergedMs : null,
        replacedAt: [],
        template: null,
        failures: [],
      },
    ])
    const track = this.#tracks.get(home.keyId)
    if (complete && track !== undefined) track.runs = [...track.runs, convergedMs].slice(-runsKept)
  }

  #evaluate(touched: ReadonlySet<Entry>, at: Moment): void {
    for (const entry of [...touched].sort((a, b) => a.keyId - b.keyId)) {
      if (this.#model.entries.get(entry.keyId) !== entry) continue
      const role = this.#roleOf(entry)
      const known = this.#tracks.get(entry.keyId)
      if (role === null) {
        if (known !== undefined) this.#end(entry.keyId, at)
        continue
      }
      const track = known ?? this.#trackFor(entry, role, at)
      this.#failuresOf(entry, track, at)
      this.#departure(entry, track, at)
      const insights = role === 'workload' ? this.#remark(entry, track, track.departures, at) : none
      const step = stepOf(entry, role, this.#model, insights, track.last, at)
      if (track.last === null || !sameStep(track.last, step)) this.#out.steps.push(step)
      track.last = step
    }
  }

  /** Writes the remarks on a workload under the revision when they differ from those written last. */
  #remark(entry: Entry, track: Track, departures: readonly number[] | null, at: Moment): readonly StoredInsight[] {
    const { insights, nextMs } = insightsOf(entry, {
      model: this.#model,
      runs: track.runs,
      departures,
      flapping: track.insights.find(({ kind }) => kind === 'Flapping') ?? null,
      atMs: at.atMs,
    })
    if (nextMs === null) this.#dueMs.delete(entry.keyId)
    else {
      this.#dueMs.set(entry.keyId, nextMs)
      this.#nextDueMs = Math.min(this.#nextDueMs, nextMs)
    }
    if (!sameInsights(track.insights, insights)) {
      track.insights = insights
      track.insightRevision = at.revision
      this.#out.insights.push({ keyId: entry.keyId, revision: at.revision, insights })
    }
    return insights
  }

  #failuresOf(entry: Entry, track: Track, at: Moment): void {
    if (track.rollouts?.open == null) return
    for (const [pod, problem] of [...entry.troubled].sort(([a], [b]) => a.keyId - b.keyId)) {
      // Not being ready yet is how every Pod begins, and a Pod may have waited for a node before the rollout.
      if (problem.kind === 'PodsNotReady' && problem.fromMs !== null) continue
      if (problem.fromMs !== null && problem.fromMs > at.atMs && problem.kind !== 'PodsUnschedulable') continue
      const failure = { ...at, keyId: pod.keyId, reason: problem.reason, message: problem.detail || null }
      this.#write(track.rollouts.failed(failure))
    }
  }

  #departure(entry: Entry, track: Track, at: Moment): void {
    const { last } = track
    if (last === null) return
    const { status, generation } = entry.facts
    if (generation !== last.generation) track.departures = []
    else if (leaves(last, status.status)) track.departures.push(at.atMs)
    if (track.departures.length > 0) {
      track.departures = track.departures.filter((departedMs) => departedMs > at.atMs - flapWindowMs)
    }
  }

  #podStep(entry: Entry, at: Moment): void {
    if (entry.facts.pod === null) return
    const step = podStepOf(entry, at)
    if (entry.podStep !== null && samePodStep(entry.podStep, step)) return
    entry.podStep = step
    this.#out.podSteps.push(step)
  }

  #roleOf(entry: Entry): TrackedRole | null {
    if (entry.facts.service !== null) return 'service'
    if (entry.facts.nodeReady !== null) return 'node'
    return entry.facts.desired !== null && this.#model.isListed(entry) ? 'workload' : null
  }

  #isTracked({ keyId, role }: Who): boolean {
    const entry = this.#model.entries.get(keyId)
    return entry !== undefined && this.#roleOf(entry) === role
  }

  #trackFor(entry: Entry, role: TrackedRole, at: Moment): Track {
    const known = this.#tracks.get(entry.keyId)
    if (known !== undefined) return known
    const { kind, group } = entry.facts
    const who = { keyId: entry.keyId, role, kind, group, firstRevision: at.revision }
    this.#out.tracked.set(entry.keyId, { ...who, endedRevision: null })
    return this.#trackOf(who, hasRollouts(entry.resource), { templates: [], open: null })
  }

  #trackOf(
    { keyId, role, kind, group, firstRevision }: Who,
    rolls: boolean,
    known: { templates: Iterable<number>; open: RolloutRow | null },
  ): Track {
    const rollouts = role === 'workload' && rolls ? new RolloutTrack(keyId, known) : null
    const who = { keyId, role, kind, group, firstRevision }
    const track: Track = {
      who,
      last: null,
      rollouts,
      insights: none,
      insightRevision: firstRevision,
      departures: [],
      runs: [],
    }
    this.#tracks.set(keyId, track)
    return track
  }

  #end(keyId: number, at: Moment): void {
    const track = this.#tracks.get(keyId)
    if (track === undefined) return
    this.#tracks.delete(keyId)
    this.#write(track.rollouts?.end('deleted', at))
    this.#close(keyId, 'gone', at, track)
    this.#out.tracked.set(keyId, { ...track.who, endedRevision: at.revision })
  }

  #close(keyId: number, how: 'gone' | 'unrecorded', at: Moment, track: Track): void {
    this.#out.steps.push(emptyStep(keyId, how, at))
    if (track.insights.length > 0) {
      this.#out.insights.push({ keyId, revision: at.revision, insights: [] })
    }
  }

  #write(rows: readonly RolloutRow[] | undefined): void {
    if (rows !== undefined) this.#out.rollouts.push(...rows)
  }
}

function placeOf({ keyId, resource, namespace, name, createRevision }: ObjectRow): EntryPlace {
  return { keyId, resource: resource ?? '', namespace: namespace ?? '', name: name ?? '', createRevision }
}

function emptyOutput() {
  return {
    tracked: new Map<number, TrackedInput>(),
    steps: [] as WorkloadStepRow[],
    insights: [] as InsightRow[],
    podSteps: [] as PodStepRow[],
    rollouts: [] as RolloutRow[],
    owned: [] as OwnedRow[],
  }
}
