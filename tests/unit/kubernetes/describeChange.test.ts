import { describe, expect, it } from 'vitest'
import { createDescriber } from '../../../lib/kubernetes'

const describer = createDescriber({ prefixes: ['/registry'], fingerprintKey: Buffer.alloc(32) })

type Json = Record<string, unknown>
type Given = {
  key: string
  before?: string | Json | null
  after?: string | Json | null
  leaseId?: bigint
  unknown?: boolean
}

/** `before` absent: created; `after` absent: deleted; `unknown`: there was a version before, but not in the record. */
function describeChange({ key, before = null, after = null, leaseId = 0n, unknown = false }: Given) {
  const bytes = (value: string | Json | null) =>
    value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
  return describer.describe({
    op: after === null ? 'delete' : 'put',
    key: Buffer.from(key),
    value: bytes(after) ?? Buffer.alloc(0),
    created: before === null && !unknown,
    leaseId,
    previous: bytes(before),
    previousFingerprint: null,
  })
}

const object = (kind: string, rest: Json = {}, metadata: Json = {}): Json => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x', ...metadata },
  ...rest,
})
const entry = (manager: string, time: string, fieldsV1: Json, subresource?: string): Json => ({
  manager,
  operation: 'Update',
  time,
  fieldsV1,
  ...(subresource === undefined ? {} : { subresource }),
})
const owned = { ownerReferences: [{ kind: 'ReplicaSet', name: 'web-5d4', uid: 'u', controller: true }] }
const pod = (containers: Json[]) => ({ spec: { template: { spec: { containers } } } })
const container = (image: string, more: Json = {}) => ({ name: 'web', image, ...more })

const configMap = '/registry/configmaps/shop/x'
const deployment = '/registry/deployments/shop/x'
const podKey = '/registry/pods/shop/x'

