import { autoscalers } from './autoscalers'
import { daemonSets } from './daemonSets'
import { deployments } from './deployments'
import { endpoints } from './endpoints'
import { jobs } from './jobs'
import { kubelet } from './kubelet'
import { nodes } from './nodes'
import { onChange } from './onChange'
import { replicaSets } from './replicaSets'
import { scheduler } from './scheduler'
import { statefulSets } from './statefulSets'
import type { Controller } from './world'

/** In the order in which a change travels: from what is wanted to what runs. */
export const allControllers: readonly Controller[] = [
  onChange(['Deployment', 'ReplicaSet'], deployments),
  onChange(['StatefulSet', 'Pod'], statefulSets),
  onChange(['DaemonSet', 'Pod', 'Node'], daemonSets),
  onChange(['CronJob', 'Job', 'Pod'], jobs),
  onChange(['ReplicaSet', 'Pod'], replicaSets),
  scheduler,
  kubelet,
  onChange(['Service', 'Pod'], endpoints),
  autoscalers,
  nodes,
]
