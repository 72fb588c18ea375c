import { describe, expect, it } from 'vitest'
import { encodeObject } from '../../../lib/demo/kube/encodeObject'
import { decodeObject } from '../../../lib/kubernetes/decodeObject'

const metadata = {
  name: 'web',
  namespace: 'shop',
  uid: '0b0c6d6e-5f5c-4c38-9d3c-0123456789ab',
  generation: 7,
  creationTimestamp: '2026-01-15T12:00:00Z',
  labels: { app: 'web', 'app.kubernetes.io/name': 'web' },
  managedFields: [
    {
      manager: 'kubectl-edit',
      operation: 'Update',
      apiVersion: 'apps/v1',
      time: '2026-01-15T12:00:01Z',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    },
  ],
}

describe('an encoded object is decoded to what it was', () => {
  it.each([
    ['a map of text', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'a.yaml': 'x: 1\n', b: '' } }],
    ['bytes', { apiVersion: 'v1', kind: 'Secret', metadata, data: { password: 'ZGVtbw==' }, type: 'Opaque' }],
    [
      'microseconds',
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata,
        spec: { holderIdentity: 'n', leaseDurationSeconds: 40, renewTime: '2026-01-15T12:00:01.123456Z' },
      },
    ],
    [
      'quantities',
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { ...metadata, namespace: undefined },
        spec: { podCIDR: '10.0.0.0/24' },
        status: { capacity: { cpu: '8', memory: '32768Mi' } },
      },
    ],
  ])('%s', (_name, object) => {
    const { object: decoded } = decodeObject(encodeObject(object))
    expect(decoded).toMatchObject(JSON.parse(JSON.stringify(object)))
  })

  it('inlined messages and numbers that may be text', () => {
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            volumes: [{ name: 'config', configMap: { name: 'web', defaultMode: 420 } }],
            containers: [
              {
                name: 'web',
                image: 'registry.example.com/web:1',
                readinessProbe: { httpGet: { path: '/ready', port: 8080, scheme: 'HTTP' }, periodSeconds: 5 },
              },
            ],
          },
        },
      },
    }
    const { object: decoded } = decodeObject(encodeObject(object))
    expect(decoded).toMatchObject(object)
  })

  it('an unknown kind is a mistake of ours', () => {
    expect(() => encodeObject({ apiVersion: 'v1', kind: 'Nothing' })).toThrow('no message')
  })
})
