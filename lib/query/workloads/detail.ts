import type { AnswerOf, InputOf } from '../../contract'
import { ScopeError } from '../../core/errors'
import type { ClusterRow } from '../../store/store'
import type { KeyName, TrackedRow, WorkloadStepRow } from '../../store/workloadStore'
import { timeOf } from '../instant'
import { clusterOf, type Scope } from '../scope'
import { belongingsOf } from './belongings'
import { staleConfig, workloadConfig } from './config'
import { eventsAbout } from './events'
import { figuresOf, identityOf, shownStatus, textOrNull, workloadItems } from './items'
import { podLanes } from './podLanes'
import { relativesOf } from './relatives'
import { rolloutItems } from './rolloutItems'
import { convergedBy, percentilesOf, rolloutsBy } from './rolloutSpans'
import { workloadServices } from './services'
import { type Span, spanOf } from './span'

/** One workload over time: everything that a person on call asks of it, from the record alone. */

const stepsShown = 20_000

export async function workload(scope: Scope, input: InputOf<'workload'>): Promise<AnswerOf<'workload'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const span = await spanOf(scope, cluster, input)
  const { reader } = scope
  const { epoch, to } = span
  const found = await findWorkload(scope, cluster, span, input)
  const read = await reader.workloadSteps(cluster, epoch, found.keyId, { from: span.from, to, limit: stepsShown + 1 })
  const steps = read.slice(-stepsShown)
  const last = steps.at(-1)
  const isThere = last !== undefined && last.status !== 'gone' && last.status !== 'unrecorded'
  const current = isThere ? await stateAt(scope, cluster, span, found) : null
  const rollouts = rolloutsBy(await reader.rollouts(cluster, epoch, [found.keyId], to), to)
  const belongings = await belongingsOf(scope, cluster, span, found.keyId)
  const pods = await podLanes(scope, cluster, span, belongings)
  const config = await workloadConfig(scope, cluster, span, pods)
  const services = await workloadServices(scope, cluster, span, found)
  return {
    ...identityOf(found),
    epoch,
    revision: String(to),
    derivedThrough: String((await reader.derivedThrough(cluster, epoch)) ?? 0n),
    current: current && { ...current, insights: [...current.insights, ...staleConfig(config)] },
    deletedAt: last?.status === 'gone' ? timeOf(last.atMs) : null,
    timeline: steps.map(timelineStep),
    truncated: read.length > stepsShown,
    rollouts: await rolloutItems(scope, cluster, span, found.key, rollouts),
    converge: percentilesOf(convergedBy(rollouts, to)),
    pods,
    podsTotal: belongings.podsTotal,
    events: await eventsAbout(scope, cluster, span, found, belongings),
    config,
    services,
    ...(await relativesOf(scope, cluster, span, found, belongings, services)),
  }
}

/** Rejects with NOT_FOUND saying which name it did not find. */
async function findWorkload(
  { reader }: Scope,
  cluster: ClusterRow,
  { epoch }: Span,
  input: Pick<InputOf<'workload'>, 'kind' | 'namespace' | 'name'>,
): Promise<KeyName & { kind: string; group: string }> {
  const dot = input.kind.indexOf('.')
  const [kind, group] = dot === -1 ? [input.kind, null] : [input.kind.slice(0, dot), input.kind.slice(dot + 1)]
  const namespace = input.namespace === '-' ? null : input.namespace
  const found = await reader.findTracked(cluster, epoch, { kind, group, namespace, name: input.name })
  if (found !== null) return found
  const place = namespace === null ? '' : ` in namespace ${JSON.stringify(namespace)}`
  throw new ScopeError(
    'NOT_FOUND',
    `The record knows no workload ${JSON.stringify(`${input.kind} ${input.name}`)}${place}.`,
    { subject: 'name' },
  )
}

async function stateAt(scope: Scope, cluster: ClusterRow, span: Span, found: Omit<TrackedRow, 'step'>) {
  const moment = { epoch: span.epoch, revision: span.to, atMs: span.toMs, uncovered: null }
  const step = await scope.reader.trackedStep(cluster, span.epoch, found.keyId, span.to)
  if (step === null) return null
  const [item] = await workloadItems(scope, cluster, moment, [{ ...found, step }], null)
  return item ?? null
}

/** Where it is deleted or the record has a gap there are no figures, and the reason says which. */
function timelineStep(step: WorkloadStepRow): AnswerOf<'workload'>['timeline'][number] {
  const reason = step.status === 'gone' ? 'Deleted' : step.status === 'unrecorded' ? 'NotRecorded' : step.reason
  return {
    revision: String(step.revision),
    at: timeOf(step.atMs),
    ...figuresOf(step),
    status: step.status === 'gone' ? 'Terminating' : shownStatus(step.status),
    reason,
    generation: textOrNull(step.generation),
    observedGeneration: textOrNull(step.observedGeneration),
  }
}
