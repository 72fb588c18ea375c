import { describe, expect, it } from 'vitest'
import { podConfig } from '../../../lib/query/podConfig'
import type { Scope } from '../../../lib/query/scope'
import { change, testRecord } from '../store/recordFixture'

/** Config at start: which version was in force when a container started, and whether what holds now is another. */

const atMs = (revision: number) => 1_700_000_000_000 + revision * 1000
const [configKey, podKey] = ['/registry/configmaps/shop/settings', '/registry/pods/shop/web-1']
const configMap = (mode: string, labels = {}) =>
  Buffer.from(
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', labels }, data: { mode } }),
  )
const pod = (startedAtRevision: number) =>
  Buffer.from(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-1', namespace: 'shop' },
      spec: { containers: [{ name: 'web', envFrom: [{ configMapRef: { name: 'settings' } }] }] },
      status: {
        containerStatuses: [
          { name: 'web', state: { running: { startedAt: new Date(atMs(startedAtRevision) + 500).toISOString() } } },
        ],
      },
    }),
  )

type Step = ['config', Buffer] | ['pod', Buffer] | ['delete']

/** The steps as revisions 1, 2, …, one a second; answers what is said of the one container. */
async function answerAfter(steps: readonly Step[]) {
  const record = await testRecord()
  let version = 0n
  await record.append(
    steps.map(([what, value], i) => {
      const revision = BigInt(i + 1)
      const isPod = what === 'pod'
      if (!isPod) version = what === 'delete' ? 0n : version + 1n
      return change({
        revision,
        atMs: atMs(i + 1),
        op: what === 'delete' ? 'delete' : isPod || version === 1n ? 'create' : 'update',
        key: Buffer.from(isPod ? podKey : configKey),
        value: value ?? null,
        version: isPod ? 1n : version,
        resource: isPod ? 'pods' : 'configmaps',
        namespace: 'shop',
        name: isPod ? 'web-1' : 'settings',
      })
    }),
  )
  const scope: Scope = { reader: record.reader, nowMs: atMs(100), version: 'test' }
  return podConfig(scope, { cluster: 'prod', at: 'now' })
}

describe('the version that a container started with', () => {
  it.each<[string, Step[], object]>([
    [
      'is the newest before its start, and stale once the content is another',
      [
        ['config', configMap('slow')],
        ['config', configMap('fast')],
        ['pod', pod(3)],
        ['config', configMap('faster')],
      ],
      { revisionAtStart: '2', currentRevision: '4', stale: true },
    ],
    [
      'is current while nothing was written',
      [
        ['config', configMap('slow')],
        ['pod', pod(2)],
      ],
      { revisionAtStart: '1', currentRevision: '1', stale: false },
    ],
    [
      'is not stale by new labels, nor by what was changed back',
      [
        ['config', configMap('slow')],
        ['pod', pod(2)],
        ['config', configMap('fast')],
        ['config', configMap('slow', { team: 'a' })],
      ],
      { revisionAtStart: '1', currentRevision: '4', stale: false },
    ],
    [
      'is stale when it was deleted',
      [['config', configMap('slow')], ['pod', pod(2)], ['delete']],
      { revisionAtStart: '1', currentRevision: null, stale: true },
    ],
    [
      'is not known when the record begins later',
      [
        ['pod', pod(0)],
        ['config', configMap('slow')],
      ],
      { revisionAtStart: null, currentRevision: '2', stale: null },
    ],
    ['is not known of what was never recorded', [['pod', pod(1)]], { revisionAtStart: null, stale: null }],
  ])('%s', async (_, steps, expected) => {
    const { items, pods, truncated } = await answerAfter(steps)
    expect([items.length, pods, truncated]).toEqual([1, 1, false])
    expect(items[0]).toMatchObject({ pod: 'web-1', container: 'web', name: 'settings', way: 'envFrom', ...expected })
  })

  it('a cluster without Pods has nothing to say', async () => {
    expect(await answerAfter([['config', configMap('slow')]])).toMatchObject({ items: [], pods: 0 })
  })
})
