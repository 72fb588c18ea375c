import type { Pod } from '../kube/objects'
import { setCondition } from './conditions'
import { isTerminating } from './podState'
import { type Controller, managers } from './world'

/** Binds pending pods to the node that runs the fewest. */
export const scheduler: Controller = (world) => {
  const { objects, timers, events } = world
  const pods = objects.list('Pod')
  const load = new Map(
    objects
      .list('Node')
      .filter(
        (node) => node.spec.unschedulable !== true && !node.metadata.labels?.['node-role.kubernetes.io/control-plane'],
      )
      .map((node) => [node.metadata.name, 0]),
  )
  for (const pod of pods) {
    const { nodeName } = pod.spec
    if (nodeName !== undefined && load.has(nodeName)) load.set(nodeName, (load.get(nodeName) ?? 0) + 1)
  }
  for (const pod of pods) {
    if (pod.spec.nodeName !== undefined || isTerminating(pod)) continue
    if (!timers.due(`${pod.metadata.uid}/bind`, 200)) continue
    const node = [...load].sort(([, a], [, b]) => a - b)[0]?.[0]
    if (node === undefined) continue
    load.set(node, (load.get(node) ?? 0) + 1)
    bind(pod, node)
  }

  function bind(pod: Pod, node: string) {
    objects.update<'Pod'>(pod, managers.scheduler, (draft) => {
      draft.spec.nodeName = node
      draft.status.conditions ??= []
      setCondition(draft.status.conditions, { type: 'PodScheduled', status: 'True' }, objects.time())
    })
    const { namespace, name } = pod.metadata
    events.record(
      pod,
      'default-scheduler',
      'Normal',
      'Scheduled',
      `Successfully assigned ${namespace}/${name} to ${node}`,
    )
  }
}
