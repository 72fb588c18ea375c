import { expect, it } from 'vitest'
import { createDescriber, presentValue, printValue } from '../../lib/kubernetes'
import { readRecordedHistory } from '../support/recordedHistory'
import { seededRandom } from '../support/seededRandom'

const inputs = 100_000
const seed = 20_261_122

// Small values of every kind: a mutation in a large one mostly hits text, which proves less.
const recorded = readRecordedHistory().filter((event) => event.op === 'put' && event.value.length < 2_000)

/** Real values with some bytes flipped, cut, repeated or replaced, and pure noise. */
function mutate(value: Buffer, random: () => number): Buffer {
  const at = () => Math.floor(random() * value.length)
  const kind = random()
  if (kind < 0.1)
    return Buffer.from(Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256)))
  if (kind < 0.2) return Buffer.concat([Buffer.from('k8s\0'), value.subarray(at(), at())])
  if (kind < 0.35) return value.subarray(0, at())
  const copy = Buffer.from(value)
  if (kind < 0.45) return Buffer.concat([copy.subarray(0, at()), copy.subarray(at())])
  for (let flips = 1 + Math.floor(random() * 8); flips > 0; flips--) copy[at()] = Math.floor(random() * 256)
  return copy
}

it(`${inputs} mutated values neither throw, hang nor fill the memory (seed ${seed})`, () => {
  const random = seededRandom(seed)
  const describer = createDescriber({ prefixes: [], fingerprintKey: Buffer.alloc(32) })
  const encodings = new Map<string, number>()
  let slowestMs = 0
  let peakBytes = 0
  const startBytes = process.memoryUsage().rss
  for (let i = 0; i < inputs; i++) {
    const event = recorded[Math.floor(random() * recorded.length)]
    if (event === undefined) throw new Error('the recording is empty')
    const value = mutate(event.value, random)
    const start = performance.now()
    const presented = presentValue(event.key, value, 1n)
    // Printing costs most and depends on the decoded value alone: a sample is enough.
    if (i % 100 === 0) printValue(presented)
    const described = describer.describe({
      op: 'put',
      key: event.key,
      value,
      created: i % 5 === 0,
      leaseId: 0n,
      previous: event.value,
      previousFingerprint: null,
    })
    slowestMs = Math.max(slowestMs, performance.now() - start)
    if (i % 1_000 === 0) peakBytes = Math.max(peakBytes, process.memoryUsage().rss - startBytes)
    if ((described.summary?.length ?? 0) > 300) throw new Error(`summary too long: ${described.summary}`)
    encodings.set(presented.encoding, (encodings.get(presented.encoding) ?? 0) + 1)
  }
  // Both sides of the fence were visited, and no single value took long (a generous bound for a busy machine).
  expect(encodings.get('kubernetes')).toBeGreaterThan(10_000)
  expect(encodings.get('binary')).toBeGreaterThan(10_000)
  expect(slowestMs).toBeLessThan(2_000)
  // What is thrown away is taken again: a value that made one allocate for what it claims to hold would show here.
  expect(peakBytes).toBeLessThan(512 * 1024 * 1024)
}, 240_000)

it('deep nesting is refused, not followed', () => {
  // A CustomResourceDefinition whose schema nests `not` 5,000 times.
  let schema = Buffer.alloc(0)
  const field = (id: number, body: Buffer) => {
    const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) | 128, ...varint(Math.floor(n / 128))])
    return Buffer.concat([Buffer.from([...varint(id * 8 + 2), ...varint(body.length)]), body])
  }
  for (let i = 0; i < 5_000; i++) schema = field(28, schema)
  const spec = field(2, field(7, field(4, field(1, schema))))
  const typeMeta = Buffer.concat([
    field(1, Buffer.from('apiextensions.k8s.io/v1')),
    field(2, Buffer.from('CustomResourceDefinition')),
  ])
  const value = Buffer.concat([Buffer.from('k8s\0'), field(1, typeMeta), field(2, spec)])
  expect(presentValue(Buffer.from('/registry/x/y'), value, 1n)).toMatchObject({
    encoding: 'binary',
    note: expect.stringContaining('nested too deeply'),
  })
})
