import type { ObjectFacts } from '../kubernetes/workload/facts'
import { selects } from '../kubernetes/workload/identity'
import type { PodProblem } from '../kubernetes/workload/podState'
import { listingOf, owningKinds } from '../kubernetes/workload/relevance'
import type { PodStepRow } from '../store'
import { KeyedSets } from './keyedSets'

/**
 * The objects of one cluster at one revision, and how they hang together: by controller, selector, node, claim and
 * scale target. Invariant: the same objects make the same model, whatever the way that led to them.
 */
export interface Entry {
  readonly keyId: number
  readonly resource: string
  readonly namespace: string
  readonly name: string
  readonly createRevision: bigint
  facts: ObjectFacts
  /** The object that its controller reference names, when the model has it. */
  parent: Entry | null
  readonly children: Set<Entry>
  /** Of a Pod: the listed workload that it works for. */
  home: Entry | null
  /** Of a workload: its Pods that have a problem. */
  readonly troubled: Map<Entry, PodProblem>
  /** Of a Pod: what was said of it last. */
  podStep: PodStepRow | null
}

export type EntryPlace = Pick<Entry, 'keyId' | 'resource' | 'namespace' | 'name' | 'createRevision'>

export class WorkloadModel {
  readonly entries = new Map<number, Entry>()
  /** Whose owner has come since they were put; whoever reads it empties it. */
  readonly moved = new Set<Entry>()
  readonly #byUid = new Map<string, Entry>()
  /** By the uid of a controller that is not there. */
  readonly #orphans = new KeyedSets<string, Entry>()
  readonly #workloads = new KeyedSets<string, Entry>()
  readonly #services = new KeyedSets<string, Entry>()
  readonly #slices = new KeyedSets<string, Entry>()
  readonly #autoscalers = new KeyedSets<string, Entry>()
  readonly #podsOnNode = new KeyedSets<string, Entry>()
  readonly #podsOfClaim = new KeyedSets<string, Entry>()
  readonly #named = new Map<string, Entry>()

  /** Puts an object's version in the place of the one before, and tells which workloads and Services it may touch. */
  put(place: EntryPlace, facts: ObjectFacts, touched: Set<Entry>): Entry {
    const known = this.entries.get(place.keyId)
    // Another object under the same name: nothing of the first one holds on.
    if (known !== undefined && known.facts.uid !== facts.uid) this.remove(place.keyId, touched)
    const kept = this.entries.get(place.keyId)
    if (kept !== undefined) {
      this.#replace(kept, facts, touched)
      return kept
    }
    const entry: Entry = {
      ...place,
      facts,
      parent: null,
      children: new Set(),
      home: null,
      troubled: new Map(),
      podStep: null,
    }
    this.entries.set(place.keyId, entry)
    this.#byUid.set(facts.uid, entry)
    this.#index(entry)
    for (const orphan of [...this.#orphans.of(facts.uid)]) {
      this.moved.add(orphan)
      this.#touch(orphan, touched)
      this.#unindex(orphan)
      this.#index(orphan)
      this.#touch(orphan, touched)
    }
    this.#touch(entry, touched)
    return entry
  }

  #replace(entry: Entry, facts: ObjectFacts, touched: Set<Entry>): void {
    // A node's word on anything but its readiness touches none of its Pods.
    if (facts.nodeReady !== null && facts.nodeReady === entry.facts.nodeReady) {
      entry.facts = facts
      touched.add(entry)
      return
    }
    const moves = facts.pod !== null || facts.owner?.uid !== entry.facts.owner?.uid
    this.#touch(entry, touched)
    this.#unindex(entry, moves)
    entry.facts = facts
    this.#index(entry, moves)
    this.#touch(entry, touched)
  }

