import { expect, it } from 'vitest'
import { storagePrefix } from '../../../lib/kubernetes'
import { builtInResources } from '../../../lib/kubernetes/builtInResources'
import { parseKey } from '../../../lib/kubernetes/parseKey'

it.each([
  ['', 'pods', '/registry/pods/'],
  ['', 'nodes', '/registry/minions/'],
  ['', 'services', '/registry/services/specs/'],
  ['', 'endpoints', '/registry/services/endpoints/'],
  ['apps', 'deployments', '/registry/deployments/'],
  ['networking.k8s.io', 'ingresses', '/registry/ingress/'],
  ['apiextensions.k8s.io', 'customresourcedefinitions', '/registry/apiextensions.k8s.io/customresourcedefinitions/'],
  ['db.acme.example', 'databases', '/registry/db.acme.example/databases/'],
  ['gateway.networking.k8s.io', 'gateways', '/registry/gateway.networking.k8s.io/gateways/'],
  ['networking.k8s.io', 'newer', '/registry/newer/'],
])('%s/%s is kept under %s', (group, plural, expected) => {
  expect(storagePrefix('/registry', { group, plural })).toBe(expected)
  expect(storagePrefix('/registry/', { group, plural })).toBe(expected)
})

it('is the inverse of parseKey for every built-in kind', () => {
  for (const { resource, group, namespaced } of builtInResources.values()) {
    const key = `${storagePrefix('/registry', { group, plural: resource })}${namespaced ? 'shop/' : ''}web`
    expect(parseKey(Buffer.from(key), ['/registry'])).toMatchObject({ resource, group, name: 'web' })
  }
})