describe('updates of Kubernetes objects', () => {
  it.each<[string, string, Json, Json, string, string]>([
    [
      'an image tag',
      deployment,
      object('Deployment', pod([container('r/web:1.4')])),
      object('Deployment', pod([container('r/web:1.5')])),
      'spec',
      'image web: 1.4 → 1.5',
    ],
    [
      'another image',
      deployment,
      object('Deployment', pod([container('a/web:1')])),
      object('Deployment', pod([container('b/web:1')])),
      'spec',
      'image web: a/web:1 → b/web:1',
    ],
    [
      'a registry with a port',
      deployment,
      object('Deployment', pod([container('r:5000/web')])),
      object('Deployment', pod([container('r:5000/web:2')])),
      'spec',
      'image web: r:5000/web → r:5000/web:2',
    ],
    [
      'replicas',
      deployment,
      object('Deployment', { spec: { replicas: 3 } }),
      object('Deployment', { spec: { replicas: 5 } }),
      'spec',
      'replicas 3 → 5',
    ],
    [
      'image before the rest',
      deployment,
      object('Deployment', { spec: { paused: false, ...pod([container('w:1')]).spec } }),
      object('Deployment', { spec: { paused: true, ...pod([container('w:2')]).spec } }),
      'spec',
      'image web: 1 → 2, paused false → true',
    ],
    [
      'a container',
      deployment,
      object('Deployment', pod([container('w:1')])),
      object('Deployment', pod([{ name: 'proxy', image: 'p' }, container('w:1')])),
      'spec',
      'container proxy added',
    ],
    [
      'an env value',
      deployment,
      object('Deployment', pod([container('w', { env: [{ name: 'LOG', value: 'info' }] })])),
      object('Deployment', pod([container('w', { env: [{ name: 'LOG', value: 'debug' }] })])),
      'spec',
      'env LOG of web: info → debug',
    ],
    [
      'an env value that looks like a credential',
      deployment,
      object('Deployment', pod([container('w', { env: [{ name: 'DB_PASSWORD', value: 'a' }] })])),
      object('Deployment', pod([container('w', { env: [{ name: 'DB_PASSWORD', value: 'b' }] })])),
      'spec',
      'env DB_PASSWORD of web changed',
    ],
    [
      'a restart',
      deployment,
      object('Deployment', { spec: { template: { metadata: { annotations: {} } } } }),
      object('Deployment', {
        spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } },
      }),
      'spec',
      'rollout restarted',
    ],
    [
      'a setting',
      configMap,
      object('ConfigMap', { data: { express_pay: 'off' } }),
      object('ConfigMap', { data: { express_pay: 'on' } }),
      'spec',
      'express_pay off → on',
    ],
    [
      'a first setting',
      configMap,
      object('ConfigMap'),
      object('ConfigMap', { data: { a: '1' } }),
      'spec',
      'key a added',
    ],
    [
      'a setting gone',
      configMap,
      object('ConfigMap', { data: { a: '1', b: '2' } }),
      object('ConfigMap', { data: { a: '1' } }),
      'spec',
      'key b removed',
    ],
    [
      'a credential in a ConfigMap',
      configMap,
      object('ConfigMap', { data: { api_token: 'abc' } }),
      object('ConfigMap', { data: { api_token: 'abd' } }),
      'spec',
      'key api_token changed',
    ],
    [
      'one line of a file',
      configMap,
      object('ConfigMap', { data: { 'app.conf': 'a=1\nmax=100\n' } }),
      object('ConfigMap', { data: { 'app.conf': 'a=1\nmax=200\n' } }),
      'spec',
      'key app.conf: max=100 → max=200',
    ],
    [
      'one line with a password',
      configMap,
      object('ConfigMap', { data: { 'app.conf': 'a=1\npassword=100\n' } }),
      object('ConfigMap', { data: { 'app.conf': 'a=1\npassword=200\n' } }),
      'spec',
      'key app.conf changed',
    ],
    [
      'a finalizer',
      configMap,
      object('ConfigMap', {}, { finalizers: ['a/b', 'c/d'] }),
      object('ConfigMap', {}, { finalizers: ['c/d'] }),
      'metadata',
      'finalizer a/b removed',
    ],
    [
      'a label',
      configMap,
      object('ConfigMap'),
      object('ConfigMap', {}, { labels: { tier: 'web' } }),
      'metadata',
      'label tier added',
    ],
    [
      'an annotation',
      configMap,
      object('ConfigMap', {}, { annotations: { note: 'a' } }),
      object('ConfigMap', {}, { annotations: { note: 'b' } }),
      'metadata',
      'annotation note a → b',
    ],
    [
      'only managedFields',
      configMap,
      object('ConfigMap', {}, { managedFields: [] }),
      object('ConfigMap', {}, { managedFields: [entry('a', '2026-01-01T00:00:00Z', {})] }),
      'none',
      'rewritten without a change',
    ],
    [
      'the storage version',
      '/registry/a.b/cs/x',
      { ...object('C'), apiVersion: 'a.b/v1alpha1' },
      { ...object('C'), apiVersion: 'a.b/v1' },
      'metadata',
      'stored as a.b/v1, was a.b/v1alpha1',
    ],
    [
      'a deletion asked for',
      deployment,
      object('Deployment'),
      object('Deployment', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      'spec',
      'deletion requested',
    ],
    [
      'a condition',
      deployment,
      object('Deployment', { status: { conditions: [{ type: 'Available', status: 'True' }] } }),
      object('Deployment', { status: { conditions: [{ type: 'Available', status: 'False' }] } }),
      'status',
      'condition Available True → False',
    ],
    [
      'a phase',
      podKey,
      object('Pod', { status: { phase: 'Pending' } }, owned),
      object('Pod', { status: { phase: 'Running' } }, owned),
      'status',
      'phase Pending → Running',
    ],
    [
      'a crash',
      podKey,
      object('Pod', { status: { containerStatuses: [{ name: 'web', restartCount: 1 }] } }),
      object('Pod', { status: { containerStatuses: [{ name: 'web', restartCount: 2 }] } }),
      'status',
      'web restarts 1 → 2',
    ],
    [
      'a bound pod',
      podKey,
      object('Pod', { spec: {} }),
      object('Pod', { spec: { nodeName: 'n1' } }),
      'status',
      'nodeName unset → n1',
    ],
    [
      'an evicted pod of a controller',
      podKey,
      object('Pod', {}, owned),
      object('Pod', {}, { ...owned, deletionTimestamp: '2026-01-01T00:00:00Z' }),
      'status',
      'deletion requested',
    ],
    [
      'a cordoned node',
      '/registry/minions/n1',
      object('Node', { spec: {} }),
      object('Node', { spec: { unschedulable: true } }),
      'spec',
      'unschedulable unset → true',
    ],
    [
      "a node's heartbeat",
      '/registry/minions/n1',
      object('Node', { status: { conditions: [{ type: 'Ready', lastHeartbeatTime: 'a' }] } }),
      object('Node', { status: { conditions: [{ type: 'Ready', lastHeartbeatTime: 'b' }] } }),
      'heartbeat',
      'conditions updated',
    ],
    [
      'a lease',
      '/registry/leases/ns/l',
      object('Lease', { spec: { holderIdentity: 'a', renewTime: '1' } }),
      object('Lease', { spec: { holderIdentity: 'a', renewTime: '2' } }),
      'heartbeat',
      'renewed by a',
    ],
    [
      'a lease that moves',
      '/registry/leases/ns/l',
      object('Lease', { spec: { holderIdentity: 'a' } }),
      object('Lease', { spec: { holderIdentity: 'b' } }),
      'heartbeat',
      'holder a → b',
    ],
    [
      'an election record',
      '/registry/configmaps/ns/app-leader-election',
      object('ConfigMap'),
      object('ConfigMap', {}, { annotations: { l: '1' } }),
      'heartbeat',
      'annotation l added',
    ],
    [
      'endpoints',
      '/registry/services/endpoints/ns/e',
      object('Endpoints', { subsets: [] }),
      object('Endpoints', { subsets: [{ addresses: [] }] }),
      'heartbeat',
      'subsets[0] added',
    ],
  ])('%s', (_name, key, before, after, significance, summary) => {
    expect(describeChange({ key, before, after })).toMatchObject({ op: 'update', significance, summary })
  })

  it('identical bytes are none', () => {
    const same = object('ConfigMap', { data: { a: '1' } })
    expect(describeChange({ key: configMap, before: same, after: same })).toMatchObject({ significance: 'none' })
  })
})

