/**
 * How fast workloads are evaluated, derived and answered for.
 *
 *   npm run bench workloads
 *
 * Evaluation and derivation count processor time, on the recorded Kubernetes history. Answers count the clock: the
 * list of 5,000 workloads at random past moments, and one workload's thirty days with 10,000 changes.
 */
import { endpoints } from '../../lib/contract'
import { decodeValue } from '../../lib/kubernetes/decodedObjects'
import { statusOf } from '../../lib/kubernetes/status/statusOf'
import { workload } from '../../lib/query/workloads/detail'
import { workloads } from '../../lib/query/workloads/list'
import { workloadSummary } from '../../lib/query/workloads/summary'
import type { ChangeInput } from '../../lib/store'
import { seededRandom } from '../support/seededRandom'
import { openWorkloadRecord, recordedChanges, type WorkloadRecord } from '../support/workloadRecord'
import { quantile, report } from './measure'

const dayMs = 86_400_000
const workloadCount = 5_000
const versionsEach = 8
const longVersions = 10_000
const asked = 60

function cpuSeconds(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

/** One Deployment's version as the apiserver would store it in JSON. */
function version(name: string, revision: number, atMs: number, generation: number, ready: number): ChangeInput {
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace: `team-${name.length % 7}`,
      uid: name,
      generation,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: {
      replicas: 3,
      progressDeadlineSeconds: 600,
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image: `app:${generation}` }] },
      },
    },
    status: {
      observedGeneration: generation,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: ready,
      availableReplicas: ready,
      conditions: [
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
        { type: 'Available', status: 'True' },
      ],
    },
  }
  const value = Buffer.from(JSON.stringify(object))
  const { namespace } = object.metadata
  return {
    revision: BigInt(revision),
    ordinal: 0,
    op: 'update',
    key: Buffer.from(`/registry/deployments/${namespace}/${name}`),
    value,
    valueBytes: value.byteLength,
    fingerprint: null,
    createRevision: 1n,
    version: 2n,
    leaseId: 0n,
    atMs,
    atSource: 'observed',
    origin: 'watch',
    resource: 'deployments',
    namespace,
    name,
    manager: 'kube-controller-manager',
    significance: 'status',
    summary: null,
  }
}

async function timesOf(count: number, ask: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const start = performance.now()
    await ask()
    times.push(performance.now() - start)
  }
  return times
}

const scopeOf = (record: WorkloadRecord) => ({ reader: record.reader, nowMs: Date.now(), version: 'bench' })
const met: boolean[] = []
const changes = recordedChanges()

const objects = changes.flatMap(({ value, atMs }) => {
  const object = value === null ? null : decodeValue(value).object
  return object === null ? [] : [{ object, atMs }]
})
let best = 0
for (let round = 0; round < 5; round++) {
  const start = process.cpuUsage()
  for (const { object, atMs } of objects) statusOf(object, atMs)
  best = Math.max(best, objects.length / cpuSeconds(start))
}
met.push(
  report(
    'status of objects',
    Math.round(best),
    '/s',
    { bound: 20_000, sense: 'at least' },
    `${objects.length} recorded versions, decoded before`,
  ),
)
let decoded = 0
for (let round = 0; round < 3; round++) {
  const start = process.cpuUsage()
  for (const { value, atMs } of changes) {
    const object = value === null ? null : decodeValue(value).object
    if (object !== null) statusOf(object, atMs)
  }
  decoded = Math.max(decoded, objects.length / cpuSeconds(start))
}
met.push(
  report(
    'status of stored values',
    Math.round(decoded),
    '/s',
    { bound: 10_000, sense: 'at least' },
    'decoded on the way',
  ),
)

const recorded = await openWorkloadRecord()
await recorded.append(changes)
const start = process.cpuUsage()
const sizeBefore = await recorded.reader.sizeBytes()
await recorded.derive()
const seconds = cpuSeconds(start)
met.push(
  report(
    'derivation',
    Math.round(changes.length / seconds),
    ' changes/s',
    { bound: 5_000, sense: 'at least' },
    'of the recorded history, two in five of them of workloads, values read from the store',
  ),
)
const bytes = ((await recorded.reader.sizeBytes()) - sizeBefore) / changes.length
met.push(
  report('derived', bytes, ' bytes a change', { bound: 16, sense: 'at most' }, 'averaged over all recorded changes'),
)
await recorded.close()

const record = await openWorkloadRecord()
const random = seededRandom(5_000)
const startMs = Date.now() - 30 * dayMs
const total = workloadCount * versionsEach + longVersions
const stepMs = (30 * dayMs) / total
const made: ChangeInput[] = []
for (let revision = 1; revision <= total; revision++) {
  const atMs = Math.round(startMs + revision * stepMs)
  const isLong = revision % 5 === 0 && revision / 5 <= longVersions
  if (isLong) made.push(version('long', revision, atMs, 1 + Math.floor(revision / 500), revision % 10 === 0 ? 3 : 2))
  else made.push(version(`app-${Math.floor(random() * workloadCount)}`, revision, atMs, 1, random() < 0.7 ? 3 : 2))
}
await record.append(made)
await record.derive()
const scope = scopeOf(record)
const listAt = async (limit: string, more: Record<string, string> = {}) => {
  const at = String(Math.floor(total * (0.5 + random() / 2)))
  return workloads(scope, { cluster: 'prod', ...endpoints.workloads.query.parse({ at, limit, ...more }) })
}
const first = await listAt('100')
const detail = `${first.counts.total} workloads, p50`
for (const [name, limit, more] of [
  ['list at a past moment, 100 on a page', '100', {}],
  ['list at a past moment, 1,000 on a page', '1000', {}],
  ['list with steps of a day, 100 on a page', '100', { from: '-30d' }],
] as const) {
  const times = await timesOf(asked, () => listAt(limit, more))
  met.push(
    report(
      name,
      quantile(times, 0.95),
      ' ms p95',
      { bound: 200, sense: 'at most' },
      `${detail} ${quantile(times, 0.5).toFixed(1)} ms`,
    ),
  )
}
const one = () =>
  workload(scope, {
    cluster: 'prod',
    kind: 'Deployment',
    namespace: 'team-4',
    name: 'long',
    ...endpoints.workload.query.parse({ from: '-30d' }),
  })
const whole = await one()
const times = await timesOf(asked, one)
met.push(
  report(
    'thirty days of one workload',
    quantile(times, 0.95),
    ' ms p95',
    { bound: 100, sense: 'at most' },
    `${whole.timeline.length} steps, ${whole.rollouts.length} rollouts, p50 ${quantile(times, 0.5).toFixed(1)} ms`,
  ),
)
const summaries = await timesOf(20, () =>
  workloadSummary(scope, { cluster: 'prod', ...endpoints.workloadSummary.query.parse({ from: '-30d' }) }),
)
met.push(
  report(
    'thirty days summed up',
    quantile(summaries, 0.95),
    ' ms p95',
    { bound: 500, sense: 'at most' },
    `p50 ${quantile(summaries, 0.5).toFixed(1)} ms`,
  ),
)
await record.close()
if (met.includes(false)) process.exitCode = 1
