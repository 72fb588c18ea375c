import { spawn } from 'node:child_process'
import { openReader } from '../../lib/store'
import { etcdBinary } from '../support/etcdBinaries'
import { headRevision } from '../support/etcdOracle'
import { startEtcd } from '../support/etcdServer'
import { startProduct } from '../support/product'
import { until } from '../support/until'
import { discardLoad, prepareLoad, runLoad } from './benchProcess'
import { quantile, report, storedRevision, watchMemory } from './measure'

/**
 * etcd's put rate at saturation with etcdscope attached, over the rate with `etcdctl watch --prefix ''` attached.
 * Taken in turns, several times each, on fresh etcds, so that a slow moment of the machine meets both.
 */

const rounds = 3
const seconds = 8
const clients = 400
const version = '3.5'

await prepareLoad()
const { etcdctl } = await etcdBinary(version)
const rates = { etcdscope: [] as number[], etcdctl: [] as number[] }
const backlogSeconds: number[] = []
const peaks: number[] = []
for (let round = 0; round < rounds; round++) {
  rates.etcdctl.push(await withEtcdctl())
  rates.etcdscope.push(await withEtcdscope())
}
await discardLoad()
const ratio = quantile(rates.etcdscope, 0.5) / quantile(rates.etcdctl, 0.5)
const met = report(
  'live put rate over etcdctl watch',
  ratio,
  '×',
  { bound: 0.95, sense: 'at least' },
  `puts/s etcdscope ${rates.etcdscope.map(Math.round)}, etcdctl ${rates.etcdctl.map(Math.round)}`,
)
const drained = report(
  'time to drain the backlog after the load',
  Math.max(...backlogSeconds),
  ' s',
  { bound: seconds, sense: 'at most' },
  'all of it durable',
)
const small = report(
  'memory during the load',
  Math.max(...peaks),
  ' MiB',
  { bound: 400, sense: 'at most' },
  'the larger of web and collector',
)
process.exitCode = met && drained && small ? 0 : 1

async function withEtcdctl(): Promise<number> {
  const etcd = await startEtcd({ version, members: 1 })
  const endpoint = etcd.endpoints[0] ?? ''
  const watch = spawn(etcdctl, [`--endpoints=${endpoint}`, 'watch', '', '--prefix'], {
    env: { ...process.env, ETCDCTL_API: '3' },
    stdio: 'ignore',
  })
  try {
    const load = await runLoad(endpoint, 'saturate', seconds, clients, 1024)
    return load.puts / load.seconds
  } finally {
    watch.kill('SIGKILL')
    await etcd.stop()
  }
}

async function withEtcdscope(): Promise<number> {
  const etcd = await startEtcd({ version, members: 1 })
  const endpoint = etcd.endpoints[0] ?? ''
  await etcd.etcdctl('put', 'first', 'one')
  const product = await startProduct({ ETCDCTL_ENDPOINTS: endpoint })
  const reader = await openReader({ databaseUrl: product.databaseUrl })
  try {
    await until('the record to be live', async () => (await storedRevision(reader)) >= 2, 30_000)
    // The start of the program is not the recording: every process has begun its work.
    await until('the rules to be evaluated', () => isEvaluating(product.address), 30_000)
    const collectorPid = await product.collectorPid()
    const memory = watchMemory({ web: product.serverPid, collector: () => collectorPid })
    const load = await runLoad(endpoint, 'saturate', seconds, clients, 1024)
    const endMs = performance.now()
    const head = await headRevision(etcd)
    await until('the backlog to be stored', async () => (await storedRevision(reader)) >= Number(head), 120_000)
    backlogSeconds.push((performance.now() - endMs) / 1000)
    peaks.push(...Object.values(memory()))
    return load.puts / load.seconds
  } finally {
    await reader.close()
    await product.dispose()
    await etcd.stop()
  }
}

async function isEvaluating(address: string): Promise<boolean> {
  const answer = await fetch(`${address}/api/v1/alert-rules`)
  const { items } = (await answer.json()) as { items: { evaluatedAt: string | null }[] }
  return items.some(({ evaluatedAt }) => evaluatedAt !== null)
}
