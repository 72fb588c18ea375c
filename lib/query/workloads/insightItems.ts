import type { Insight, InsightKind } from '../../contract'
import type { KeyName, StoredInsight } from '../../store/workloadStore'

/** Stored insights as sentences for people, with the objects that they are about. */

const info: ReadonlySet<InsightKind> = new Set(['RolloutPaused', 'StaleConfig'])

/** Those that hold at that time. */
export function insightsAt(insights: readonly StoredInsight[], atMs: number): StoredInsight[] {
  return insights.filter(
    ({ fromMs, untilMs }) => (fromMs === null || fromMs <= atMs) && (untilMs === null || atMs < untilMs),
  )
}

export function insightItem(stored: StoredInsight, names: ReadonlyMap<number, KeyName>): Insight {
  return {
    kind: stored.kind,
    severity: info.has(stored.kind) ? 'info' : 'warning',
    message: sentenceOf(stored),
    objects: stored.keyIds.flatMap((keyId) => {
      const name = names.get(keyId)
      return name === undefined ? [] : [objectOf(name)]
    }),
  }
}

/** What Kubernetes calls the kinds that insights and Pods' owners are of. */
const kinds: Readonly<Record<string, string>> = {
  pods: 'Pod',
  jobs: 'Job',
  nodes: 'Node',
  services: 'Service',
  horizontalpodautoscalers: 'HorizontalPodAutoscaler',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  replicasets: 'ReplicaSet',
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  cronjobs: 'CronJob',
  replicationcontrollers: 'ReplicationController',
}

export function kindOfResource(resource: string | null): string {
  return kinds[resource ?? ''] ?? resource ?? ''
}

function objectOf({ resource, namespace, name, key }: KeyName): Insight['objects'][number] {
  return { kind: kindOfResource(resource), namespace, name: name ?? '', key: Buffer.from(key).toString('utf8') }
}

function sentenceOf({ kind, count, detail, fromMs }: StoredInsight): string {
  const pods = count === 1 ? '1 pod' : `${count} pods`
  const because = detail === '' ? '' : `: ${detail}`
  switch (kind) {
    case 'PodsImage':
      return `${pods} cannot pull the image${because}`
    case 'PodsCrashing':
      return `${pods} ${count === 1 ? 'keeps' : 'keep'} crashing${because}`
    case 'PodsUnschedulable':
      return `${pods} cannot be placed on a node${because}`
    case 'PodsNotReady':
      return `${pods} ${count === 1 ? 'does' : 'do'} not become ready${because}`
    case 'PodsFailed':
      return `${pods} failed${because}`
    case 'NodeNotReady':
      return `${pods} on a node that is not ready${because}`
    case 'HpaAtLimit':
      return `The autoscaler is at its limit${because}`
    case 'HpaBlind':
      return `The autoscaler cannot do its work${because}`
    case 'LoadBalancerPending':
      return `The load balancer has no address${because}`
    case 'EndpointsEmpty':
      return `No endpoint is ready behind ${detail}`
    case 'VolumePending':
      return `${count === 1 ? 'A claim is' : `${count} claims are`} not bound${because}`
    case 'RolloutPaused':
      return 'The rollout is paused'
    case 'CronJobMissed':
      return `A run is late: it should have started by ${fromMs === null ? 'now' : new Date(fromMs).toISOString()}`
    case 'CronJobFailing':
      return `The last run failed${because}`
    case 'JobLong':
      return `A run takes far longer than the usual ${secondsOf(Number(detail))}`
    case 'Flapping':
      return `It left the state Current ${count} times or more within 30 minutes`
    case 'StaleConfig':
      return `Pods run on configuration that has changed since they started${because}`
  }
}

function secondsOf(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`
}
