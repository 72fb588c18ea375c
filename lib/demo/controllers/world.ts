import type { ObjectStore, WriteQueue } from '../kube/objectStore'
import type { Random } from '../random'
import type { EventRecorder } from './eventRecorder'
import type { Timers } from './timers'

/** What every controller and every story works with. */
export interface World {
  readonly objects: ObjectStore
  readonly random: Random
  readonly timers: Timers
  readonly events: EventRecorder
  readonly queue: WriteQueue
  nowMs(): number
}

/** A controller looks at the objects as they are and moves them one step nearer to what they should be. */
export type Controller = (world: World) => void

export const managers = {
  controllerManager: { manager: 'kube-controller-manager' },
  controllerStatus: { manager: 'kube-controller-manager', subresource: 'status' },
  controllerScale: { manager: 'kube-controller-manager', subresource: 'scale' },
  scheduler: { manager: 'kube-scheduler' },
  kubelet: { manager: 'kubelet' },
  kubeletStatus: { manager: 'kubelet', subresource: 'status' },
  apply: { manager: 'kubectl-client-side-apply' },
} as const
