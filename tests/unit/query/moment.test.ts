import { describe, expect, it } from 'vitest'
import { coveredMoment, findMoment } from '../../../lib/query/moment'
import type { Scope } from '../../../lib/query/scope'
import { changeRow, clusterRow, emptyRecord, epochRow, fakeReader } from '../../support/fakeReader'

/**
 * Epoch 1: revisions 10..19 recorded, 20..29 lost (the keyspace was read at 29), 30..40 recorded; restored, then
 * epoch 2: revisions 5..8. Revision r of epoch 1 was written at second r, of epoch 2 at second 100 + r.
 */
function scenario() {
  const record = emptyRecord()
  for (let r = 10; r <= 40; r++) if (r < 20 || r >= 30) record.rows.push(changeRow('a', r))
  for (let r = 5; r <= 8; r++) record.rows.push(changeRow('a', r, { epoch: 2, atMs: (100 + r) * 1000 }))
  const row = clusterRow({
    epochs: [
      epochRow({ storedRevision: 40n, firstRevision: 10n, firstMs: 10_000, lastMs: 40_000 }),
      epochRow({
        epoch: 2,
        startedMs: 100_000,
        storedRevision: 8n,
        firstRevision: 5n,
        firstMs: 105_000,
        lastMs: 108_000,
      }),
    ],
    gaps: [
      {
        epoch: 1,
        fromRevision: 20n,
        toRevision: 29n,
        reason: 'compacted while disconnected',
        atMs: 29_500,
        beforeMs: 19_000,
        afterMs: 30_000,
      },
    ],
  })
  record.clusters.push(row)
  const scope: Scope = { reader: fakeReader(record), nowMs: 200_000, version: 'test' }
  return { scope, row }
}

const iso = (seconds: number) => new Date(seconds * 1000).toISOString()

describe('a moment of the record', () => {
  it.each([
    ['now is the newest stored revision of the newest epoch', 'now', undefined, 2, 8n],
    ['digits are a revision of the newest epoch', '6', undefined, 2, 6n],
    ['digits with an epoch', '15', 1, 1, 15n],
    ['the first recorded revision', '10', 1, 1, 10n],
    ['the last before a gap', '19', 1, 1, 19n],
    ["a gap's end, where the keyspace was read", '29', 1, 1, 29n],
    ['the first after a gap', '30', 1, 1, 30n],
    ['a time between two revisions', iso(15.5), undefined, 1, 15n],
    ['a time right after the keyspace was read', iso(29.7), undefined, 1, 29n],
    ['a time in the next epoch', iso(107), undefined, 2, 7n],
  ])('%s', async (_what, at, epoch, expectedEpoch, revision) => {
    const { scope, row } = scenario()
    expect(await coveredMoment(scope, row, at, { epoch })).toMatchObject({ epoch: expectedEpoch, revision })
  })

  it.each([
    ['a revision before the record', '9', 1, { fromRevision: '10', toRevision: '19' }],
    ['a revision early in a gap', '21', 1, { fromRevision: '10', toRevision: '19' }],
    ['a revision late in a gap', '28', 1, { fromRevision: '29', toRevision: '40' }],
    ['a revision above the stored one', '9', 2, { fromRevision: '5', toRevision: '8' }],
    ['a time before the record', iso(3), undefined, { fromRevision: '10', toRevision: '19', from: iso(10) }],
    ['a time right after a gap began', iso(19.2), undefined, { fromRevision: '10', toRevision: '19' }],
    ['a time in a gap', iso(25.5), undefined, { fromRevision: '29', toRevision: '40', from: iso(29.5), to: iso(40) }],
    ['a time of which nothing was watched', iso(190), undefined, { epoch: 2, toRevision: '8' }],
  ])('%s is refused with the nearest range', async (_what, at, epoch, nearest) => {
    const { scope, row } = scenario()
    await expect(coveredMoment(scope, row, at, { epoch })).rejects.toMatchObject({
      code: 'NOT_COVERED',
      subject: 'at',
      detail: { nearest },
    })
  })

  it('names the gap and its reason', async () => {
    const { scope, row } = scenario()
    await expect(coveredMoment(scope, row, '25', { epoch: 1 })).rejects.toThrow(
      '20 to 29: compacted while disconnected',
    )
  })

  it('still gives the revision of an uncovered moment, for whoever knows more of one key', async () => {
    const { scope, row } = scenario()
    expect(await findMoment(scope, row, '25', { epoch: 1 })).toMatchObject({
      revision: 25n,
      uncovered: { code: 'NOT_COVERED' },
    })
  })

  it('covers the silence of a live collector up to its last look', async () => {
    const { scope, row } = scenario()
    const live = { ...row, snapshot: { document: liveSnapshot('8'), atMs: 199_000 } }
    expect(await coveredMoment(scope, live, iso(190))).toMatchObject({ epoch: 2, revision: 8n })
    const behind = { ...row, snapshot: { document: liveSnapshot('9'), atMs: 199_000 } }
    await expect(coveredMoment(scope, behind, iso(190))).rejects.toMatchObject({ code: 'NOT_COVERED' })
    const catchingUp = { ...row, snapshot: { document: { ...liveSnapshot('9'), lagMs: 2_000 }, atMs: 199_000 } }
    expect(await coveredMoment(scope, catchingUp, iso(190))).toMatchObject({ epoch: 2, revision: 8n })
  })

  it('of an empty record is not covered, with nothing near', async () => {
    const { scope } = scenario()
    await expect(coveredMoment(scope, clusterRow(), 'now')).rejects.toMatchObject({
      code: 'NOT_COVERED',
      detail: { nearest: null },
    })
    await expect(coveredMoment(scope, clusterRow(), '1')).rejects.toMatchObject({ detail: { nearest: null } })
  })

  it('of an epoch that there is not is a bad request', async () => {
    const { scope, row } = scenario()
    await expect(coveredMoment(scope, row, '1', { epoch: 7 })).rejects.toMatchObject({ subject: 'epoch' })
  })
})

function liveSnapshot(revision: string) {
  return {
    state: 'live',
    since: iso(0),
    error: null,
    version: '3.5.0',
    clusterId: 'cafe',
    leader: null,
    raftTerm: '2',
    revision,
    compactRevision: null,
    storedRevision: revision,
    lagMs: 0,
    eventsPerSecond: null,
    healthy: true,
    members: [],
    alarms: [],
    endpoint: null,
  }
}
