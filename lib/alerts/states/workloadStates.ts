import type { ClusterRef, RecordReader, RolloutRow, StatusLane, StatusStepRow, TrackedRole } from '../../store'
import type { Measured } from '../measured'
import type { RecordedState, StateRange } from './state'

/**
 * What is derived of workloads and Nodes, at a moment. A gap of the record says nothing: neither that a workload is as
 * it should be nor that it is not.
 */

interface Lanes {
  readonly fromMs: number
  readonly lanes: readonly StatusLane[]
  readonly rollouts: ReadonlyMap<number, readonly RolloutRow[]>
}

export const workloadUnconvergedSeconds: RecordedState = {
  kind: 'record',
  metrics: () => ({}),
  async read(reader, cluster, range) {
    const epochs = await lanesOf(reader, cluster, 'workload', range)
    return ({ nowMs }) =>
      troubledAt(epochs, nowMs).map(({ lane, step }) => ({
        labels: labelsOf(lane),
        value: Math.max(0, (nowMs - step.sinceMs) / 1000),
        details: { message: wordsOf(step) },
      }))
  },
}

/** From the failure of the newest rollout until the workload is Current again or something newer begins. */
export const rolloutFailed: RecordedState = {
  kind: 'record',
  metrics: () => ({}),
  async read(reader, cluster, range) {
    const epochs = await lanesOf(reader, cluster, 'workload', range)
    return ({ nowMs }) =>
      troubledAt(epochs, nowMs).flatMap(({ lane, rollouts }) => {
        const last = rollouts.findLast(
          ({ startedMs, cause }) => startedMs <= nowMs && cause !== 'baseline' && cause !== 'run',
        )
        if (last?.outcome !== 'failed' || last.endedMs === null || last.endedMs > nowMs) return []
        const why = last.failures.at(-1)
        const message = why === undefined ? '' : [why.reason, why.message].filter((word) => word !== null).join(': ')
        return [{ labels: labelsOf(lane), value: 1, details: { message } }]
      })
  },
}

export const nodeNotReady: RecordedState = {
  kind: 'record',
  metrics: () => ({}),
  async read(reader, cluster, range) {
    const epochs = await lanesOf(reader, cluster, 'node', range)
    return ({ nowMs }): Measured[] =>
      troubledAt(epochs, nowMs).map(({ lane, step }) => ({
        labels: { name: lane.name },
        value: 1,
        details: { message: wordsOf(step) },
      }))
  },
}

async function lanesOf(
  reader: RecordReader,
  cluster: ClusterRef,
  role: TrackedRole,
  { fromMs, toMs }: StateRange,
): Promise<Lanes[]> {
  const found: Lanes[] = []
  const row = await reader.cluster(cluster.name)
  for (const { epoch, firstMs } of row?.epochs ?? []) {
    const to = firstMs === null || firstMs > toMs ? null : await reader.revisionAt(cluster, epoch, toMs)
    if (firstMs === null || to === null) continue
    const from = (await reader.revisionAt(cluster, epoch, fromMs)) ?? 0n
    const lanes = await reader.statusSteps(cluster, epoch, role, { from, to })
    const troubled = lanes.filter(({ steps }) => steps.some(isTrouble)).map(({ keyId }) => keyId)
    const rollouts = new Map<number, RolloutRow[]>()
    for (const rollout of role === 'node' ? [] : await reader.rollouts(cluster, epoch, troubled, to)) {
      const known = rollouts.get(rollout.keyId)
      if (known === undefined) rollouts.set(rollout.keyId, [rollout])
      else known.push(rollout)
    }
    found.push({ fromMs: firstMs, lanes, rollouts })
  }
  return found
}

function troubledAt(epochs: readonly Lanes[], nowMs: number) {
  const epoch = epochs.findLast(({ fromMs }) => fromMs <= nowMs)
  return (epoch?.lanes ?? []).flatMap((lane) => {
    const step = lane.steps.findLast(({ atMs }) => atMs <= nowMs)
    return step !== undefined && isTrouble(step)
      ? [{ lane, step, rollouts: epoch?.rollouts.get(lane.keyId) ?? [] }]
      : []
  })
}

function isTrouble({ status }: StatusStepRow): boolean {
  return status !== 'Current' && status !== 'gone' && status !== 'unrecorded'
}

function labelsOf({ kind, namespace, name }: StatusLane): Record<string, string> {
  return { kind, ...(namespace === null ? {} : { namespace }), name }
}

function wordsOf({ status, reason }: StatusStepRow): string {
  return reason === null ? status : `${status}: ${reason}`
}
