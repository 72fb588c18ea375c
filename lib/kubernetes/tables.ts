/**
 * The two tables that the decoder is compiled from: field names, numbers and types of every message of Kubernetes
 * 1.36, and how the apiserver's JSON treats each field. They stay as parsed JSON; a message is compiled when the
 * first object that needs it is read, so 1,230 messages cost memory only for the few that a cluster stores.
 */
import descriptors from './tables/descriptors.json'
import jsonRules from './tables/json-rules.json'

export interface FieldDescriptor {
  readonly type: string
  readonly id: number
  readonly rule?: string
  /** Present on maps; their keys are strings throughout Kubernetes. */
  readonly keyType?: string
}

export type FieldDescriptors = Readonly<Record<string, FieldDescriptor>>

/** A field without a rule keeps its name and is left out when empty. */
export interface JsonRule {
  readonly kind?: string
  readonly json?: string
  readonly keepZero?: boolean
  readonly inline?: boolean
  readonly omitZero?: boolean
}

interface DescriptorNode {
  readonly nested?: Readonly<Record<string, DescriptorNode>>
  readonly fields?: FieldDescriptors
}

// The shape is fixed by the file in this folder; typing its 1,230 messages literally would only slow the compiler.
const root = descriptors as unknown as DescriptorNode
const rules = jsonRules as unknown as Readonly<Record<string, Readonly<Record<string, JsonRule>>>>

function nodeOf(fullName: string): DescriptorNode | undefined {
  let node: DescriptorNode | undefined = root
  for (const part of fullName.split('.')) {
    const nested: DescriptorNode['nested'] = node?.nested
    node = nested !== undefined && Object.hasOwn(nested, part) ? nested[part] : undefined
    if (node === undefined) return undefined
  }
  return node
}

/** Fields of a message in the order of the Go struct, which is the order Kubernetes prints; undefined if unknown. */
export function fieldsOf(message: string): FieldDescriptors | undefined {
  return nodeOf(message)?.fields
}

export function ruleOf(message: string, field: string): JsonRule {
  return rules[message]?.[field] ?? {}
}

/** Resolves a field's type as protobuf does: a leading dot is absolute, otherwise the message's package outward. */
export function resolveType(message: string, type: string): string | undefined {
  if (type.startsWith('.')) return type.slice(1)
  const scope = message.split('.')
  while (scope.length > 0) {
    scope.pop()
    const name = [...scope, type].join('.')
    if (fieldsOf(name) !== undefined) return name
  }
  return undefined
}

const ownPackages: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io': 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions',
  'apiregistration.k8s.io': 'k8s.io.kube_aggregator.pkg.apis.apiregistration',
  'internal.apiserver.k8s.io': 'k8s.io.api.apiserverinternal',
  'meta.k8s.io': 'k8s.io.apimachinery.pkg.apis.meta',
}
const metaPackage = 'k8s.io.apimachinery.pkg.apis.meta'

/** Only kinds that the table knows are kept, so foreign values cannot make it grow. */
const messages = new Map<string, string>()

/** The message that holds objects of this kind; undefined for kinds that the table does not know. */
export function messageOfKind(apiVersion: string, kind: string): string | undefined {
  const id = `${apiVersion} ${kind}`
  const known = messages.get(id) ?? findMessage(apiVersion, kind)
  if (known !== undefined) messages.set(id, known)
  return known
}

function findMessage(apiVersion: string, kind: string): string | undefined {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  const version = apiVersion.slice(slash + 1)
  const family = ownPackages[group] ?? `k8s.io.api.${group === '' ? 'core' : group.split('.')[0]}`
  for (const name of [`${family}.${version}.${kind}`, `${metaPackage}.${version}.${kind}`]) {
    if (fieldsOf(name) !== undefined) return name
  }
  return undefined
}
