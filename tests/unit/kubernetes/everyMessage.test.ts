import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { decodeObject } from '../../../lib/kubernetes/decodeObject'
import { messageOfKind } from '../../../lib/kubernetes/tables'
import descriptors from '../../../lib/kubernetes/tables/descriptors.json'
import { seededRandom } from '../../support/seededRandom'

/**
 * The recording holds some fifty kinds; here protobufjs, an encoder of other hands, writes every kind of the tables
 * with every field set, and all of it must come back.
 */
const root = protobuf.Root.fromJSON(descriptors as protobuf.INamespace)
root.resolveAll()
const seed = 7

const wellKnownText = new Map<string, unknown>([
  ['Time', { seconds: 1_700_000_000, nanos: 0 }],
  ['MicroTime', { seconds: 1_700_000_000, nanos: 123_456_000 }],
  ['Quantity', { string: '100m' }],
  ['IntOrString', { type: 1, strVal: '60%' }],
  ['FieldsV1', { Raw: Buffer.from('{"f:spec":{}}') }],
  ['RawExtension', { raw: Buffer.from('{"a":1}') }],
  ['JSON', { raw: Buffer.from('{"a":1}') }],
  ['Duration', { duration: 90_000_000_000 }],
])

/** `within`: the types around this one; a type is not nested in itself, or a JSON schema would never end. */
function sample(type: protobuf.Type, random: () => number, within: readonly string[]): Record<string, unknown> {
  const known = wellKnownText.get(type.name)
  if (known !== undefined) return known as Record<string, unknown>
  const object: Record<string, unknown> = {}
  for (const field of type.fieldsArray) {
    const inner = field.resolvedType instanceof protobuf.Type ? field.resolvedType : null
    if (inner !== null && [...within, type.fullName].includes(inner.fullName)) continue
    const one = () => (inner === null ? scalar(field.type, random) : sample(inner, random, [...within, type.fullName]))
    object[field.name] = field.map ? { [`key-${field.id}`]: one() } : field.repeated ? [one(), one()] : one()
  }
  return object
}

function scalar(type: string, random: () => number): unknown {
  if (type === 'string') return `s${Math.floor(random() * 1e6)}é`
  if (type === 'bytes') return Buffer.from([1, 2, 255])
  if (type === 'bool') return true
  if (type === 'double') return 1.5
  return type === 'int64' ? String(-(2 ** 40)) : 42
}

function kinds(): [string, string, string][] {
  const found: [string, string, string][] = []
  const visit = (node: protobuf.NamespaceBase) => {
    for (const nested of node.nestedArray) {
      if (nested instanceof protobuf.Type && nested.fields.metadata?.type.endsWith('ObjectMeta')) {
        const parts = nested.fullName.slice(1).split('.')
        const [family = '', version = '', kind = ''] = parts.slice(-3)
        found.push([family, version, kind])
      }
      if (nested instanceof protobuf.Namespace) visit(nested)
    }
  }
  visit(root)
  return found
}

const groups: Readonly<Record<string, string>> = {
  core: '',
  apiextensions: 'apiextensions.k8s.io/',
  apiregistration: 'apiregistration.k8s.io/',
  apiserverinternal: 'internal.apiserver.k8s.io/',
  rbac: 'rbac.authorization.k8s.io/',
}

function envelope(apiVersion: string, kind: string, raw: Uint8Array): Buffer {
  const unknown = root.lookupType('k8s.io.apimachinery.pkg.runtime.Unknown')
  return Buffer.concat([Buffer.from('k8s\0'), unknown.encode({ typeMeta: { apiVersion, kind }, raw }).finish()])
}

/** Leaves that are told apart by their text, wherever the JSON has them. */
function leaves(value: unknown, into: string[] = []): string[] {
  if (Array.isArray(value)) for (const element of value) leaves(element, into)
  else if (Buffer.isBuffer(value)) return into
  else if (typeof value === 'object' && value !== null)
    for (const element of Object.values(value)) leaves(element, into)
  else if (typeof value === 'string') into.push(value)
  return into
}

describe(`every kind of the tables with every field set (seed ${seed})`, () => {
  const all = kinds().filter(([family]) => family !== 'meta' && family !== 'testapigroup')

  it('there are kinds to test', () => {
    expect(all.length).toBeGreaterThan(150)
  })

  it.each(all)('%s/%s %s', (family, version, kind) => {
    const apiVersion = `${groups[family] ?? `${family}/`}${version}`
    const message = messageOfKind(apiVersion, kind)
    expect(message).toBeDefined()
    const type = root.lookupType(message ?? '')
    const written = sample(type, seededRandom(seed), [])
    const decoded = decodeObject(envelope(apiVersion, kind, type.encode(type.fromObject(written)).finish()))
    expect(decoded.failure).toBeUndefined()
    if (decoded.object === undefined) return
    expect(decoded.partial).toBe(false)
    expect(decoded.object).toMatchObject({ apiVersion, kind, metadata: { annotations: {}, generation: -(2 ** 40) } })
    const shown = new Set(leaves(decoded.object))
    // `selfLink` and `resourceVersion` are in the message too; nothing that was written may be missing.
    const missing = leaves(written).filter((text) => text.startsWith('s') && text.endsWith('é') && !shown.has(text))
    // A JSON schema shows one of its two forms, so the other's texts are rightly absent.
    if (kind !== 'CustomResourceDefinition') expect(missing).toEqual([])
  })
})

describe('what the tables do not know', () => {
  const configMap = root.lookupType('k8s.io.api.core.v1.ConfigMap')
  const raw = configMap.encode(configMap.fromObject({ metadata: { name: 'a' }, data: { x: '1' } })).finish()

  it('an unknown field leaves the known part shown, marked as partial', () => {
    const newer = Buffer.concat([raw, Buffer.from([0xfa, 0x07, 2, 0x41, 0x42])])
    expect(decodeObject(envelope('v1', 'ConfigMap', newer))).toMatchObject({
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '1' } },
      partial: true,
    })
  })

  it('an unknown kind still shows who it is', () => {
    expect(decodeObject(envelope('brandnew.k8s.io/v9', 'Thing', raw))).toMatchObject({
      object: { apiVersion: 'brandnew.k8s.io/v9', kind: 'Thing', metadata: { name: 'a' } },
      partial: true,
    })
  })

  it('a map entry named __proto__ is an entry like any other', () => {
    const hostile = Buffer.from([0x12, 14, 0x0a, 9, ...Buffer.from('__proto__'), 0x12, 1, 0x78])
    const { object } = decodeObject(envelope('v1', 'ConfigMap', hostile))
    expect(JSON.stringify(object?.data)).toBe('{"__proto__":"x"}')
  })

  it.each([
    ['2^53 and more as decimal text', '9223372036854775807', '9223372036854775807'],
    ['safe numbers as numbers', '9007199254740991', 9_007_199_254_740_991],
    ['negative numbers', '-1', -1],
  ])('int64: %s', (_name, generation, shown) => {
    const bytes = configMap.encode(configMap.fromObject({ metadata: { generation } })).finish()
    expect(decodeObject(envelope('v1', 'ConfigMap', bytes)).object?.metadata).toMatchObject({ generation: shown })
  })
})
