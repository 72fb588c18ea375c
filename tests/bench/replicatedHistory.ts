/**
 * The recorded Kubernetes history, gone on with as often as asked for, so that no replica repeats another's bytes:
 *
 * - every uid is another one in each replica, and so is every generated part of a name (the suffixes of Pods, Events,
 *   ReplicaSets and Jobs), in keys and values alike: new objects under new keys, as in a cluster that goes on;
 * - every time, in protobuf or as text, moves on by the length of the recording;
 * - objects whose names people gave are the same keys again: there the history gets longer, and versions count on.
 *
 * Lengths stay the same, so that every value stays the protobuf that it was. Replica 0 is the recording itself. Pure.
 */
import { createHash } from 'node:crypto'
import type { RecordedEvent } from '../support/recordedHistory'

/** Where bytes of a value or key differ between replicas. */
interface Slot {
  readonly at: number
  readonly kind: 'token' | 'seconds' | 'text time'
  readonly text: string
}

const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const textTime = /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/g
/** apimachinery's alphabet of generated suffixes, the hex of an Event's name, the minutes in a CronJob's Job. */
const generated =
  /(?<=[-.])(?:[bcdfghjklmnpqrstvwxz2456789]{5}|[bcdfghjklmnpqrstvwxz2456789]{8,10}|[0-9a-f]{16}|\d{8})(?![^-.])/g
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
const marginSeconds = 3 * 86_400

export function* replicate(recorded: readonly RecordedEvent[], changes: number): Generator<RecordedEvent> {
  const span = spanOf(recorded)
  const names = generatedNames(recorded)
  const templates = recorded.map((event) => ({
    event,
    keySlots: slotsOf(event.key, names, null),
    valueSlots: slotsOf(event.value, names, span),
  }))
  const live = new Map<string, { createRevision: bigint; version: bigint }>()
  let revision = 1n
  let left = changes
  for (let replica = 0; left > 0; replica++) {
    const tokens = createTokens(replica)
    const shift = replica * (span.last - span.first)
    let recordedRevision = -1n
    for (const template of templates) {
      if (left-- === 0) return
      if (template.event.modRevision !== recordedRevision) revision++
      recordedRevision = template.event.modRevision
      const key = filled(template.event.key, template.keySlots, tokens, shift)
      const id = key.toString('latin1')
      const { op, leaseId } = template.event
      const before = live.get(id)
      const createRevision = op === 'put' ? (before?.createRevision ?? revision) : 0n
      const version = op === 'put' ? (before?.version ?? 0n) + 1n : 0n
      if (op === 'put') live.set(id, { createRevision, version })
      else if (!live.delete(id)) continue
      const value = filled(template.event.value, template.valueSlots, tokens, shift)
      yield { op, key, value, modRevision: revision, createRevision, version, leaseId }
    }
  }
}

/** Seconds since 1970 of the oldest and newest time that a recent writer left in the values. */
function spanOf(recorded: readonly RecordedEvent[]): { first: number; last: number } {
  const seconds: number[] = []
  for (const { value } of recorded) {
    for (const [text] of value.toString('latin1').matchAll(textTime)) seconds.push(Date.parse(text) / 1000)
  }
  seconds.sort((a, b) => a - b)
  const middle = seconds[seconds.length >> 1] ?? 0
  const near = seconds.filter((one) => Math.abs(one - middle) < marginSeconds)
  return { first: near[0] ?? middle, last: near.at(-1) ?? middle }
}

function generatedNames(recorded: readonly RecordedEvent[]): Set<string> {
  const names = new Set<string>()
  for (const { key } of recorded) {
    const name = key.toString('latin1').split('/').at(-1) ?? ''
    for (const [token] of name.matchAll(generated)) names.add(token)
  }
  return names
}

function slotsOf(bytes: Buffer, names: ReadonlySet<string>, span: { first: number; last: number } | null): Slot[] {
  const text = bytes.toString('latin1')
  const slots: Slot[] = []
  for (const match of text.matchAll(uid)) slots.push({ at: match.index, kind: 'token', text: match[0] })
  for (const match of text.matchAll(/[0-9a-z]+/g)) {
    for (const [length, at] of within(match[0], match.index, names)) {
      slots.push({ at, kind: 'token', text: text.slice(at, at + length) })
    }
  }
  if (span === null) return slots
  for (const match of text.matchAll(textTime)) slots.push({ at: match.index, kind: 'text time', text: match[0] })
  for (let at = bytes.indexOf(0x08); at >= 0 && at + 6 <= bytes.length; at = bytes.indexOf(0x08, at + 1)) {
    const seconds = readSeconds(bytes, at + 1)
    if (seconds !== null && Math.abs(seconds - span.last) < marginSeconds) {
      slots.push({ at: at + 1, kind: 'seconds', text: String(seconds) })
    }
  }
  return slots
}

/** A token is a whole run of letters and digits, or its end: protobuf puts a length in front that may be a letter. */
function* within(run: string, at: number, names: ReadonlySet<string>): Generator<[length: number, at: number]> {
  for (const length of [run.length, run.length - 1]) {
    for (const start of [0, run.length - length]) {
      if (length < 5 || !names.has(run.slice(start, start + length))) continue
      yield [length, at + start]
      return
    }
  }
}

function createTokens(replica: number): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    if (replica === 0) return text
    const before = known.get(text)
    if (before !== undefined) return before
    const made = madeUp(text, createHash('sha256').update(`${replica} ${text}`).digest())
    known.set(text, made)
    return made
  }
}

/** The same shape, other characters. */
function madeUp(text: string, digest: Buffer): string {
  const digits = digest.toString('hex')
  if (/^\d{8}$/.test(text)) return String(10_000_000 + (digest.readUInt32BE(0) % 90_000_000))
  if (/^[0-9a-f]{16}$/.test(text) || text.length === 36) {
    return text.replace(/[0-9a-f]/g, (_, at: number) => digits.charAt(at))
  }
  return text.replace(/./g, (_, at: number) => alphabet.charAt((digest[at] ?? 0) % alphabet.length))
}

function filled(bytes: Buffer, slots: readonly Slot[], tokenOf: (text: string) => string, shift: number): Buffer {
  if (slots.length === 0 || (shift === 0 && slots.every((slot) => tokenOf(slot.text) === slot.text))) return bytes
  const copy = Buffer.from(bytes)
  for (const { at, kind, text } of slots) {
    if (kind === 'token') copy.write(tokenOf(text), at, 'latin1')
    else if (kind === 'text time') {
      copy.write(`${new Date(Date.parse(text) + shift * 1000).toISOString().slice(0, 19)}Z`, at, 'latin1')
    } else writeSeconds(copy, at, Number(text) + shift)
  }
  return copy
}

/** Five bytes hold every second from 1978 to 3058. */
function readSeconds(bytes: Buffer, at: number): number | null {
  let value = 0
  for (let i = 4; i >= 0; i--) {
    const byte = bytes[at + i] ?? 0
    if (byte >= 0x80 !== i < 4) return null
    value = value * 128 + (byte & 0x7f)
  }
  return value
}

function writeSeconds(bytes: Buffer, at: number, seconds: number): void {
  let rest = seconds
  for (let i = 0; i < 5; i++) {
    bytes[at + i] = (rest % 128) | (i < 4 ? 0x80 : 0)
    rest = Math.floor(rest / 128)
  }
}
