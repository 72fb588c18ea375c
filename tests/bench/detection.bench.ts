import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Etcd3 } from 'etcd3'
import { openReader, type RecordReader } from '../../lib/store'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { seededRandom } from '../support/seededRandom'
import { until } from '../support/until'
import { discardLoad, prepareLoad, runLoad } from './benchProcess'
import { quantile, report } from './measure'
import { type PrometheusServer, startPrometheus } from './prometheusServer'

/**
 * Fault injected → alert firing, beside Debian's Prometheus with the same scrape and evaluation intervals and an equal
 * rule; and a change of the configuration: put acknowledged → the webhook's receiver has it.
 */

const intervalSeconds = 5
const faults = 8
const puts = 100
const loadPerSecond = 500
const loadSeconds = 20
const pollMs = 20
const seed = 23

const random = seededRandom(seed)
const folder = await mkdtemp(path.join(tmpdir(), 'etcdscope-detection-'))
const databaseUrl = `file:${path.join(folder, 'etcdscope.db')}`
/** By key: when the receiver had it. */
const received = new Map<string, number>()
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const nowMs = Date.now()
    for (const [key] of Buffer.concat(chunks)
      .toString('utf8')
      .matchAll(/\/config\/\d+/g)) {
      if (!received.has(key)) received.set(key, nowMs)
    }
    response.end()
  })
})
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
const webhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`

await prepareLoad()
const cluster = await startEtcd({ version: '3.4', members: 3 })
const prometheus = await startPrometheus({
  targets: cluster.endpoints.map((endpoint) => new URL(endpoint).host),
  rule: { name: 'MemberDown', expr: 'up == 0' },
  intervalSeconds,
})
const scope = await startScope()
const reader = await openReader({ databaseUrl, waitMs: 60_000 })
const results: boolean[] = []
try {
  await until('the first samples', async () => (await reader.alertEngine()).evaluatedMs !== null, 60_000)
  await until('every member scraped', async () => (await healthy(reader)) === 3, 60_000)
  for (const [signal, back] of [
    ['SIGKILL', 'start'],
    ['SIGSTOP', 'SIGCONT'],
  ] as const) {
    results.push(await detection(cluster, prometheus, signal, back))
  }
  results.push(await notification('alone', 0))
  const load = runLoad(cluster.endpoints[0] ?? '', 'paced', loadSeconds, loadPerSecond, 1024)
  results.push(await notification(`beside ${loadPerSecond} other puts a second`, puts))
  await load
} finally {
  await discardLoad()
  await reader.close()
  await stopScope(scope)
  await prometheus.stop()
  await cluster.stop()
  receiver.close()
  await rm(folder, { recursive: true, force: true })
}
process.exitCode = results.every(Boolean) ? 0 : 1

async function startScope(): Promise<ChildProcess> {
  const rule = (name: string, more: object) => ({ name, thresholds: [{ severity: 'warning', value: 0 }], ...more })
  const config = {
    clusters: [{ name: 'bench', endpoints: cluster.endpoints, intervals: { metrics: `${intervalSeconds}s` } }],
    databaseUrl,
    role: 'collector',
    alerts: {
      interval: `${intervalSeconds}s`,
      allowPrivateTargets: true,
      rules: [
        rule('MemberDown', { comparison: '==', measure: { kind: 'metric', metric: 'up', agg: 'last' } }),
        rule('ConfigChanged', {
          comparison: '>',
          measure: { kind: 'changes', where: { prefix: '/config/' }, by: ['key'] },
          groupBy: ['key'],
        }),
      ],
      channels: [{ name: 'bench', target: { kind: 'webhook', url: webhook } }],
    },
  }
  const file = path.join(folder, 'scope.yaml')
  await writeFile(file, JSON.stringify(config))
  const projectDir = path.resolve(import.meta.dirname, '../..')
  const child = spawn(process.execPath, [path.join(projectDir, 'dist/etcdscope.js'), 'serve'], {
    cwd: projectDir,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ETCDSCOPE_CONFIG: file },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  process.on('exit', () => child.kill('SIGKILL'))
  return child
}

async function stopScope(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await gone
}

async function firing(): Promise<string[]> {
  const open = await reader.alerts({ phases: ['firing'], rule: 'MemberDown' }, { limit: 10, after: null })
  return open.map(({ labels }) => labels.member ?? '')
}

async function healthy(from: RecordReader): Promise<number> {
  const row = await from.cluster('bench')
  const document = row?.snapshot?.document as { members?: { healthy: boolean }[] } | undefined
  return document?.members?.filter((member) => member.healthy).length ?? 0
}

async function detection(
  etcd: EtcdCluster,
  peer: PrometheusServer,
  signal: 'SIGKILL' | 'SIGSTOP',
  back: 'start' | 'SIGCONT',
): Promise<boolean> {
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let i = 0; i < faults; i++) {
    const member = etcd.members[i % etcd.members.length]
    if (member === undefined) continue
    const instance = new URL(member.endpoint).host
    // At any moment of both intervals alike.
    await new Promise((resolve) => setTimeout(resolve, random() * 2_000 * intervalSeconds))
    const faultMs = Date.now()
    await member.kill(signal)
    const seen = async (list: number[], look: () => Promise<string[]>, name: string) => {
      await pollUntil(async () => (await look()).includes(name))
      list.push(Date.now() - faultMs)
    }
    await Promise.all([seen(ours, firing, member.name), seen(theirs, () => peer.firing('MemberDown'), instance)])
    if (back === 'start') await member.start()
    else await member.kill(back)
    await pollUntil(async () => (await firing()).length === 0 && (await peer.firing('MemberDown')).length === 0)
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const detail =
    `ours mean ${mean(ours).toFixed(0)} ms, p50 ${quantile(ours, 0.5)} ms, worst ${Math.max(...ours)} ms; ` +
    `Prometheus ${peer.version} mean ${mean(theirs).toFixed(0)} ms, p50 ${quantile(theirs, 0.5)} ms; ` +
    `${faults} faults, scrape and evaluation ${intervalSeconds} s, seed ${seed}`
  const ratio = mean(ours) / mean(theirs)
  return report(`${signal} → firing, over Prometheus`, ratio, '', { bound: 0.5, sense: 'at most' }, detail)
}

async function pollUntil(condition: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 120_000
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error('Waited two minutes in vain for an alert.')
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

/** `first`: the number of the first key, so that no two runs share one. */
async function notification(how: string, first: number): Promise<boolean> {
  const client = new Etcd3({ hosts: [...cluster.endpoints] })
  const put = new Map<string, number>()
  try {
    for (let i = first; i < first + puts; i++) {
      const key = `/config/${i}`
      await client.put(key).value('x').exec()
      put.set(key, Date.now())
      await new Promise((resolve) => setTimeout(resolve, 50 + random() * 150))
    }
    await until('every notification', () => received.size >= first + puts, 60_000)
  } finally {
    client.close()
  }
  const waits = [...put].map(([key, putMs]) => (received.get(key) ?? Number.POSITIVE_INFINITY) - putMs)
  return report(
    `put → notification received, ${how}, p99`,
    quantile(waits, 0.99),
    ' ms',
    { bound: 500, sense: 'at most' },
    `p50 ${quantile(waits, 0.5)} ms, worst ${Math.max(...waits)} ms, ${puts} puts of own keys, one webhook`,
  )
}
