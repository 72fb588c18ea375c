import { describe, expect, it } from 'vitest'
import { MemberRecorder } from '../../../lib/collector/members/memberRecorder'
import type { LeaderChangeInput, MemberStateInput } from '../../../lib/store'
import { createFakeWriter } from '../../support/fakeWriter'

const states: MemberStateInput[] = [{ memberId: 'a', name: 'm1', state: 'leader', term: 2n }]
const change = (term: bigint): LeaderChangeInput => ({
  atMs: 0,
  term,
  fromMemberId: 'a',
  fromName: 'm1',
  toMemberId: 'b',
  toName: 'm2',
  leaderlessMs: 1,
  planned: false,
  elections: 1,
  revision: null,
})

function recorder() {
  const writer = createFakeWriter()
  const logs: string[] = []
  const made = new MemberRecorder({ id: 1, name: 'c' }, writer, 5_000, (message) => logs.push(message))
  return { writer, logs, recorder: made }
}

describe('the recorder of looks and leader changes', () => {
  it('stores both, in order', async () => {
    const { writer, recorder: made } = recorder()
    for (const atMs of [1, 2, 3]) made.take(states, atMs === 2 ? [change(3n)] : [], atMs)
    await made.settle()
    expect(writer.looks.map((l) => l.atMs)).toEqual([1, 2, 3])
    expect(writer.changes.map((c) => c.term)).toEqual([3n])
  })

  it('keeps leader changes over an outage of the store, and says it once', async () => {
    const { writer, logs, recorder: made } = recorder()
    writer.refuse = new Error('disk full')
    for (const term of [3n, 4n]) {
      made.take(states, [change(term)], Number(term))
      await made.settle()
    }
    writer.refuse = null
    await made.settle()
    expect(writer.changes.map((c) => c.term)).toEqual([3n, 4n])
    expect(writer.looks.map((l) => l.atMs)).toEqual([3, 4])
    expect(logs).toEqual(['member states are not stored: disk full'])
  })

  it('drops the oldest looks of a long outage and never grows beyond its bound', async () => {
    const { writer, recorder: made } = recorder()
    writer.refuse = new Error('disk full')
    for (let atMs = 0; atMs < 500; atMs++) {
      made.take(states, [], atMs)
      await made.settle()
    }
    writer.refuse = null
    await made.settle()
    expect(writer.looks.length).toBeLessThanOrEqual(120)
    expect(writer.looks.at(-1)?.atMs).toBe(499)
  })
})