  remove(keyId: number, touched: Set<Entry>): Entry | null {
    const entry = this.entries.get(keyId)
    if (entry === undefined) return null
    this.#touch(entry, touched)
    const children = [...entry.children]
    this.#unindex(entry)
    this.entries.delete(keyId)
    if (this.#byUid.get(entry.facts.uid) === entry) this.#byUid.delete(entry.facts.uid)
    for (const child of children) {
      this.#unindex(child)
      this.#index(child)
      this.#touch(child, touched)
    }
    touched.delete(entry)
    return entry
  }

  /** Deployments and the like always; ReplicaSets, Jobs and Pods when no workload owns them. */
  isListed(entry: Entry): boolean {
    const listing = listingOf(entry.resource)
    if (listing !== 'bare') return listing !== 'never'
    const { owner } = entry.facts
    return owner === null || (entry.parent === null && !owningKinds.has(`${owner.group}/${owner.kind}`))
  }

  /** The listed workload that an object works for, itself included. */
  homeOf(entry: Entry): Entry | null {
    let at: Entry | null = entry
    // Ownership is a tree, but what is written may be a circle.
    for (let hops = 0; at !== null && hops < maxHops; hops++) {
      if (this.isListed(at)) return at
      at = at.parent
    }
    return null
  }

  servicesOf(workload: Entry): Entry[] {
    const labels = workload.facts.desired?.podLabels ?? {}
    return [...this.#services.of(workload.namespace)].filter((service) =>
      selects(service.facts.service?.selector ?? {}, labels),
    )
  }

  endpointsOf(service: Entry): { ready: number; notReady: number } {
    let [ready, notReady] = [0, 0]
    for (const { facts } of this.#slices.of(`${service.namespace}/${service.name}`)) {
      ready += facts.slice?.ready ?? 0
      notReady += facts.slice?.notReady ?? 0
    }
    return { ready, notReady }
  }

  autoscalersOf({ namespace, name, facts }: Entry): ReadonlySet<Entry> {
    return this.#autoscalers.of(`${namespace}/${facts.kind}/${name}`)
  }

  /** Claims that its Pods mount and that are not bound, each once. */
  pendingClaimsOf(workload: Entry): Entry[] {
    const found = new Set<Entry>()
    for (const pod of podsUnder(workload)) {
      for (const name of pod.facts.pod?.claims ?? []) {
        const claim = this.#named.get(nameKey('persistentvolumeclaims', pod.namespace, name))
        if (claim?.facts.claim?.bound === false) found.add(claim)
      }
    }
    return [...found]
  }

  nodeOf(pod: Entry): Entry | null {
    return this.#named.get(nameKey('nodes', '', pod.facts.pod?.node ?? '')) ?? null
  }

  /** `moves` is false when it hangs where it hung before, so that its Pods need not be looked at. */
  #index(entry: Entry, moves = true): void {
    const { facts, namespace, name, resource } = entry
    if (moves && facts.owner !== null) {
      const parent = this.#byUid.get(facts.owner.uid) ?? null
      entry.parent = parent === entry ? null : parent
      if (entry.parent === null) this.#orphans.add(facts.owner.uid, entry)
      else entry.parent.children.add(entry)
    }
    if (facts.desired !== null && this.isListed(entry)) this.#workloads.add(namespace, entry)
    if (facts.service !== null) {
      this.#services.add(namespace, entry)
      this.#named.set(nameKey(resource, namespace, name), entry)
    }
    if (facts.slice !== null) this.#slices.add(`${namespace}/${facts.slice.service}`, entry)
    if (facts.autoscaler !== null) {
      this.#autoscalers.add(`${namespace}/${facts.autoscaler.targetKind}/${facts.autoscaler.targetName}`, entry)
    }
    if (facts.claim !== null || facts.nodeReady !== null) this.#named.set(nameKey(resource, namespace, name), entry)
    if (facts.pod !== null) {
      if (facts.pod.node !== null) this.#podsOnNode.add(facts.pod.node, entry)
      for (const claim of facts.pod.claims) this.#podsOfClaim.add(`${namespace}/${claim}`, entry)
    }
    if (moves) this.#settle(entry)
    if (facts.nodeReady !== null) for (const pod of this.#podsOnNode.of(name)) this.#settle(pod)
  }

  #unindex(entry: Entry, moves = true): void {
    const { facts, namespace, name, resource } = entry
    if (moves) {
      for (const pod of podsUnder(entry)) leaveHome(pod)
      entry.parent?.children.delete(entry)
      if (facts.owner !== null) this.#orphans.delete(facts.owner.uid, entry)
      entry.parent = null
    }
    this.#workloads.delete(namespace, entry)
    if (facts.service !== null) this.#services.delete(namespace, entry)
    if (facts.slice !== null) this.#slices.delete(`${namespace}/${facts.slice.service}`, entry)
    if (facts.autoscaler !== null) {
      this.#autoscalers.delete(`${namespace}/${facts.autoscaler.targetKind}/${facts.autoscaler.targetName}`, entry)
    }
    if (facts.service !== null || facts.claim !== null || facts.nodeReady !== null) {
      this.#named.delete(nameKey(resource, namespace, name))
    }
    if (facts.pod !== null) {
      if (facts.pod.node !== null) this.#podsOnNode.delete(facts.pod.node, entry)
      for (const claim of facts.pod.claims) this.#podsOfClaim.delete(`${namespace}/${claim}`, entry)
    }
    if (facts.nodeReady !== null) for (const pod of this.#podsOnNode.of(name)) this.#settle(pod)
  }

  /** Finds the home of every Pod under an object anew, and what is wrong with it. */
  #settle(entry: Entry): void {
    for (const pod of podsUnder(entry)) {
      leaveHome(pod)
      pod.home = this.homeOf(pod)
      const problem = this.#problemOf(pod)
      if (problem !== null) pod.home?.troubled.set(pod, problem)
    }
  }

