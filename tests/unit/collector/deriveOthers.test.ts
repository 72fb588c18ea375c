import { afterEach, beforeEach, expect, it } from 'vitest'
import { deriveOthers } from '../../../lib/collector/deriveOthers'
import { systemClock } from '../../../lib/core/clock'
import { readRecordedHistory } from '../../support/recordedHistory'
import { openWorkloadRecord, recordedChanges, type WorkloadRecord } from '../../support/workloadRecord'

/** A record that an older version left without derived workloads, and whose cluster nobody watches any more. */
let record: WorkloadRecord
beforeEach(async () => {
  record = await openWorkloadRecord()
  await record.append(recordedChanges(readRecordedHistory().slice(0, 1_500)))
})
afterEach(() => record.close())

const derive = (watched: readonly string[], owner = 'collector') =>
  deriveOthers({
    clusters: watched.map((name) => ({ name })),
    writer: record.writer,
    owner,
    clock: systemClock,
    log: (line) => {
      throw new Error(line)
    },
    signal: new AbortController().signal,
  })
const isDerived = async () => (await record.writer.underived()).length === 0

it('is derived to its end when nobody else has it, and the lease is given back', async () => {
  await record.writer.release(record.cluster, record.ownership)
  await derive(['other'])
  expect(await isDerived()).toBe(true)
  expect(await record.writer.acquire(record.cluster, 'next', 10_000, systemClock.nowMs())).not.toBeNull()
})

it('is left to whoever holds its lease', async () => {
  await derive(['other'])
  expect(await isDerived()).toBe(false)
})

it('is left to its own collection where it is watched', async () => {
  await record.writer.release(record.cluster, record.ownership)
  await derive(['prod'])
  expect(await isDerived()).toBe(false)
})
