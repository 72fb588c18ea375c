import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { Etcd3 } from 'etcd3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readClusterFile } from '../../lib/demo/etcd/clusterFile'
import { clusterFilePath } from '../../lib/demo/etcd/localCluster'
import { commandLineOf } from '../../lib/demo/etcd/processes'
import { type Demo, runningDemo, startDemo } from '../../lib/demo/startDemo'
import { until } from '../support/until'

const seed = 4711
let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'etcdscope-demo-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Everything of note happens within seconds instead of minutes. */
const quickly = { firstLeaderMoveMs: 2_000, firstMemberStopMs: 5_000, everyMs: 600_000, awayMs: 2_000 }

const lines: string[] = []

function start(folder: string): Promise<Demo> {
  const signal = new AbortController().signal
  return startDemo({ folder, seed, signal, log: (line) => lines.push(line), env: process.env, schedule: quickly })
}

/** Runs `use` with a client of the demo's members. */
async function withClient<T>(endpoints: readonly string[], use: (client: Etcd3) => Promise<T>): Promise<T> {
  const client = new Etcd3({ hosts: [...endpoints], defaultCallOptions: () => ({ deadline: Date.now() + 5000 }) })
  try {
    return await use(client)
  } finally {
    client.close()
  }
}

const statusOf = (endpoint: string | undefined) =>
  withClient([endpoint ?? ''], (client) => client.maintenance.status()).catch(() => null)

function membersOf(folder: string): number[] {
  return readClusterFile(clusterFilePath(folder))?.members.flatMap(({ pid }) => (pid === null ? [] : [pid])) ?? []
}

describe(`the demo cluster (seed ${seed})`, () => {
  it('writes at once, moves its leader, stops a member and brings it back, ends without a trace, and resumes', async () => {
    const folder = join(root, 'story')
    const demo = await start(folder)
    const startedMs = performance.now()
    const pids = membersOf(folder)
    expect(pids).toHaveLength(3)
    const first = await statusOf(demo.endpoints[0])
    const clusterId = first?.header.cluster_id

    await until(
      '300 revisions',
      async () => Number((await statusOf(demo.endpoints[0]))?.header.revision ?? 0) > 300,
      30_000,
    )
    process.stderr.write(`demo: 300 revisions after ${Math.round(performance.now() - startedMs)} ms\n`)
    await withClient(demo.endpoints, async (client) => {
      for (const prefix of ['/registry/deployments/shop/', '/registry/pods/', '/registry/events/', '/app/config/']) {
        expect(Object.keys(await client.getAll().prefix(prefix).keys()).length).toBeGreaterThan(0)
      }
    })

    const term = Number(first?.raftTerm)
    await until('a planned leader move', () => lines.some((line) => line.includes('leadership moves')), 60_000)
    await until('a later term', async () => Number((await statusOf(demo.endpoints[0]))?.raftTerm ?? 0) > term, 30_000)
    await until('a member to stop', () => lines.some((line) => line.includes('is stopped for 2 s')), 60_000)
    const isBack = () =>
      membersOf(folder).length === 3 && membersOf(folder).filter((pid) => !pids.includes(pid)).length === 1
    await until('the member to come back', isBack, 30_000)
    const allAnswer = async () => (await Promise.all(demo.endpoints.map(statusOf))).every((status) => status !== null)
    await until('every member to answer', allAnswer, 30_000)

    const last = membersOf(folder)
    await demo.stop()
    for (const pid of [...pids, ...last]) expect(commandLineOf(pid)).toBeNull()

    const again = await start(folder)
    try {
      expect(again.endpoints).toEqual(demo.endpoints)
      expect((await statusOf(again.endpoints[0]))?.header.cluster_id).toBe(clusterId)
      const resumed = Number((await statusOf(again.endpoints[0]))?.header.revision)
      await until(
        'new revisions',
        async () => Number((await statusOf(again.endpoints[0]))?.header.revision ?? 0) > resumed,
        20_000,
      )
    } finally {
      await again.stop()
    }
  })

  it('killed outright, leaves members that the next start stops; a second one beside it only looks on', async () => {
    const folder = join(root, 'killed')
    await build({
      entryPoints: ['lib/demo/main.ts'],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      // Beside node_modules, so that packages are found.
      outfile: join(process.cwd(), '.cache/test-demo.mjs'),
    })
    const run = () =>
      spawn(process.execPath, ['.cache/test-demo.mjs'], {
        env: { ...process.env, ETCDSCOPE_DEMO_DIR: folder },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
    const firstRun = run()
    await until('three members', () => membersOf(folder).length === 3, 20_000)
    expect(runningDemo(folder)?.pid).toBe(firstRun.pid)

    const beside = run()
    let said = ''
    beside.stdout.on('data', (chunk) => {
      said += chunk
    })
    await until('the second one to look on', () => said.includes(`process ${firstRun.pid} runs it already`), 20_000)
    const orphans = membersOf(folder)
    const besideGone = new Promise((resolve) => beside.once('exit', resolve))
    beside.kill('SIGTERM')
    await besideGone
    expect(orphans.every((pid) => commandLineOf(pid) !== null)).toBe(true)

    const gone = new Promise((resolve) => firstRun.once('exit', resolve))
    firstRun.kill('SIGKILL')
    await gone
    expect(runningDemo(folder)).toBeNull()
    const next = await start(folder)
    for (const pid of orphans) expect(commandLineOf(pid)).toBeNull()
    await next.stop()
    expect(readFileSync(clusterFilePath(folder), 'utf8')).toContain('"owner": null')
  })

  it('without any etcd says in one sentence how to get it and how to do without', async () => {
    const signal = new AbortController().signal
    const env = { PATH: join(root, 'nothing') }
    const starting = startDemo({ folder: join(root, 'none'), seed, signal, log: () => {}, env })
    await expect(starting).rejects.toThrow(/apt install etcd-server.*ETCD_BIN.*ETCDCTL_ENDPOINTS/)
    const wrong = startDemo({ folder: join(root, 'none'), seed, signal, log: () => {}, env: { ETCD_BIN: '/no/etcd' } })
    await expect(wrong).rejects.toThrow('ETCD_BIN names /no/etcd, which is not a program that can be run.')
  })
})
