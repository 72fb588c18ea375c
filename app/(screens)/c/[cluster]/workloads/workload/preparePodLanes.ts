import type { PodPhase, WorkloadPod } from '../../../../../../lib/contract'
import type { XScale } from '../../../../../_charts/xScale'
import { formatClock, formatDuration, plural } from '../../../../../_client/format'

/** Pods as lanes on the page's x scale: one lane a pod, its phases as bars. Pure. */

export const phaseWords: Readonly<Record<PodPhase, string>> = {
  pending: 'pending',
  notReady: 'not ready',
  ready: 'ready',
  waiting: 'waiting after a failure',
  terminating: 'terminating',
  succeeded: 'succeeded',
  failed: 'failed',
  unknown: 'unknown',
}

/** In the order of a pod's life, as the legend has them. */
export const phaseOrder: readonly PodPhase[] = [
  'pending',
  'notReady',
  'ready',
  'waiting',
  'failed',
  'terminating',
  'succeeded',
  'unknown',
]

/** Where several fall on one pixel, what went wrong shows. */
const rank: Readonly<Record<PodPhase, number>> = {
  failed: 0,
  waiting: 1,
  unknown: 2,
  pending: 3,
  notReady: 4,
  terminating: 5,
  succeeded: 6,
  ready: 7,
}

export interface PodSegment {
  readonly from: number
  readonly to: number
  readonly phase: PodPhase
  /** Words inside the bar where they fit; empty for a pod that is well. */
  readonly words: string
  readonly label: string
}

export interface PodLane {
  /** A StatefulSet's pods come back under the same key. */
  readonly id: string
  readonly key: string
  readonly name: string
  /** Without the workload's own name before it. */
  readonly shortName: string
  readonly node: string | null
  readonly segments: readonly PodSegment[]
  readonly end: string
  readonly endTone: 'critical' | 'warn' | 'gone' | null
}

export interface PodLaneInput {
  readonly pods: readonly WorkloadPod[]
  /** The workload's name. */
  readonly of: string
  readonly scale: XScale
  readonly widthPx: number
  readonly endMs: number
}

/** Those that live first, oldest first; then those that are gone, the last to go first. */
export function podsInOrder(pods: readonly WorkloadPod[]): readonly WorkloadPod[] {
  const from = (pod: WorkloadPod) => Date.parse(pod.from)
  const to = (pod: WorkloadPod) => (pod.to === null ? Number.POSITIVE_INFINITY : Date.parse(pod.to))
  const living = pods.filter((pod) => pod.to === null).sort((a, b) => from(a) - from(b))
  const gone = pods.filter((pod) => pod.to !== null).sort((a, b) => to(b) - to(a) || from(a) - from(b))
  return [...living, ...gone]
}

export function phasesOf(pods: readonly WorkloadPod[]): readonly PodPhase[] {
  const seen = new Set(pods.flatMap(({ stretches }) => stretches.map(({ phase }) => phase)))
  return phaseOrder.filter((phase) => seen.has(phase))
}

export function preparePodLanes({ pods, of, scale, widthPx, endMs }: PodLaneInput): readonly PodLane[] {
  return pods.map((pod) => ({
    id: `${pod.key} ${pod.from}`,
    key: pod.key,
    name: pod.name,
    shortName: pod.name.startsWith(`${of}-`) ? pod.name.slice(of.length + 1) : pod.name,
    node: pod.node,
    segments: segmentsOf(pod, scale, widthPx, endMs),
    ...endOf(pod),
  }))
}

function segmentsOf(pod: WorkloadPod, scale: XScale, widthPx: number, endMs: number): readonly PodSegment[] {
  const segments: PodSegment[] = []
  for (const { from: start, to: end, phase, reason } of pod.stretches) {
    const fromMs = Date.parse(start)
    const toMs = end === null ? endMs : Date.parse(end)
    const from = Math.max(0, scale.place(fromMs))
    const to = Math.min(1, scale.place(toMs))
    if (to < 0 || from > 1 || to < from) continue
    const words = phase === 'ready' || reason === null ? '' : reason
    const why = reason === null ? '' : `, ${reason}`
    const label = `${phaseWords[phase]}${why}: ${formatClock(fromMs)}, for ${formatDuration(Math.max(0, toMs - fromMs))}`
    const last = segments[segments.length - 1]
    if (last !== undefined && (to - last.from) * widthPx < 1) {
      const worse = rank[phase] < rank[last.phase]
      segments[segments.length - 1] = worse ? { from: last.from, to, phase, words, label } : { ...last, to }
    } else segments.push({ from, to, phase, words, label })
  }
  return segments
}

function endOf(pod: WorkloadPod): Pick<PodLane, 'end' | 'endTone'> {
  if (pod.to !== null) return { end: 'gone', endTone: 'gone' }
  const now = pod.stretches[pod.stretches.length - 1]?.phase ?? 'unknown'
  const bad = now === 'waiting' || now === 'failed'
  if (pod.restarts > 0) return { end: plural(pod.restarts, 'restart'), endTone: bad ? 'critical' : null }
  return {
    end: now === 'waiting' ? 'waiting' : phaseWords[now],
    endTone: bad ? 'critical' : now === 'ready' || now === 'succeeded' ? null : 'warn',
  }
}