  #problemOf(pod: Entry): PodProblem | null {
    const facts = pod.facts.pod
    if (facts === null || facts.state.phase === 'succeeded' || facts.state.phase === 'failed') {
      return facts?.state.problem ?? null
    }
    const node = this.nodeOf(pod)
    if (node?.facts.nodeReady !== false) return facts.state.problem
    return { kind: 'NodeNotReady', reason: 'NodeNotReady', detail: node.name, fromMs: null }
  }

  #touch(entry: Entry, touched: Set<Entry>): void {
    const { facts, namespace, name } = entry
    const home = this.homeOf(entry)
    if (home !== null) touched.add(home)
    if (facts.service !== null) {
      touched.add(entry)
      this.#touchSelected(entry, touched)
    }
    if (facts.nodeReady !== null) {
      touched.add(entry)
      for (const pod of this.#podsOnNode.of(name)) if (pod.home !== null) touched.add(pod.home)
    }
    if (facts.slice !== null) {
      const service = this.#named.get(nameKey('services', namespace, facts.slice.service))
      if (service !== undefined) {
        touched.add(service)
        this.#touchSelected(service, touched)
      }
    }
    if (facts.autoscaler !== null) {
      const { targetKind, targetName } = facts.autoscaler
      for (const workload of this.#workloads.of(namespace)) {
        if (workload.name === targetName && workload.facts.kind === targetKind) touched.add(workload)
      }
    }
    if (facts.claim !== null) {
      for (const pod of this.#podsOfClaim.of(`${namespace}/${name}`)) if (pod.home !== null) touched.add(pod.home)
    }
  }

  #touchSelected(service: Entry, touched: Set<Entry>): void {
    const selector = service.facts.service?.selector ?? {}
    for (const workload of this.#workloads.of(service.namespace)) {
      if (selects(selector, workload.facts.desired?.podLabels ?? {})) touched.add(workload)
    }
  }
}

const maxHops = 8

function leaveHome(pod: Entry): void {
  pod.home?.troubled.delete(pod)
  pod.home = null
}

/** The Pods at or under an object. */
export function* podsUnder(entry: Entry, hops = 0): Generator<Entry> {
  if (entry.facts.pod !== null) yield entry
  if (hops < maxHops) for (const child of entry.children) yield* podsUnder(child, hops + 1)
}

function nameKey(resource: string, namespace: string, name: string): string {
  return `${resource}/${namespace}/${name}`
}
