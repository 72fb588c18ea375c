import { describe, expect, it } from 'vitest'
import { configUsesOf } from '../../../lib/kubernetes/podConfig'

const at = '2026-11-22T10:00:00Z'
const running = (name: string) => ({ name, state: { running: { startedAt: at } } })

describe('what the containers of a Pod read', () => {
  it('every way of reading is found, each once', () => {
    const pod = {
      spec: {
        imagePullSecrets: [{ name: 'regcred' }],
        volumes: [
          { name: 'conf', configMap: { name: 'files' } },
          { name: 'tls', secret: { secretName: 'cert' } },
          { name: 'all', projected: { sources: [{ configMap: { name: 'ca' } }, { secret: { name: 'token' } }] } },
          { name: 'scratch', emptyDir: {} },
        ],
        containers: [
          {
            name: 'web',
            env: [
              { name: 'A', value: 'plain' },
              { name: 'B', valueFrom: { configMapKeyRef: { name: 'one', key: 'b' } } },
              { name: 'C', valueFrom: { configMapKeyRef: { name: 'one', key: 'c' } } },
              { name: 'D', valueFrom: { secretKeyRef: { name: 'two', key: 'd' } } },
            ],
            envFrom: [{ configMapRef: { name: 'three' } }, { secretRef: { name: 'four' } }],
            volumeMounts: [
              { name: 'conf', mountPath: '/conf' },
              { name: 'tls', mountPath: '/tls/cert.pem', subPath: 'cert.pem' },
              { name: 'all', mountPath: '/all' },
              { name: 'scratch', mountPath: '/tmp' },
            ],
          },
        ],
      },
      status: { containerStatuses: [running('web')] },
    }
    const uses = configUsesOf(pod)
    expect(uses.every((use) => use.container === 'web' && use.startedAt === at)).toBe(true)
    expect(uses.map(({ kind, name, way }) => `${kind} ${name} ${way}`).sort()).toEqual([
      'ConfigMap ca volume',
      'ConfigMap files volume',
      'ConfigMap one env',
      'ConfigMap three envFrom',
      'Secret cert subPath',
      'Secret four envFrom',
      'Secret regcred imagePullSecrets',
      'Secret token volume',
      'Secret two env',
    ])
  })

  it.each<[string, object]>([
    ['waits', { state: { waiting: { reason: 'CrashLoopBackOff' } } }],
    ['has ended', { state: { terminated: { startedAt: at } } }],
    ['has no status yet', {}],
  ])('a container that %s reads nothing', (_, status) => {
    const spec = { containers: [{ name: 'web', envFrom: [{ configMapRef: { name: 'a' } }] }] }
    expect(configUsesOf({ spec, status: { containerStatuses: [{ name: 'web', ...status }] } })).toEqual([])
  })

  it('nonsense in the place of a Pod is nothing', () => {
    expect(configUsesOf({ spec: 'text', status: [1] })).toEqual([])
    expect(configUsesOf({ spec: { containers: [null, 3, { name: 'x' }] }, status: { containerStatuses: {} } })).toEqual(
      [],
    )
  })
})
