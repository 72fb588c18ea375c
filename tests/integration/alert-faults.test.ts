import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { Etcd3 } from 'etcd3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { causesOf } from '../../lib/query/leaderCauses/causesOf'
import type { ClusterRow, LeaderChangeInput, RecordReader } from '../../lib/store'
import { type RunningAlerts, startAlerts, testRule } from '../support/alertEngine'
import { type CollectorHarness, createCollectorHarness, testClusterName } from '../support/collectorHarness'
import type { EtcdMember } from '../support/etcdMember'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { until } from '../support/until'

/**
 * Faults injected into a real cluster of three: each fires the alerts that it should, none that it should not, and
 * ranks its own cause first. One cluster lives through all of them, in the order of the file.
 */

const state = (name: string, windowMs?: number) => ({ measure: { kind: 'state', state: name, windowMs } })
/** As the built-in rules, with holds and windows that a test can wait for. */
const rules = [
  testRule('MemberDown', {
    measure: { kind: 'metric', metric: 'up', agg: 'last' },
    comparison: '==',
    thresholds: [{ severity: 'warning', value: 0 }],
  }),
  testRule('NoLeader', {
    measure: { kind: 'metric', metric: 'etcd_server_has_leader', agg: 'last' },
    comparison: '==',
    thresholds: [{ severity: 'critical', value: 0 }],
  }),
  testRule('QuorumAtRisk', {
    ...state('failures-tolerated'),
    comparison: '<',
    thresholds: [{ severity: 'warning', value: 1 }],
  }),
  testRule('Churn', state('unplanned-leader-changes', 60_000)),
  testRule('Alarm', state('alarm')),
  testRule('SlowFsync', {
    measure: { kind: 'metric', metric: 'etcd_disk_wal_fsync_duration_seconds', agg: 'p99', windowMs: 10_000 },
    thresholds: [{ severity: 'warning', value: 0.3 }],
  }),
]
const quotaBytes = 24 * 1024 * 1024

let cluster: EtcdCluster
let client: Etcd3
let harness: CollectorHarness
let reader: RecordReader
let alerts: RunningAlerts

beforeAll(async () => {
  cluster = await startEtcd({
    version: '3.4',
    members: 3,
    peerLinks: true,
    args: ['--quota-backend-bytes', String(quotaBytes)],
  })
  client = new Etcd3({ hosts: [...cluster.endpoints] })
  harness = await createCollectorHarness(cluster)
  await harness.start({ metricsIntervalMs: 500, hashIntervalMs: 5_000 })
  reader = await harness.reader()
  alerts = await startAlerts(harness.databaseUrl, rules)
  await settled()
}, 60_000)

afterAll(async () => {
  client?.close()
  await alerts?.stop()
  await harness?.dispose()
  await cluster?.stop()
})

async function row(): Promise<ClusterRow> {
  return await until('the cluster in the record', () => reader.cluster(testClusterName))
}

async function leaderName(): Promise<string> {
  return await until('a leader', async () => {
    const states = await reader.memberStates(await row(), Date.now() - 2_000, Date.now())
    const leading = states.filter((one) => one.state === 'leader').sort((one, other) => other.toMs - one.toMs)
    return leading[0]?.name
  })
}

function memberOf(name: string): EtcdMember {
  const found = cluster.members.find((member) => member.name === name)
  if (found === undefined) throw new Error(`No member ${name}`)
  return found
}

/** All three answer, one leads, and the rules that fire while that is not so have resolved. */
async function settled(): Promise<void> {
  await until(
    'a healthy cluster without alerts about members',
    async () => {
      const document = (await row()).snapshot?.document as
        | { leader: unknown; healthy: boolean; members: { healthy: boolean }[] }
        | undefined
      const firing = await reader.alerts({ phases: ['firing'] }, { limit: 100, after: null })
      const aboutMembers = firing.filter(({ rule }) => ['MemberDown', 'NoLeader', 'QuorumAtRisk'].includes(rule))
      const well = document?.healthy === true && document.leader !== null
      return well && document.members.length === 3 && document.members.every((m) => m.healthy) && !aboutMembers.length
    },
    30_000,
  )
}

async function changeAfter(fromMs: number): Promise<LeaderChangeInput> {
  return await until('the change of leader', async () => {
    const found = await reader.leaderChanges(await row(), fromMs, Date.now())
    return found[0]
  })
}

/** The cause that stands first once the scrapes behind the change have come in. */
async function firstCause(change: LeaderChangeInput, expected: string): Promise<void> {
  let causes = await causesOf(reader, await row(), change, Date.now())
  await until(`${expected} to be ranked first, not ${causes[0]?.kind}`, async () => {
    causes = await causesOf(reader, await row(), change, Date.now())
    return causes[0]?.kind === expected
  }).catch(() => undefined)
  expect(causes.map(({ kind }) => kind)[0], JSON.stringify(causes)).toBe(expected)
}

/** Whether a leader's process ended is known some seconds after it lost the lead: only then does the change count. */
async function churnNames(change: LeaderChangeInput): Promise<void> {
  const isNamed = async () => {
    const firing = await reader.alerts({ phases: ['firing'], rule: 'Churn' }, { limit: 1, after: null })
    return firing[0]?.leaderChangeTerm === change.term
  }
  await until(`churn that names term ${change.term}`, isNamed, 35_000)
}

/** Rules with a step of that kind since the moment, each once. */
async function stepped(kind: string, fromMs: number): Promise<string[]> {
  const all = (await alerts.steps()).filter((one) => one.kind === kind && one.atMs >= fromMs)
  return [...new Set(all.map(({ alert }) => alert.rule))].sort()
}

