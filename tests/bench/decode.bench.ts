/**
 * How many stored objects one core decodes and describes in a second, on the recorded Kubernetes history and on plain
 * values. Processor time counts, not the clock: other work on the machine does not change the result.
 *
 *   npm run bench decode
 */
import { createDescriber, type Described } from '../../lib/kubernetes'
import { decodeObject, isKubernetesProtobuf } from '../../lib/kubernetes/decodeObject'
import { type RecordedEvent, readRecordedHistory } from '../support/recordedHistory'
import { report } from './measure'

const rounds = 5

/** Best of some rounds, the first of which only warm up. */
function perSecond(count: number, run: () => void): number {
  let best = 0
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(start)
    best = Math.max(best, count / ((user + system) / 1e6))
  }
  return Math.round(best)
}

function describeAll(events: readonly RecordedEvent[]): void {
  const describer = createDescriber({ prefixes: ['/registry'], fingerprintKey: Buffer.alloc(32, 7) })
  const previous = new Map<string, Described>()
  for (const { op, key, value, version, leaseId } of events) {
    const id = key.toString('latin1')
    const before = previous.get(id)
    const described = describer.describe({
      op,
      key,
      value,
      created: version === 1n,
      leaseId,
      previous: before?.value ?? null,
      previousFingerprint: before?.fingerprint ?? null,
    })
    if (op === 'put') previous.set(id, described)
    else previous.delete(id)
  }
}

/** Updates of few keys, each value of the given shape. */
function plainEvents(count: number, textFor: (i: number) => string): RecordedEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    op: 'put' as const,
    key: Buffer.from(`/app/item-${i % 500}`),
    value: Buffer.from(textFor(i)),
    modRevision: BigInt(i + 2),
    createRevision: 2n,
    version: BigInt(Math.floor(i / 500) + 1),
    leaseId: 0n,
  }))
}

const events = readRecordedHistory()
const objects = events.flatMap((e) => (e.op === 'put' && isKubernetesProtobuf(e.value) ? [e.value] : []))
const meanBytes = Math.round(objects.reduce((sum, value) => sum + value.length, 0) / objects.length)
const text = plainEvents(20_000, (i) => `${i} `.padEnd(1024, 'lorem ipsum '))
const json = plainEvents(20_000, (i) => JSON.stringify({ seq: i, name: `item ${i % 7}`, note: 'x'.repeat(960) }))

const detail = `objects of ${meanBytes} bytes on average, per second of processor time`
const decoded = perSecond(objects.length, () => {
  for (const value of objects) decodeObject(value)
})
const decodedForDescription = perSecond(objects.length, () => {
  for (const value of objects) decodeObject(value, { fieldSetsAsText: true })
})
const described = perSecond(events.length, () => describeAll(events))
const describedText = perSecond(text.length, () => describeAll(text))
const describedJson = perSecond(json.length, () => describeAll(json))

const met = [
  report('decode', decoded, '/s', { bound: 20_000, sense: 'at least' }, detail),
  report('decode for a description', decodedForDescription, '/s', { bound: 20_000, sense: 'at least' }, detail),
  report('describe Kubernetes changes', described, '/s', { bound: 5_000, sense: 'at least' }, detail),
  report('describe plain text', describedText, '/s', { bound: 100_000, sense: 'at least' }, '1 KiB values'),
  report('describe plain JSON', describedJson, '/s', { bound: 15_000, sense: 'at least' }, '1 KiB values'),
]
if (met.includes(false)) process.exitCode = 1
