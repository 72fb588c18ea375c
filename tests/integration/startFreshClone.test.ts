import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startEtcd } from '../support/etcdServer'
import { until } from '../support/until'

/**
 * What a newcomer does: clone, `npm start`. Everything is installed and built from nothing, so this takes minutes where
 * better-sqlite3 is compiled; it runs once.
 */

const projectDir = path.resolve(import.meta.dirname, '../..')
/** A bound, not an expectation: five minutes on two idle cores. */
const installAndBuildMs = 20 * 60_000
const folder = mkdtempSync(path.join(tmpdir(), 'etcdscope-clone-'))
const clone = path.join(folder, 'etcdscope')
const started: ChildProcess[] = []

afterAll(() => {
  for (const child of started) {
    // Nothing of the group must go on when the test failed half-way.
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGKILL')
  }
  rmSync(folder, { recursive: true, force: true })
})

interface Running {
  readonly address: string
  readonly output: string
  /** Ctrl-C. npm itself then ends by the signal; the server's own exit code is held elsewhere. */
  interrupt(): Promise<void>
}

/** `npm start` in the clone, with nothing of this process's environment but what a shell has. */
async function npmStart(env: Record<string, string>, withinMs: number): Promise<Running> {
  const shell = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', CI: 'true', PORT: '0' }
  const child = spawn('npm', ['start'], {
    cwd: clone,
    // Next's types want NODE_ENV in every environment; a newcomer's shell has none.
    env: { ...shell, ...env } as unknown as NodeJS.ProcessEnv,
    // A process group of its own, as a terminal gives it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const said = { output: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said.output += chunk.toString('utf8')
    })
  }
  const address = await until(
    'the address to be printed',
    () => {
      if (child.exitCode !== null) throw new Error(`npm start ended:\n${said.output}`)
      return /address\s+(http:\S+)/.exec(said.output)?.[1]
    },
    withinMs,
  )
  await until('readiness', async () => (await fetch(`${address}/readyz`).catch(() => null))?.ok ?? false, 60_000)
  return {
    address,
    get output() {
      return said.output
    },
    interrupt() {
      // Ctrl-C goes to the whole group: npm, its shell, the server and its children.
      process.kill(-(child.pid ?? 0), 'SIGINT')
      return ended
    },
  }
}

interface Cluster {
  name: string
  state: string
  leader: { name: string } | null
  storedRevision: string | null
}

function liveCluster(address: string, name: string): Promise<Cluster> {
  return until(
    `${name} to be live with a leader`,
    async () => {
      const answer = await fetch(`${address}/api/v1/clusters`)
      const { items } = (await answer.json()) as { items: Cluster[] }
      return items.find((item) => item.name === name && item.state === 'live' && item.leader !== null)
    },
    60_000,
  )
}

/** Processes that work in the clone or were started from it. */
function leftBehind(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false
    try {
      return (
        readlinkSync(`/proc/${pid}/cwd`).startsWith(clone) ||
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(clone)
      )
    } catch {
      return false // it ended, or is the kernel's
    }
  })
}

describe('a fresh clone', () => {
  it(
    'shows a live dashboard after npm start, ends without a trace, starts again in seconds, and watches a real cluster',
    async () => {
      execFileSync('git', ['clone', '--quiet', projectDir, clone])
      const first = await npmStart({}, installAndBuildMs)
      await liveCluster(first.address, 'demo')
      const stored = async () => Number((await liveCluster(first.address, 'demo')).storedRevision) > 100
      await until('the demo’s first hundred revisions in the record', stored, 60_000)
      const page = await fetch(first.address)
      expect(page.status).toBe(200)
      expect(await page.text()).toContain('<html')
      expect(first.output).toContain(`data      ${path.join(clone, 'data/etcdscope.db')}`)
      await first.interrupt()
      expect(first.output).toContain('etcdscope stops.')
      await until('every process to end', () => leftBehind().length === 0, 10_000)
      expect(execFileSync('git', ['status', '--porcelain'], { cwd: clone, encoding: 'utf8' })).toBe('')

      const cluster = await startEtcd({ version: '3.4', members: 3 })
      try {
        const startedMs = performance.now()
        const second = await npmStart({ ETCDCTL_ENDPOINTS: cluster.endpoints.join(',') }, 60_000)
        process.stderr.write(`second npm start: ready after ${Math.round(performance.now() - startedMs)} ms\n`)
        expect(second.output).not.toMatch(/Installing|Generating|Bundling|Building/)
        expect(second.output).toContain('watching  default: http://127.0.0.1:')
        await liveCluster(second.address, 'default')
        await second.interrupt()
        expect(second.output).toContain('etcdscope stops.')
        await until('every process to end', () => leftBehind().length === 0, 10_000)
      } finally {
        await cluster.stop()
      }
    },
    installAndBuildMs + 5 * 60_000,
  )
})