describe('a fault of a real cluster', () => {
  it('a rolling restart that moves leadership first: members go down one by one, nothing churns', async () => {
    const fromMs = Date.now()
    for (const member of cluster.members) {
      if ((await leaderName()) === member.name) {
        const status = (await row()).snapshot?.document as { members: { id: string; name: string }[] }
        const target = status.members.find(({ name }) => name !== member.name)
        await cluster.etcdctl('move-leader', target?.id ?? '', `--endpoints=${member.endpoint}`)
        await until('the move in the record', async () => {
          const moves = await reader.leaderChanges(await row(), fromMs, Date.now())
          return moves.at(-1)?.fromName === member.name
        })
      }
      await member.stop()
      await until('its silence in the record', async () => (await upOf(member.name)) === 0)
      await member.start()
      await settled()
    }
    const changes = await reader.leaderChanges(await row(), fromMs, Date.now())
    expect(changes.length).toBeGreaterThanOrEqual(1)
    expect(await stepped('firing', fromMs)).not.toContain('Churn')
    expect(await stepped('pending', fromMs)).not.toContain('etcdUnexplainedLeaderChurn')
  }, 60_000)

  it('SIGKILL of the leader: member down, quorum at risk, and its restart stands first', async () => {
    const fromMs = Date.now()
    const name = await leaderName()
    await memberOf(name).kill('SIGKILL')
    await alerts.step('MemberDown', 'firing', fromMs, 20_000, (alert) => alert.labels.member === name)
    await alerts.step('QuorumAtRisk', 'firing', fromMs)
    const change = await changeAfter(fromMs)
    expect(change).toMatchObject({ fromName: name, planned: false })
    await memberOf(name).start()
    await alerts.step('MemberDown', 'resolved', fromMs)
    await firstCause(change, 'member-restart')
    await settled()
    expect(await stepped('firing', fromMs)).not.toContain('Churn')
  }, 60_000)

  it('SIGSTOP of the leader: member down, then churn with its term, and the freeze stands first', async () => {
    const fromMs = Date.now()
    const name = await leaderName()
    await memberOf(name).kill('SIGSTOP')
    const change = await changeAfter(fromMs).finally(() => memberOf(name).kill('SIGCONT'))
    await churnNames(change)
    await alerts.step('MemberDown', 'firing', fromMs, 20_000, (alert) => alert.labels.member === name)
    await firstCause(change, 'freeze')
    await settled()
  }, 60_000)

  it('the leader cut off from its peers: it has no leader, churn, and the partition stands first', async () => {
    const fromMs = Date.now()
    const name = await leaderName()
    const id = (await changeSeen(name)) ?? ''
    cluster.links?.isolate({ index: cluster.members.findIndex((member) => member.name === name), id })
    try {
      // The others are without one too, until they have elected; it stays so.
      await alerts.step('NoLeader', 'firing', fromMs, 20_000, (alert) => alert.labels.member === name)
      const change = await changeAfter(fromMs)
      await churnNames(change)
      await firstCause(change, 'partition')
    } finally {
      cluster.links?.isolate(null)
    }
    await settled()
    expect(await stepped('firing', fromMs)).not.toContain('MemberDown')
  }, 60_000)

  const traced = canTrace()
  it.skipIf(traced !== null)(
    `a slow disk: fsync of one member takes longer, and says so${traced === null ? '' : ` (${traced})`}`,
    async () => {
      const fromMs = Date.now()
      const [member] = cluster.members
      const inject = ['-e', 'trace=fdatasync', '-e', 'inject=fdatasync:delay_enter=500000']
      const strace = spawn('strace', ['-f', '-q', '-p', String(member?.pid), ...inject], { stdio: 'ignore' })
      const load = new AbortController()
      const writing = writeUntil(load.signal)
      try {
        await alerts.step('SlowFsync', 'firing', fromMs, 20_000, (alert) => alert.labels.member === member?.name)
      } finally {
        load.abort()
        strace.kill('SIGINT')
        if (strace.exitCode === null) await once(strace, 'exit')
        await writing
      }
      await settled()
    },
    60_000,
  )

  it('a filled quota: NOSPACE on the members that raise it', async () => {
    const fromMs = Date.now()
    const value = 'x'.repeat(1024 * 1024)
    for (let i = 0; i < 40; i++) {
      const full = await client
        .put(`fill/${i}`)
        .value(value)
        .exec()
        .then(
          () => false,
          (error: unknown) => /database space exceeded/.test(String(error)),
        )
      if (full) break
    }
    const alarm = await alerts.step('Alarm', 'firing', fromMs)
    expect(alarm.alert.labels.type).toBe('NOSPACE')
    await alerts.step('etcdDatabaseQuotaLowSpace', 'pending', fromMs)
  }, 60_000)
})

async function changeSeen(name: string): Promise<string | undefined> {
  const document = (await row()).snapshot?.document as { members: { id: string; name: string }[] } | undefined
  return document?.members.find((member) => member.name === name)?.id
}

async function writeUntil(signal: AbortSignal): Promise<void> {
  for (let i = 0; !signal.aborted; i++) await client.put(`slow/${i}`).value('x').exec()
}

async function upOf(name: string): Promise<number | undefined> {
  const series = await reader.samples(await row(), { metrics: ['up'], afterMs: Date.now() - 5_000, toMs: Date.now() })
  return series.find(({ labels }) => labels.member === name)?.samples.at(-1)?.value
}

/** Why fsync cannot be slowed here; null when it can: strace delays the system call in the running process. */
function canTrace(): string | null {
  const answer = spawnSync('strace', ['-e', 'trace=none', 'true'])
  if (answer.error !== undefined) return 'strace is not installed'
  return answer.status === 0 ? null : 'this machine does not let processes be traced'
}
