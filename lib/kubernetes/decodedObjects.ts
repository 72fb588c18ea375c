/**
 * The objects of the last described versions: the next change of the same key needs its predecessor decoded, and most
 * changes come from few keys (leases, busy pods). Bounded by count and by the size of what is kept.
 */
import { bufferOf, decodeObject, isKubernetesProtobuf, type JsonObject } from './decodeObject'
import { isKubernetesJson, parseContainer } from './recogniseValue'

const maxObjects = 512
const maxValueBytes = 16 * 1024

export interface DecodedValue {
  /** Null: not a Kubernetes object. */
  readonly object: JsonObject | null
  /** Why it could not be decoded although it claims to be one. */
  readonly failure: string | null
}

export class DecodedObjects {
  readonly #byKey = new Map<string, { readonly value: Uint8Array; readonly decoded: DecodedValue }>()

  /** Decodes `value`, or hands back what the same bytes of this key were decoded to. */
  decode(key: string, value: Uint8Array): DecodedValue {
    const held = this.#byKey.get(key)
    if (held !== undefined && (held.value === value || bufferOf(held.value).equals(value))) return held.decoded
    return decodeValue(value)
  }

  /** Keeps the newest version of a key. The bytes are copied: the caller's may be part of a large message. */
  keep(key: string, value: Uint8Array, decoded: DecodedValue): void {
    this.#byKey.delete(key)
    if (decoded.object === null || value.length > maxValueBytes) return
    this.#byKey.set(key, { value: Uint8Array.prototype.slice.call(value), decoded })
    if (this.#byKey.size > maxObjects) {
      const oldest = this.#byKey.keys().next().value
      if (oldest !== undefined) this.#byKey.delete(oldest)
    }
  }

  drop(key: string): void {
    this.#byKey.delete(key)
  }
}

/** With managedFields' field sets as text when the value is protobuf. */
export function decodeValue(value: Uint8Array): DecodedValue {
  if (isKubernetesProtobuf(value)) {
    const decoded = decodeObject(value, { fieldSetsAsText: true })
    return { object: decoded.object ?? null, failure: decoded.failure ?? null }
  }
  if (value[0] !== 0x7b) return { object: null, failure: null }
  const parsed = parseContainer(bufferOf(value).toString('utf8'))
  return { object: isKubernetesJson(parsed) ? parsed : null, failure: null }
}