describe('beginnings and ends', () => {
  it.each<[string, Given, string, string]>([
    [
      'a Deployment',
      { key: deployment, after: object('Deployment', { spec: { replicas: 3, ...pod([container('w:1')]).spec } }) },
      'spec',
      'created, 3 replicas, image web: w:1',
    ],
    [
      'a ConfigMap',
      { key: configMap, after: object('ConfigMap', { data: { a: '1', b: '2' } }) },
      'spec',
      'created, keys a, b',
    ],
    ['a pod of a controller', { key: podKey, after: object('Pod', {}, owned) }, 'status', 'created, owner web-5d4'],
    ['a pod by hand', { key: podKey, after: object('Pod') }, 'spec', 'created'],
    [
      'an event',
      {
        key: '/registry/events/ns/e',
        after: object('Event', {
          type: 'Warning',
          reason: 'BackOff',
          message: 'again',
          count: 4,
          involvedObject: { kind: 'Pod', name: 'w' },
        }),
      },
      'heartbeat',
      'Warning BackOff of Pod w: again (×4)',
    ],
    [
      'a deleted pod of a controller',
      { key: podKey, before: object('Pod', {}, owned) },
      'status',
      'deleted, owner web-5d4',
    ],
    ['a deleted ConfigMap', { key: configMap, before: object('ConfigMap') }, 'spec', 'deleted'],
    ['a deleted lease', { key: '/registry/leases/ns/l' }, 'heartbeat', 'deleted'],
    [
      'an encrypted value',
      { key: configMap, after: 'k8s:enc:aescbc:v1:k:xx' },
      'spec',
      'encrypted value created, 22 B',
    ],
    [
      'an update without its past',
      { key: configMap, after: object('ConfigMap'), unknown: true },
      'spec',
      'changed; the version before is not known',
    ],
  ])('%s', (_name, given, significance, summary) => {
    expect(describeChange(given)).toMatchObject({ significance, summary })
  })
})

