import { autoscalers } from './autoscalers'
import { daemonSets } from './daemonSets'
import { deployments } from './deployments'
import { endpoints } from './endpoints'
import { jobs } from './jobs'
import { kubelet } from './kubelet'
import { nodes } from './nodes'
import { replicaSets } from './replicaSets'
import { scheduler } from './scheduler'
import { statefulSets } from './statefulSets'
import type { Controller } from './world'

/** In the order in which a change travels: from what is wanted to what runs. */
export const allControllers: readonly Controller[] = [
  deployments,
  statefulSets,
  daemonSets,
  jobs,
  replicaSets,
  scheduler,
  kubelet,
  endpoints,
  autoscalers,
  nodes,
]
