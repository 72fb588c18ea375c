/** A stored value as a person reads it: recognised, decoded, printed. Neither function throws, whatever the bytes. */
import { stringify } from 'yaml'
import { isJsonObject, type JsonObject } from './decodeObject'
import { hexDump } from './hexDump'
import { indentJson } from './indentJson'
import { recogniseValue } from './recogniseValue'

export interface PresentedValue {
  readonly encoding: 'text' | 'json' | 'kubernetes' | 'encrypted' | 'binary'
  /** With `kubernetes` and `json`. */
  readonly object?: unknown
  /** With `text` and `json`: exactly what is stored. */
  readonly text?: string
  /** The stored bytes. */
  readonly bytes: Uint8Array
  /** One sentence: why the value is not shown as more than it is. */
  readonly note: string | null
}

/** `modRevision` becomes a Kubernetes object's resourceVersion, which storage does not hold. */
export function presentValue(_key: Uint8Array, value: Uint8Array, modRevision: bigint): PresentedValue {
  const recognised = recogniseValue(value)
  if (recognised.encoding !== 'kubernetes') return { ...recognised, bytes: value }
  return { ...recognised, object: inKubernetesOrder(recognised.object, modRevision), bytes: value }
}

const metadataOrder = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
]

/** Custom resources are stored in alphabetical order; all are shown as apiVersion, kind, metadata, …, status. */
function inKubernetesOrder(object: JsonObject, modRevision: bigint): JsonObject {
  const { apiVersion, kind, metadata, status, ...rest } = object
  const meta: JsonObject = { ...(isJsonObject(metadata) ? metadata : {}), resourceVersion: String(modRevision) }
  const ordered: JsonObject = {}
  for (const name of metadataOrder) if (name in meta) ordered[name] = meta[name]
  const { managedFields, ...others } = meta
  for (const [name, value] of Object.entries(others)) if (!(name in ordered)) ordered[name] = value
  if (managedFields !== undefined) ordered.managedFields = managedFields
  return { apiVersion, kind, metadata: ordered, ...rest, ...(status === undefined ? {} : { status }) }
}

export interface PrintedValue {
  readonly text: string
  readonly language: 'yaml' | 'json' | 'text' | 'hex'
}

/** As the screens and the diff show it. */
export function printValue(presented: PresentedValue): PrintedValue {
  if (presented.encoding === 'kubernetes') return { text: printYaml(presented.object), language: 'yaml' }
  if (presented.encoding === 'json') return { text: indentJson(presented.text ?? ''), language: 'json' }
  if (presented.encoding === 'text') return { text: presented.text ?? '', language: 'text' }
  return { text: hexDump(presented.bytes), language: 'hex' }
}

/** Version 1.1 quotes `on`, `yes` and their like, which kubectl would read as booleans. */
export function printYaml(object: unknown): string {
  return stringify(object, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })
}
