import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { openReader } from '../../lib/store'
import { etcdBinary } from '../support/etcdBinaries'
import { startEtcd } from '../support/etcdServer'
import { startProduct } from '../support/product'
import { until } from '../support/until'
import { discardLoad, prepareLoad, runLoad } from './benchProcess'
import { report, storedRevision, watchMemory } from './measure'

/** Catch-up of 200,000 events of 1 KiB into the durable store, against `etcdctl watch --rev=1` draining to nowhere. */

const events = 200_000
const goal = { bound: 4, sense: 'at least' } as const

await prepareLoad()
const version = '3.5'
const { etcdctl } = await etcdBinary(version)
const etcd = await startEtcd({ version, members: 1, args: ['--quota-backend-bytes=4294967296'] })
try {
  const endpoint = etcd.endpoints[0] ?? ''
  await runLoad(endpoint, 'count', events, 400, 1024)

  const peerSeconds = await drainWithEtcdctl(endpoint)
  const startedMs = performance.now()
  const product = await startProduct({ ETCDCTL_ENDPOINTS: endpoint })
  const collectorPid = await until('the collector process', () => product.collectorPid())
  const memory = watchMemory({ web: product.serverPid, collector: () => collectorPid })
  const reader = await openReader({ databaseUrl: product.databaseUrl })
  const firstMs = await until(
    'the first stored revision',
    async () => ((await storedRevision(reader)) > 0 ? performance.now() : null),
    60_000,
  )
  await until('the whole record', async () => (await storedRevision(reader)) >= events + 1, 300_000)
  const endMs = performance.now()
  const peak = memory()
  await reader.close()
  await product.dispose()
  const seconds = (endMs - firstMs) / 1000
  const withStart = (endMs - startedMs) / 1000
  const met = report(
    'catch-up over etcdctl watch',
    peerSeconds / seconds,
    '×',
    goal,
    `${events} events: etcdctl ${peerSeconds.toFixed(1)} s, durable ${seconds.toFixed(1)} s (${Math.round(events / seconds)}/s; ${withStart.toFixed(1)} s with the start of the program); peak MiB ${JSON.stringify(peak)}`,
  )
  const small = report(
    'memory during the catch-up',
    Math.max(peak.web ?? 0, peak.collector ?? 0),
    ' MiB',
    { bound: 400, sense: 'at most' },
    'the larger of the two processes',
  )
  process.exitCode = met && small ? 0 : 1
} finally {
  await etcd.stop()
  await discardLoad()
}

/** Seconds from the first byte to the last event; its start is not counted either. */
async function drainWithEtcdctl(endpoint: string): Promise<number> {
  const child = spawn(etcdctl, [`--endpoints=${endpoint}`, 'watch', '', '--prefix', '--rev=1'], {
    env: { ...process.env, ETCDCTL_API: '3' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let firstMs: number | null = null
  let puts = 0
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      firstMs ??= performance.now()
      if (line === 'PUT') puts++
      if (puts === events) return (performance.now() - firstMs) / 1000
    }
    throw new Error(`etcdctl ended after ${puts} events`)
  } finally {
    child.kill('SIGKILL')
  }
}
