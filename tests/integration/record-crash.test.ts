import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openReader } from '../../lib/store'
import { testClusterName } from '../support/collectorHarness'
import { etcdBinary } from '../support/etcdBinaries'
import { headRevision, witnessEvents } from '../support/etcdOracle'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { recordedCluster, recordedEvents } from '../support/recordReading'
import { writeSeededLoad } from '../support/seededLoad'
import { seededRandom } from '../support/seededRandom'
import { until } from '../support/until'

/** A collector killed with SIGKILL at random moments, again and again, loses nothing and stores nothing twice. */

const seed = 1_122
const kills = 20

describe('a collector that is killed', () => {
  let etcd: EtcdCluster
  let folder: string
  let bundle: string
  let child: ChildProcess | null = null

  beforeAll(async () => {
    etcd = await startEtcd({ version: '3.5', members: 1 })
    folder = await mkdtemp(path.join(tmpdir(), 'etcdscope-crash-'))
    // Beside the sources, so that the bundle finds the installed packages and the migrations.
    bundle = path.resolve(import.meta.dirname, `../../dist/test-collector-${process.pid}.mjs`)
    await build({
      entryPoints: [path.resolve(import.meta.dirname, '../support/collectorProcess.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
    })
  })

  afterAll(async () => {
    child?.kill('SIGKILL')
    await etcd?.stop()
    await rm(folder, { recursive: true, force: true })
    await rm(bundle, { force: true })
  })

  it(`${kills} times at random moments has the whole record in the end (seed ${seed})`, async () => {
    const random = seededRandom(seed)
    const databaseUrl = `file:${path.join(folder, 'etcdscope.db')}`
    const start = () =>
      spawn(process.execPath, [bundle, databaseUrl, etcd.endpoints.join(',')], { stdio: ['ignore', 'ignore', 'pipe'] })
    let writing = true
    const load = (async () => {
      for (let round = 0; writing; round++) {
        await writeSeededLoad(etcd.endpoints, { seed: seed + round, operations: 200, leases: false })
      }
    })()
    for (let kill = 0; kill < kills; kill++) {
      child = start()
      const gone = new Promise((resolve) => child?.once('exit', resolve))
      const lifeMs = 350 + random() * 900
      await new Promise((resolve) => setTimeout(resolve, lifeMs))
      child.kill('SIGKILL')
      await gone
    }
    writing = false
    await load
    const head = await headRevision(etcd)
    child = start()
    const reader = await openReader({ databaseUrl })
    await until(
      'the record to reach the head',
      async () => ((await reader.cluster(testClusterName))?.epochs.at(-1)?.storedRevision ?? 0n) >= head,
      60_000,
    )
    const { etcdctl } = await etcdBinary('3.5')
    const witness = await witnessEvents(etcd, etcdctl, 1n, head)
    const cluster = await recordedCluster(reader, testClusterName)
    const recorded = (await recordedEvents(reader, cluster, 1)).filter((e) => e.revision <= head)
    expect(recorded).toEqual(witness)
    expect(cluster.gaps).toEqual([])
    expect((await reader.verify(cluster)).firstBad).toBeNull()
    await reader.close()
  }, 180_000)
})
