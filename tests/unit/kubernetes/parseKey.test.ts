import { describe, expect, it } from 'vitest'
import { isSecretKey, parseKey, plainResource } from '../../../lib/kubernetes/parseKey'
import { readRecordedHistory } from '../../support/recordedHistory'

const bytes = (text: string) => Buffer.from(text)

describe('keys of a Kubernetes layout', () => {
  it.each([
    ['/registry/deployments/shop/web', 'deployments', 'apps', 'shop', 'web'],
    ['/registry/pods/shop/web-1', 'pods', '', 'shop', 'web-1'],
    ['/registry/minions/node-1', 'nodes', '', null, 'node-1'],
    ['/registry/services/specs/shop/web', 'services', '', 'shop', 'web'],
    ['/registry/services/endpoints/shop/web', 'endpoints', '', 'shop', 'web'],
    ['/registry/controllers/shop/old', 'replicationcontrollers', '', 'shop', 'old'],
    ['/registry/ingress/shop/web', 'ingresses', 'networking.k8s.io', 'shop', 'web'],
    ['/registry/clusterroles/system:node', 'clusterroles', 'rbac.authorization.k8s.io', null, 'system:node'],
    [
      '/registry/apiextensions.k8s.io/customresourcedefinitions/a.b.c',
      'customresourcedefinitions',
      'apiextensions.k8s.io',
      null,
      'a.b.c',
    ],
    ['/registry/apiregistration.k8s.io/apiservices/v1.apps', 'apiservices', 'apiregistration.k8s.io', null, 'v1.apps'],
    [
      '/registry/db.acme.example/databases/data/orders',
      'databases.db.acme.example',
      'db.acme.example',
      'data',
      'orders',
    ],
    ['/registry/acme.example/sites/eu', 'sites.acme.example', 'acme.example', null, 'eu'],
    ['/registry/masterleases/10.0.0.1', 'masterleases', '', null, '10.0.0.1'],
    ['/registry/peerserverleases/apiserver-x', 'peerserverleases', '', null, 'apiserver-x'],
    ['/registry/ranges/serviceips', 'ranges', '', null, 'serviceips'],
    ['/registry/brandnewthings/shop/x', 'brandnewthings', '', 'shop', 'x'],
    ['/registry/brandnewthings/x', 'brandnewthings', '', null, 'x'],
    ['/kubernetes.io/pods/shop/web-1', 'pods', '', 'shop', 'web-1'],
    ['/other/pods/shop/web-1', 'pods', '', 'shop', 'web-1'],
  ])('%s', (key, resource, group, namespace, name) => {
    expect(parseKey(bytes(key), ['/other/'])).toEqual({ resource, group, namespace, name })
  })

  it.each([
    ['compact_rev_key'],
    ['/registry/health'],
    ['/registry'],
    ['/registry/'],
    ['/registrypods/a/b'],
    ['/registry/pods//web'],
    ['/registry/pods/web'],
    ['/registry/a/b/c/d'],
    ['/app/config'],
    [''],
  ])('%s is none', (key) => {
    expect(parseKey(bytes(key), [])).toBeNull()
  })

  it('bytes that are not text are none', () => {
    expect(parseKey(Buffer.concat([bytes('/registry/pods/a/'), Buffer.from([0xff, 0])]), [])).toBeNull()
  })

  it('every key of the recording has its resource, namespace and name', () => {
    const without = readRecordedHistory().filter((event) => parseKey(event.key, ['/registry']) === null)
    expect([...new Set(without.map((event) => event.key.toString()))]).toEqual([])
  })
})

describe('keys of Secrets', () => {
  it.each([
    ['/registry/secrets/shop/db', true],
    ['/kubernetes.io/secrets/shop/db', true],
    ['kubernetes.io/secrets/shop/db', true],
    ['/tenant-7/secrets/shop/db', true],
    ['/tenant-8/secrets/shop/db', true],
    ['tenant-8/secrets/shop/db', true],
    ['/registry/secrets/', true],
    ['/registry/secretstores/shop/db', false],
    ['/registry/configmaps/secrets/db', false],
    ['/unknown/secrets/shop/db', false],
  ])('%s: %s', (key, secret) => {
    expect(isSecretKey(bytes(key), ['/tenant-7', 'tenant-8/'])).toBe(secret)
  })

  it('a secret key with bytes that are no text still is one', () => {
    expect(isSecretKey(Buffer.concat([bytes('/registry/secrets/a/'), Buffer.from([0xff])]), [])).toBe(true)
  })
})

describe('plain keys are counted under their first path segment', () => {
  it.each([
    ['/app/config/a', '/app'],
    ['app/config', 'app'],
    ['/app', null],
    ['user-1', null],
    [`/${'x'.repeat(200)}/a`, null],
  ])('%s', (key, label) => {
    expect(plainResource(bytes(key))).toBe(label)
  })
})
