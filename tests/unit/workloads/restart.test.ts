import { expect, it } from 'vitest'
import { systemClock } from '../../../lib/core/clock'
import type { RecordWriter } from '../../../lib/store'
import { createDeriver } from '../../../lib/workloads/deriver'
import { seededRandom } from '../../support/seededRandom'
import { openWorkloadRecord, recordedChanges } from '../../support/workloadRecord'
import { derivedRows } from './derivedRows'

/** However often the derivation is stopped, or its writes fail, the rows are those of one that never was. */

it('a derivation that is stopped and that fails at random places leaves the same rows', {
  timeout: 90_000,
}, async () => {
  const changes = recordedChanges()
  const [whole, broken] = [await openWorkloadRecord(), await openWorkloadRecord()]
  try {
    await whole.append(changes)
    await whole.derive()

    const random = seededRandom(20_261_005)
    let starts = 0
    let failures = 0
    // Stored in pieces too, so that a derivation also ends where the record ended at that time.
    for (let at = 0; at < changes.length; ) {
      let end = Math.min(changes.length, at + 1 + Math.floor(random() * 4_000))
      while (end < changes.length && changes[end]?.revision === changes[end - 1]?.revision) end++
      await broken.append(changes.slice(at, end))
      at = end
      for (let done = false; !done; starts++) {
        const stop = new AbortController()
        let turns = 1 + Math.floor(random() * 12)
        const writer: RecordWriter = {
          ...broken.writer,
          objectChanges: async (...input) => {
            if (--turns < 0) stop.abort()
            const limit = 1 + Math.floor(random() * 150)
            return broken.writer.objectChanges(input[0], input[1], input[2], input[3], limit)
          },
          writeDerived: async (batch) => {
            if (random() < 0.3) {
              failures++
              throw new Error('the disk is full')
            }
            await broken.writer.writeDerived(batch)
          },
        }
        const { cluster, ownership } = broken
        const deriver = createDeriver({
          cluster,
          writer,
          ownership: () => ownership,
          clock: systemClock,
          signal: stop.signal,
          log: () => undefined,
        })
        await deriver.catchUp().catch(() => undefined)
        const [epoch] = await broken.writer.derivation(
          cluster,
          { resources: new Set(), custom: false, withHeartbeats: new Set() },
          null,
        )
        done = epoch?.derivedThrough === epoch?.storedRevision
      }
    }
    expect(starts).toBeGreaterThan(10)
    expect(failures).toBeGreaterThan(1)
    const [stopped, wanted] = [derivedRows(broken.databaseUrl), derivedRows(whole.databaseUrl)]
    expect(stopped.filter((row) => !wanted.includes(row))).toEqual([])
    expect(stopped).toEqual(wanted)
  } finally {
    await whole.close()
    await broken.close()
  }
})
