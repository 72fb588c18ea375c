import { describe, expect, it } from 'vitest'
import type { Described } from '../../../lib/kubernetes'
import { createDescriber } from '../../../lib/kubernetes'
import { readRecordedHistory, readRecordedTimeline } from '../../support/recordedHistory'

/** The recorded driver says what it did and as whom: the description of the same revision must say so too. */

const events = readRecordedHistory()
const described = new Map<string, Described>()
const previous = new Map<string, Described>()
const describer = createDescriber({ prefixes: ['/registry'], fingerprintKey: Buffer.alloc(32, 1) })
for (const { op, key, value, version, leaseId, modRevision } of events) {
  const id = key.toString()
  const before = previous.get(id)
  const result = describer.describe({
    op,
    key,
    value,
    created: version === 1n,
    leaseId,
    previous: before?.value ?? null,
    previousFingerprint: before?.fingerprint ?? null,
  })
  described.set(String(modRevision), result)
  if (op === 'put') previous.set(id, result)
  else previous.delete(id)
}

const done = readRecordedTimeline().flatMap((entry) => {
  const change = described.get(entry.resourceVersionAfter ?? '')
  return change === undefined ? [] : [{ entry, change }]
})

describe('against the timeline of the recording', () => {
  it('the manager is named for at least 97 % of all writes, and a wrong one only where two writes raced', () => {
    const writes = done.filter(
      ({ entry, change }) => change.op === 'update' && !['delete', 'evict'].includes(entry.action),
    )
    const right = writes.filter(({ entry, change }) => change.manager === entry.fieldManager)
    const wrong = writes.filter(({ entry, change }) => change.manager !== null && change.manager !== entry.fieldManager)
    console.log(
      `manager: ${right.length} of ${writes.length} right, ${wrong.length} wrong, the others not told by managedFields`,
    )
    expect(right.length / writes.length).toBeGreaterThanOrEqual(0.97)
    // 8966: helm's patch of a PodDisruptionBudget is listed with the revision of the status write that followed it.
    expect(wrong.map(({ entry }) => entry.resourceVersionAfter)).toEqual(['8966'])
  })

  it('the creator is named', () => {
    const wrong = done.filter(
      ({ entry, change }) => change.op === 'create' && change.manager !== null && change.manager !== entry.fieldManager,
    )
    expect(
      wrong.map(({ entry, change }) => `${entry.resourceVersionAfter} ${entry.fieldManager} ${change.manager}`),
    ).toEqual([])
  })

  it('every scale shows in the summary as replicas before and after', () => {
    const scales = done.filter(({ entry }) => entry.action === 'scale')
    expect(scales.length).toBeGreaterThan(20)
    for (const { change } of scales) {
      expect(change).toMatchObject({
        significance: 'spec',
        summary: expect.stringMatching(/^replicas (\d+|unset) → \d+/),
      })
    }
  })

  it('every new image shows in the summary', () => {
    const images = done.filter(({ entry }) => entry.action === 'set image')
    expect(images.length).toBeGreaterThan(0)
    for (const { change } of images) {
      expect(change).toMatchObject({ significance: 'spec', summary: expect.stringMatching(/image \S+: \S+ → \S+/) })
    }
  })

  it('edits of configuration are never hidden as status or noise', () => {
    const hidden = done.filter(
      ({ entry, change }) =>
        ['ConfigMap', 'Secret', 'Deployment', 'StatefulSet', 'DaemonSet', 'Service', 'Ingress'].includes(entry.kind) &&
        !['spec', 'metadata'].includes(change.significance),
    )
    expect(hidden.map(({ entry }) => entry)).toEqual([])
  })

  it('what controllers do is no configuration: at most one change in ten of the history is spec', () => {
    const spec = [...described.values()].filter((change) => change.significance === 'spec')
    expect(spec.length / described.size).toBeLessThan(0.1)
  })

  it('every summary is one line of at most 300 characters', () => {
    const bad = [...described.values()].filter(
      ({ summary }) => summary === null || summary.length > 300 || /[\r\n]/.test(summary),
    )
    expect(bad).toEqual([])
  })

  it('the time inside an object is never after the time of the next change that the driver made', () => {
    let bound = Number.POSITIVE_INFINITY
    const entries = done.map(({ entry }) => [Number(entry.resourceVersionAfter), Date.parse(entry.t)] as const)
    const late: string[] = []
    for (const event of [...events].reverse()) {
      const revision = Number(event.modRevision)
      for (const [at, t] of entries) if (at === revision) bound = Math.min(bound, t)
      const notBeforeMs = described.get(String(revision))?.notBeforeMs ?? 0
      if (notBeforeMs > bound + 1_000) late.push(`${event.key} ${revision}`)
    }
    expect(late).toEqual([])
  })
})
