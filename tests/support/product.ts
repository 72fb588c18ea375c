import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { until } from './until'

/** The built product as its users run it: one process that owns the others, on a free port, data in its own folder. */

const projectDir = path.resolve(import.meta.dirname, '../..')

export interface Product {
  readonly address: string
  readonly databaseUrl: string
  readonly output: readonly string[]
  serverPid(): number | undefined
  collectorPid(): Promise<number | undefined>
  /** Starts it again on the same port and data after `stop`. */
  start(): Promise<void>
  /** SIGINT, as Ctrl C; answers the exit code. */
  stop(): Promise<number | null>
  dispose(): Promise<void>
}

export async function startProduct(env: Readonly<Record<string, string>>): Promise<Product> {
  const folder = await mkdtemp(path.join(tmpdir(), 'etcdscope-product-'))
  const databaseUrl = `file:${path.join(folder, 'etcdscope.db')}`
  const output: string[] = []
  let child: ChildProcess | null = null
  let port = '0'

  const start = async () => {
    const started = spawn(process.execPath, [path.join(projectDir, 'dist/etcdscope.js'), 'serve'], {
      cwd: projectDir,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        NODE_ENV: 'production',
        DATABASE_URL: databaseUrl,
        PORT: port,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    let address: string | null = null
    for (const stream of [started.stdout, started.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line)
        address ??= /address\s+(http:\S+)/.exec(line)?.[1] ?? null
      })
    }
    const found = await until(
      'the product to print its address',
      () => {
        if (started.exitCode !== null) throw new Error(`the product ended: ${output.slice(-5).join('\n')}`)
        return address as string | null
      },
      60_000,
    )
    port = new URL(found).port
    await until('readyz', async () => (await fetch(`${found}/readyz`).catch(() => null))?.ok ?? false, 30_000)
  }
  const stop = async () => {
    const was = child
    child = null
    if (was === null || was.exitCode !== null || was.signalCode !== null) return was?.exitCode ?? null
    const gone = new Promise<number | null>((resolve) => was.once('exit', resolve))
    was.kill('SIGINT')
    return gone
  }
  const product: Product = {
    get address() {
      return `http://127.0.0.1:${port}`
    },
    databaseUrl,
    output,
    serverPid: () => child?.pid,
    collectorPid: async () => (child?.pid === undefined ? undefined : childRunning(child.pid, 'collector.js')),
    start,
    stop,
    async dispose() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await start()
  } catch (error) {
    await product.dispose()
    throw error
  }
  return product
}

/** The child process of `pid` whose command line names the script. */
async function childRunning(pid: number, script: string): Promise<number | undefined> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  for (const child of children.trim().split(' ').filter(Boolean)) {
    const commandLine = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')
    if (commandLine.includes(script)) return Number(child)
  }
  return undefined
}
