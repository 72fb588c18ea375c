import { digitsOf, isUid, PackedWriter, readPacked, uidLength } from './hexDigits'
import { readVarint } from './varint'

/**
 * A value as pieces of two earlier ones: of its base, mostly its previous version, and of an aid, a value that lately
 * took the same turn (another Pod that started, another Event of that reason). What neither has, fresh uids and
 * digests above all, takes half its length. On a recorded Kubernetes history it makes half of what deflate makes with
 * the base as dictionary, in no more time: what is alike is compared, not hashed. Pure.
 *
 * Format: operations, each a varint (n * 8 + code) and what the code asks for:
 *
 *     0  n bytes follow as they are
 *     1  n hex digits follow, two a byte; n = 0: a uid in its usual form, as 16 bytes
 *     2  n bytes of the base, from where the last such copy would have gone on had it not been interrupted
 *     3  the same, from where the last such copy ended
 *     4  the same, from elsewhere: a zigzag varint follows, the distance from where 2 would copy
 *     5  6  7  likewise from the aid, behind which stands what was made so far
 */

const LITERAL = 0
const PACKED = 1
const FROM_BASE = 2
const FROM_AID = 5
/** To be added to the two above. */
const ALONG = 0
const BEHIND = 1
const ELSEWHERE = 2

/** Copies shorter than this cost as much as their bytes. */
const shortest = 4
/** A copy from elsewhere costs a few bytes more. */
const shortestElsewhere = 5
/** What goes on as expected for so long is taken without a look around. */
const plainlyAlong = 16
/** Positions of a source are kept at each fourth byte by the four bytes there; matches grow backwards. */
const gramBytes = 4
const smallestTable = 8
const largestTable = 16
const empty = -1

const nothing = new Uint8Array(0)

interface Source {
  readonly bytes: Uint8Array
  readonly table: Int32Array
  bits: number
  /** Where a copy goes on when the lengths of both sides grow alike, less the place in the value. */
  shift: number
  end: number
}

/** One at a time is made: the tables serve all. */
const baseTable = new Int32Array(1 << largestTable)
const aidTable = new Int32Array(1 << largestTable)
const ownTable = new Int32Array(1 << largestTable)
const out = new PackedWriter()

export interface Splice {
  readonly bytes: Uint8Array
  readonly usesBase: boolean
  readonly usesAid: boolean
}

/** Null when the result would be longer than `limitBytes`. */
export function spliceOf(
  value: Uint8Array,
  base: Uint8Array,
  aid: Uint8Array | null,
  limitBytes: number,
): Splice | null {
  const a: Source = { bytes: base, table: baseTable, bits: 0, shift: 0, end: 0 }
  const b: Source = { bytes: aid ?? nothing, table: aidTable, bits: 0, shift: 0, end: 0 }
  const ownStart = b.bytes.byteLength
  const ownBits = bitsFor(value.byteLength)
  const end = value.byteLength
  let [usesBase, usesAid, indexed] = [false, false, false]
  let [literalFrom, at, ownIndexed] = [0, 0, 0]
  out.restart(limitBytes)
  while (at < end) {
    let source = a
    let from = at + a.shift
    let length = matchLength(value, at, a.bytes, from)
    let back = 0
    if (length < shortest) {
      const aidLength = matchLength(value, at, b.bytes, at + b.shift)
      if (aidLength >= shortest) {
        source = b
        from = at + b.shift
        length = aidLength
      }
    }
    if (length < plainlyAlong && at + gramBytes <= end) {
      if (!indexed) {
        index(a)
        index(b)
        ownTable.fill(empty, 0, 1 << ownBits)
        indexed = true
      }
      for (; ownIndexed + gramBytes <= at; ownIndexed += gramBytes) {
        ownTable[hashAt(value, ownIndexed) >>> (32 - ownBits)] = ownIndexed
      }
      const hash = hashAt(value, at)
      const room = at - literalFrom
      let least = length < shortest ? shortestElsewhere : length + 3
      for (let which = 0; which < 3; which++) {
        const bytes = which === 0 ? a.bytes : which === 1 ? b.bytes : value
        const table = which === 0 ? baseTable : which === 1 ? aidTable : ownTable
        const bits = which === 0 ? a.bits : which === 1 ? b.bits : ownBits
        const candidate = table[hash >>> (32 - bits)] ?? empty
        if (candidate < 0) continue
        const forth = matchLength(value, at, bytes, candidate)
        if (forth < gramBytes) continue
        const behind = backLength(value, at, bytes, candidate, room)
        if (forth + behind < least) continue
        least = forth + behind + 1
        back = behind
        length = forth + behind
        source = which === 0 ? a : b
        from = candidate - behind + (which === 2 ? ownStart : 0)
      }
    }
    if (length < shortest) {
      at++
      continue
    }
    const start = at - back
    putLiterals(value, literalFrom, start)
    putCopy(source === a ? FROM_BASE : FROM_AID, length, from - start - source.shift, from === source.end)
    source.shift = from - start
    source.end = from + length
    // What was made so far is counted from behind the aid: a copy of that needs the aid's length.
    if (source === a) usesBase = true
    else usesAid = ownStart > 0
    if (out.length > limitBytes) return null
    at = start + length
    literalFrom = at
  }
  if (out.length + ((end - literalFrom) >> 1) > limitBytes) return null
  putLiterals(value, literalFrom, end)
  return out.length > limitBytes ? null : { bytes: out.taken(), usesBase, usesAid }
}

