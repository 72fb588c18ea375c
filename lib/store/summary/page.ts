import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { readVarint, varintsOf } from '../value/varint'

/**
 * The summaries of some hundred changes that follow each other, each text once, deflated as one: a tenth of what they
 * take alone, and a search reads them all without a row of the changes. Pure.
 *
 * Format: deflate over varint count ‖ (varint id less the id before ‖ varint bytes of the text) … ‖ (text ‖ newline) …
 */

export interface SummaryPage {
  /** The text of an id; null when the page does not have it. */
  textOf(id: number): string | null
  /** Ids of the texts that may have the needle, and all that have; the needle by {@link needleOf}. */
  find(needle: string): number[]
}

/** A page of a damaged database must not fill the memory. */
const largestPageBytes = 64 * 1024 * 1024
const newline = 0x0a

/** `texts` by ascending id. */
export function packSummaries(texts: readonly (readonly [id: number, text: string])[]): Buffer {
  const heads: number[] = [texts.length]
  const bodies: Buffer[] = []
  let before = 0
  for (const [id, text] of texts) {
    const bytes = Buffer.from(text)
    heads.push(id - before, bytes.byteLength)
    bodies.push(bytes, Buffer.of(newline))
    before = id
  }
  return deflateRawSync(Buffer.concat([varintsOf(heads), ...bodies]), { level: 6 })
}

/** Throws when the bytes are damaged. */
export function unpackSummaries(packed: Uint8Array): SummaryPage {
  const bytes = inflateRawSync(packed, { maxOutputLength: largestPageBytes })
  const count = readVarint(bytes, 0)
  const ids: number[] = []
  /** Starts of the texts, and where the last one ends. */
  const starts: number[] = []
  let at = count.end
  let [id, start] = [0, 0]
  for (let i = 0; i < count.value; i++) {
    const step = readVarint(bytes, at)
    const length = readVarint(bytes, step.end)
    at = length.end
    id += step.value
    ids.push(id)
    starts.push(start)
    start += length.value + 1
  }
  const body = at
  if (body + start !== bytes.byteLength) throw new RangeError('a page of summaries is cut')
  starts.push(start)
  let folded: string | null = null

  return {
    textOf(wanted) {
      const index = indexOf(ids, wanted)
      const from = starts[index]
      const to = starts[index + 1]
      if (from === undefined || to === undefined) return null
      return bytes.toString('utf8', body + from, body + to - 1)
    },
    find(needle) {
      folded ??= foldedOf(bytes.subarray(body))
      const found: number[] = []
      for (let hit = folded.indexOf(needle); hit >= 0; ) {
        const index = lastAtOrBelow(starts, hit)
        const [one, next] = [ids[index], starts[index + 1]]
        if (one === undefined || next === undefined) break
        found.push(one)
        hit = folded.indexOf(needle, next)
      }
      return found
    },
  }
}

/** What is searched for, as {@link SummaryPage.find} compares it: bytes, cases of Latin letters alike. */
export function needleOf(text: string): string {
  return foldedOf(Buffer.from(text))
}

function foldedOf(bytes: Buffer): string {
  return bytes.toString('latin1').toLowerCase()
}

/** -1 when it is not among them. */
function indexOf(ascending: readonly number[], wanted: number): number {
  const at = lastAtOrBelow(ascending, wanted)
  return ascending[at] === wanted ? at : -1
}

function lastAtOrBelow(ascending: readonly number[], wanted: number): number {
  let [low, high] = [0, ascending.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) <= wanted) low = middle + 1
    else high = middle - 1
  }
  return high
}
