import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { type Watching, watchMembers } from '../support/memberWatching'
import { until } from '../support/until'

/** Leader changes on a real three-member cluster, as the record gets them. */

let cluster: EtcdCluster
let watching: Watching

afterEach(async () => {
  await watching?.watch.stop()
  await cluster?.stop()
})

const leaderName = () => watching.view().leader?.name ?? ''
const processOf = (name: string) => {
  const found = cluster.members.find((m) => m.name === name)
  if (found === undefined) throw new Error(`No process ${name}`)
  return found
}
const lanesOf = (name: string) =>
  watching.writer.looks.map((look) => look.states.find((s) => s.name === name)?.state ?? 'none')

describe.each(['3.4', '3.5'] as const)('leader changes on a real cluster of etcd %s', (version) => {
  beforeEach(async () => {
    cluster = await startEtcd({ version, members: 3 })
    watching = watchMembers(cluster)
    await watching.settled()
  }, 60_000)

  it('a killed leader is one unplanned change with its leaderless time, and its lane says down', async () => {
    const old = leaderName()
    const termBefore = watching.view().raftTerm
    await processOf(old).kill('SIGKILL')
    await until('the change', () => watching.writer.changes.length > 0, 15_000)
    await until('reads to go through again', () => watching.view().healthy === true && watching.view().leader !== null)

    expect(watching.writer.changes).toHaveLength(1)
    const change = watching.writer.changes[0]
    expect(change).toMatchObject({ fromName: old, toName: leaderName(), planned: false })
    expect(change?.leaderlessMs).toBeGreaterThan(500)
    expect(change?.leaderlessMs).toBeLessThan(5_000)
    expect(BigInt(change?.elections ?? 0)).toBe((change?.term ?? 0n) - BigInt(termBefore ?? '0'))
    expect(lanesOf(old).at(-1)).toBe('down')
    expect(watching.member(old)).toMatchObject({ healthy: false, isLeader: false })
    expect(watching.member(old).error).toMatch(/\w+/)
    expect(watching.view().healthy).toBe(true)
  }, 60_000)

  it('a leader move that was asked for is one planned change', async () => {
    const old = leaderName()
    const target = watching.view().members.find((m) => m.name !== old)
    await cluster.etcdctl('move-leader', target?.id ?? '', `--endpoints=${processOf(old).endpoint}`)
    await until('the change', () => watching.writer.changes.length > 0)
    expect(watching.writer.changes).toMatchObject([
      { fromName: old, toName: target?.name, toMemberId: target?.id, planned: true, elections: 1 },
    ])
    expect(watching.view().leader?.sinceMs).not.toBeNull()
    expect(lanesOf(old)).not.toContain('down')
  }, 60_000)

  it('a leader that is killed and back before the next look is unplanned all the same', async () => {
    const old = leaderName()
    await until('a scrape', () => watching.writer.samples.length > 1)
    await processOf(old).kill('SIGKILL')
    await processOf(old).start()
    await until('the change', () => watching.writer.changes.length > 0, 15_000)
    expect(watching.writer.changes).toMatchObject([{ fromName: old, planned: false }])
  }, 60_000)

  it('a leader that is stopped gracefully hands over, and the change is unplanned because it went away', async () => {
    const old = leaderName()
    await processOf(old).stop()
    await until('the change', () => watching.writer.changes.length > 0)
    expect(watching.writer.changes).toMatchObject([{ fromName: old, planned: false }])
  }, 60_000)

  it('a leader that hangs is voted out: unplanned', async () => {
    const old = leaderName()
    await processOf(old).kill('SIGSTOP')
    try {
      await until('the change', () => watching.writer.changes.length > 0, 15_000)
    } finally {
      await processOf(old).kill('SIGCONT')
    }
    expect(watching.writer.changes).toMatchObject([{ fromName: old, planned: false }])
    await watching.settled()
    expect(watching.writer.changes).toHaveLength(1)
  }, 60_000)

  it('a change that happened while nobody looked is recorded once at the next start', async () => {
    const now = watching.view()
    await watching.watch.stop()
    watching.writer.newest = {
      term: BigInt(now.raftTerm ?? 0n),
      memberId: now.leader?.memberId ?? '',
      lastSeenMs: Date.now(),
    }
    const old = now.leader?.name ?? ''
    await processOf(old).kill('SIGKILL')
    await processOf(old).start()
    watching = watchMembers(cluster, {}, watching.writer)
    await until('the change', () => watching.writer.changes.length > 0, 15_000)
    await watching.settled()
    expect(watching.writer.changes).toMatchObject([{ fromName: old, planned: false }])
    expect(watching.writer.changes[0]?.leaderlessMs).toBeLessThan(30_000)
  }, 60_000)
})