describe('plain keys', () => {
  const key = '/app/checkout/settings'
  it.each<[string, Given, string, string]>([
    ['created', { key, after: 'hello' }, 'spec', 'created, 5 B'],
    ['deleted', { key, before: 'hello' }, 'spec', 'deleted'],
    ['short text', { key, before: 'on', after: 'off' }, 'spec', 'on → off'],
    ['long text', { key, before: 'a'.repeat(100), after: 'b'.repeat(2048) }, 'spec', '100 B → 2.0 KiB'],
    ['same size', { key, before: 'a'.repeat(100), after: 'b'.repeat(100) }, 'spec', 'changed, 100 B'],
    [
      'JSON',
      { key, before: '{"a":{"b":1},"c":[1]}', after: '{"a":{"b":2},"c":[1,3]}' },
      'spec',
      'a.b 1 → 2, c[1] unset → 3',
    ],
    ['JSON laid out anew', { key, before: '{"a":1}', after: '{"a": 1}' }, 'spec', 'laid out differently, same JSON'],
    [
      'a credential in JSON',
      { key, before: '{"password":"a"}', after: '{"password":"b"}' },
      'spec',
      'password changed',
    ],
    ['a credential by its key', { key: '/app/db/password', before: 'a', after: 'b' }, 'spec', 'changed, 1 B'],
    ['the same', { key, before: 'a', after: 'a' }, 'none', 'rewritten without a change'],
    ['on a lease', { key, before: 'a', after: 'b', leaseId: 5n }, 'heartbeat', 'a → b'],
    ['unknown before', { key, after: 'abc', unknown: true }, 'spec', 'changed, 3 B; the value before is not known'],
  ])('%s', (_name, given, significance, summary) => {
    expect(describeChange(given)).toMatchObject({
      resource: given.key.startsWith('/app') ? '/app' : null,
      significance,
      summary,
    })
  })

  it('an empty value is a value', () => {
    expect(describeChange({ key, after: '' })).toMatchObject({ op: 'create', value: Buffer.alloc(0) })
  })
})

describe('who wrote it', () => {
  const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z']
  const data = { 'f:data': { 'f:a': {} } }
  const status = { 'f:status': { 'f:phase': {} } }
  const version = (value: string, managedFields: Json[], phase = 'A') =>
    object('ConfigMap', { data: { a: value }, status: { phase } }, { managedFields })

  it.each<[string, Json, Json, string | null]>([
    [
      'the entry with a new time',
      version('1', [entry('helm', early, data), entry('kcm', early, status, 'status')]),
      version('2', [entry('helm', late, data), entry('kcm', early, status, 'status')]),
      'helm',
    ],
    [
      'a new entry',
      version('1', [entry('helm', early, data)]),
      version('2', [entry('helm', early, {}), entry('kubectl', late, data)]),
      'kubectl',
    ],
    [
      'the same second: who owns what changed',
      version('1', [entry('helm', late, data), entry('kcm', late, status, 'status')]),
      version('1', [entry('helm', late, data), entry('kcm', late, status, 'status')], 'B'),
      'kcm',
    ],
    [
      'nobody who only lost a field',
      version('1', [entry('helm', late, data)]),
      object('ConfigMap', { status: { phase: 'A' } }, { managedFields: [entry('helm', late, {})] }),
      null,
    ],
    ['no managedFields', version('1', []), version('2', []), null],
    ['merged entries name nobody', version('1', []), version('2', [entry('ancient-changes', late, data)]), null],
  ])('%s', (_name, before, after, manager) => {
    expect(describeChange({ key: configMap, before, after }).manager).toBe(manager)
  })

  it('the newest time inside bounds when it was written', () => {
    const after = object(
      'Pod',
      { status: { startTime: late, nextTime: '2030-01-01T00:00:00Z' } },
      { creationTimestamp: early },
    )
    expect(describeChange({ key: podKey, after }).notBeforeMs).toBe(Date.parse(late))
    const deleting = {
      creationTimestamp: early,
      deletionTimestamp: '2026-01-01T00:00:40Z',
      deletionGracePeriodSeconds: 30,
    }
    expect(describeChange({ key: podKey, after: object('Pod', {}, deleting) }).notBeforeMs).toBe(
      Date.parse('2026-01-01T00:00:10Z'),
    )
    expect(describeChange({ key: '/app/x', after: 'x' }).notBeforeMs).toBeNull()
  })
})
