import { describe, expect, it } from 'vitest'
import { ownFields } from '../../../lib/demo/kube/fieldOwnership'
import type { ConfigMap, KubeObject } from '../../../lib/demo/kube/objects'

const time = '2026-01-15T12:00:00Z'
const later = '2026-01-15T12:05:00Z'

function configMap(data: Record<string, string>): ConfigMap {
  const metadata = { name: 'web', namespace: 'shop', uid: 'u', creationTimestamp: time }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }
}

function owned(object: ConfigMap): ConfigMap {
  object.metadata.managedFields = ownFields(null, object, { manager: 'argocd-controller', operation: 'Apply' }, time)
  return object
}

const withStatus = (status: unknown): KubeObject => ({ ...configMap({}), ...{ status } })

describe('managedFields', () => {
  it('a creator owns every field', () => {
    expect(owned(configMap({ a: '1', b: '2' })).metadata.managedFields).toEqual([
      {
        manager: 'argocd-controller',
        operation: 'Apply',
        apiVersion: 'v1',
        time,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:a': {}, 'f:b': {} } },
      },
    ])
  })

  it('a changed field goes over to who changed it', () => {
    const entries = ownFields(
      owned(configMap({ a: '1', b: '2' })),
      configMap({ a: '1', b: '3' }),
      { manager: 'kubectl-edit' },
      later,
    )
    expect(entries.map(({ manager, time: at, fieldsV1 }) => [manager, at, fieldsV1])).toEqual([
      ['argocd-controller', time, { 'f:data': { 'f:a': {} } }],
      ['kubectl-edit', later, { 'f:data': { 'f:b': {} } }],
    ])
  })

  it('a removed field belongs to nobody, and a manager without fields is gone', () => {
    const entries = ownFields(owned(configMap({ a: '1' })), configMap({ b: '1' }), { manager: 'kubectl-edit' }, later)
    expect(entries.map(({ manager }) => manager)).toEqual(['kubectl-edit'])
  })

  it('a write that changes nothing moves no time', () => {
    const before = owned(configMap({ a: '1' }))
    const actor = { manager: 'argocd-controller', operation: 'Apply' as const }
    expect(ownFields(before, configMap({ a: '1' }), actor, later)).toEqual(before.metadata.managedFields)
  })

  it('conditions are owned one by one, and the subresource is named', () => {
    const [entry] = ownFields(
      null,
      withStatus({ conditions: [{ type: 'Ready', status: 'True' }] }),
      { manager: 'kubelet', subresource: 'status' },
      time,
    )
    expect(entry).toMatchObject({ subresource: 'status' })
    expect(entry?.fieldsV1).toMatchObject({
      'f:status': { 'f:conditions': { 'k:{"type":"Ready"}': { '.': {}, 'f:type': {}, 'f:status': {} } } },
    })
  })
})
