import type { Autoscaler, Condition } from '../kube/objects'
import { setCondition } from './conditions'
import { type Controller, managers, type World } from './world'

/** Load comes and goes in waves of this length; the autoscaler follows. */
const waveMs = 240_000
const target = 60

export const autoscalers: Controller = (world) => {
  for (const autoscaler of world.objects.list('HorizontalPodAutoscaler')) {
    if (world.timers.due(`${autoscaler.metadata.uid}/sync`, 15_000)) sync(world, autoscaler)
  }
}

function sync(world: World, autoscaler: Autoscaler): void {
  const { objects, random, events } = world
  const { namespace } = autoscaler.metadata
  const workload = objects.get('Deployment', namespace, autoscaler.spec.scaleTargetRef.name)
  if (workload === null) return
  const current = workload.spec.replicas
  const wave = 0.5 + 0.5 * Math.sin((2 * Math.PI * world.nowMs()) / waveMs)
  const work = 130 + 300 * wave + random.whole(0, 20)
  const utilization = Math.round(work / current)
  const wanted = Math.ceil((current * utilization) / target)
  // The real one does nothing within 10 % of its target.
  const steady = Math.abs(utilization / target - 1) <= 0.1
  const { minReplicas, maxReplicas } = autoscaler.spec
  const desired = steady ? current : Math.min(maxReplicas, Math.max(minReplicas, wanted))

  if (desired !== current) {
    objects.update<'Deployment'>(workload, managers.controllerScale, (draft) => {
      draft.spec.replicas = desired
    })
    const reason = `New size: ${desired}; reason: cpu resource utilization (percentage of request) ${desired > current ? 'above' : 'below'} target`
    events.record(autoscaler, 'horizontal-pod-autoscaler', 'Normal', 'SuccessfulRescale', reason)
  }
  objects.update<'HorizontalPodAutoscaler'>(autoscaler, managers.controllerStatus, (draft) => {
    const time = objects.time()
    const conditions: Condition[] = draft.status.conditions ?? []
    setCondition(conditions, { type: 'AbleToScale', status: 'True', reason: 'ReadyForNewScale' }, time)
    setCondition(conditions, { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound' }, time)
    const limited = wanted > maxReplicas ? 'TooManyReplicas' : wanted < minReplicas ? 'TooFewReplicas' : null
    setCondition(
      conditions,
      { type: 'ScalingLimited', status: limited === null ? 'False' : 'True', reason: limited ?? 'DesiredWithinRange' },
      time,
    )
    draft.status = {
      ...draft.status,
      currentReplicas: current,
      desiredReplicas: desired,
      conditions,
      currentMetrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageValue: `${utilization}m`, averageUtilization: utilization } },
        },
      ],
      ...(desired === current ? {} : { lastScaleTime: time }),
    }
  })
}
