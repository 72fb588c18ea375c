/** One line about a change of a value that is no Kubernetes object: its JSON paths, its short text, or its size. */
import { bufferOf } from './decodeObject'
import { differences } from './differences'
import { cut, joinPhrases } from './objectSummary'
import { arrow, dotted } from './phrases'
import { parseContainer, plainText } from './recogniseValue'

/** Larger values are told by their size only: parsing both sides would cost more than the line is worth. */
const maxJsonBytes = 64 * 1024
const maxShownBytes = 64

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}

/** `name` is the key: it decides whether the value may be quoted. Null `before`: not known. */
export function plainUpdateSummary(name: string, before: Uint8Array | null, after: Uint8Array): string {
  if (before === null) return `changed, ${sizeText(after.length)}; the value before is not known`
  return jsonSummary(name, before, after) ?? textSummary(name, before, after) ?? sizes(before, after)
}

export function plainCreateSummary(value: Uint8Array): string {
  return `created, ${sizeText(value.length)}`
}

function sizes(before: Uint8Array, after: Uint8Array): string {
  const [from, to] = [sizeText(before.length), sizeText(after.length)]
  return from === to ? `changed, ${to}` : `${from} → ${to}`
}

function jsonSummary(name: string, before: Uint8Array, after: Uint8Array): string | null {
  if (!looksLikeJson(before) || !looksLikeJson(after)) return null
  const [old, fresh] = [parseBytes(before), parseBytes(after)]
  if (old === undefined || fresh === undefined) return null
  const found = differences(old, fresh, [], 20)
  if (found.length === 0) return 'laid out differently, same JSON'
  return joinPhrases(
    found.map((difference) => {
      const path = dotted(difference.path) || 'document'
      const shown = arrow(`${name} ${path}`, difference.before, difference.after)
      return shown === null || typeof difference.after === 'object' ? `${path} changed` : `${path} ${shown}`
    }),
  )
}

/** `{` or `[` first and its counterpart last; spares most texts a failing parse. */
function looksLikeJson(bytes: Uint8Array): boolean {
  if (bytes.length < 2 || bytes.length > maxJsonBytes) return false
  let end = bytes.length - 1
  while (end > 0 && (bytes[end] === 0x0a || bytes[end] === 0x20 || bytes[end] === 0x0d)) end--
  return (bytes[0] === 0x7b && bytes[end] === 0x7d) || (bytes[0] === 0x5b && bytes[end] === 0x5d)
}

function parseBytes(bytes: Uint8Array): unknown {
  return parseContainer(bufferOf(bytes).toString('utf8'))
}

function textSummary(name: string, before: Uint8Array, after: Uint8Array): string | null {
  if (before.length > maxShownBytes || after.length > maxShownBytes) return null
  const [old, fresh] = [plainText(before), plainText(after)]
  if (old === null || fresh === null) return null
  const shown = arrow(name, old, fresh)
  return shown === null ? null : cut(shown)
}
