import { textOfBytes } from './keyBytes'

/** The first two segments of a key, as `/registry/pods/`: what people call a prefix. */
export function prefixOfKey(key: Uint8Array): string {
  const text = textOfBytes(key)
  if (text === null) return '(keys that are not text)'
  const [segments] = /^\/?[^/]*\/[^/]*\//.exec(text) ?? /^\/?[^/]*\//.exec(text) ?? [text]
  return segments
}