/** Zero where `from` lies outside. */
function matchLength(value: Uint8Array, at: number, source: Uint8Array, from: number): number {
  if (from < 0) return 0
  const room = Math.min(value.byteLength - at, source.byteLength - from)
  let length = 0
  while (length < room && value[at + length] === source[from + length]) length++
  return length
}

function backLength(value: Uint8Array, at: number, source: Uint8Array, from: number, room: number): number {
  const most = Math.min(room, from)
  let length = 0
  while (length < most && value[at - 1 - length] === source[from - 1 - length]) length++
  return length
}

function bitsFor(length: number): number {
  return Math.min(largestTable, Math.max(smallestTable, 32 - Math.clz32(length >> 2)))
}

const spread = 0x9e3779b1

/** Its upper bits are a gram's place in a table. */
function hashAt(bytes: Uint8Array, at: number): number {
  const gram =
    (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
  return Math.imul(gram, spread)
}

function index(source: Source): void {
  const { bytes, table } = source
  source.bits = bitsFor(bytes.byteLength)
  const shift = 32 - source.bits
  table.fill(empty, 0, 1 << source.bits)
  if (bytes.byteOffset % gramBytes !== 0) {
    for (let at = 0; at + gramBytes <= bytes.byteLength; at += gramBytes) table[hashAt(bytes, at) >>> shift] = at
    return
  }
  // Four bytes at a time; a machine of the other byte order finds less, and nothing wrong.
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
  for (let word = 0; word < words.length; word++) {
    table[Math.imul(words[word] ?? 0, spread) >>> shift] = word * gramBytes
  }
}

function putCopy(code: number, length: number, distance: number, behind: boolean): void {
  if (distance === 0) out.number(length * 8 + code + ALONG)
  else if (behind) out.number(length * 8 + code + BEHIND)
  else {
    out.number(length * 8 + code + ELSEWHERE)
    out.number(distance < 0 ? -distance * 2 - 1 : distance * 2)
  }
}

function putLiterals(value: Uint8Array, from: number, to: number): void {
  let plainFrom = from
  for (let at = from; at < to; ) {
    const run = digitsOf(value, at, to)
    const uid = run === 8 && isUid(value, at, to)
    if (!uid && run < 8) {
      at += run + 1
      continue
    }
    putPlain(value, plainFrom, at)
    out.number(uid ? PACKED : run * 8 + PACKED)
    const length = uid ? uidLength : run
    out.digits(value, at, length)
    at += length
    plainFrom = at
  }
  putPlain(value, plainFrom, to)
}

function putPlain(value: Uint8Array, from: number, to: number): void {
  if (to <= from) return
  out.number((to - from) * 8 + LITERAL)
  out.bytes(value, from, to)
}

/** Undoes {@link spliceOf}. Throws RangeError when the bytes do not fit their sources or the length. */
export function applySplice(splice: Uint8Array, base: Uint8Array, aid: Uint8Array | null, length: number): Uint8Array {
  const help = aid ?? nothing
  const value = new Uint8Array(length)
  let made = 0
  const shifts = [0, 0]
  const ends = [0, 0]
  for (let at = 0; at < splice.byteLength; ) {
    const operation = readVarint(splice, at)
    at = operation.end
    const code = operation.value & 7
    let count = Math.floor(operation.value / 8)
    if (code === PACKED && count === 0) count = uidLength
    if (made + count > length) throw unfit()
    if (code === LITERAL) {
      if (at + count > splice.byteLength) throw unfit()
      value.set(splice.subarray(at, at + count), made)
      at += count
    } else if (code === PACKED) {
      at = readPacked(splice, at, value, made, count, operation.value < 8)
    } else {
      const which = code < FROM_AID ? 0 : 1
      const how = code - (which === 0 ? FROM_BASE : FROM_AID)
      let from = how === BEHIND ? (ends[which] ?? 0) : made + (shifts[which] ?? 0)
      if (how === ELSEWHERE) {
        const zigzag = readVarint(splice, at)
        at = zigzag.end
        from += zigzag.value % 2 === 1 ? -(zigzag.value + 1) / 2 : zigzag.value / 2
      }
      copy(which === 0 ? base : help, which === 0 ? null : value, from, made, count, value)
      shifts[which] = from - made
      ends[which] = from + count
    }
    made += count
  }
  if (made !== length) throw unfit()
  return value
}

/** From a source, or from what was made so far (`own`) where it lies behind the source. */
function copy(
  source: Uint8Array,
  own: Uint8Array | null,
  from: number,
  made: number,
  count: number,
  value: Uint8Array,
): void {
  if (from < 0) throw unfit()
  if (from + count <= source.byteLength) {
    value.set(source.subarray(from, from + count), made)
    return
  }
  const start = from - source.byteLength
  if (own === null || start < 0 || start >= made) throw unfit()
  // Byte by byte: a copy may reach into what it makes itself.
  for (let i = 0; i < count; i++) value[made + i] = own[start + i] ?? 0
}

function unfit(): RangeError {
  return new RangeError('the splice does not fit its sources')
}
