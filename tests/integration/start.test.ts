import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWriter } from '../../lib/store'
import { startProduct } from '../support/product'
import { until } from '../support/until'

/** The built program as a person meets it at the terminal. Builds nothing: `npm test` did. */

const projectDir = path.resolve(import.meta.dirname, '../..')
const program = path.join(projectDir, 'dist/etcdscope.js')
/** A port that nothing listens on. */
const unreachable = '127.0.0.1:1'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'etcdscope-start-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const baseEnv = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' }

function run(args: string[], env: Record<string, string>) {
  return spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    env: { ...baseEnv, NODE_ENV: 'production', ETCDCTL_ENDPOINTS: unreachable, PORT: '0', ...env },
    encoding: 'utf8',
    timeout: 60_000,
  })
}

describe('a wrong setting ends the start with one sentence on the terminal', () => {
  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['HOST', [], { HOST: '0.0.0.0' }, /^etcdscope: HOST is 0\.0\.0\.0, which others can reach/],
    [
      'a broken YAML file',
      [],
      { ETCDCTL_ENDPOINTS: '', ETCDSCOPE_CONFIG: 'broken.yaml' },
      /broken\.yaml line 1 column/,
    ],
    [
      'an unwritable data folder',
      [],
      { DATABASE_URL: 'file:./file/etcdscope.db' },
      /The data folder .*\/file cannot be written/,
    ],
    [
      'a file that is no database',
      [],
      { DATABASE_URL: 'file:./noise.db' },
      /noise\.db is damaged or not a SQLite file/,
    ],
    ['PostgreSQL', [], { DATABASE_URL: 'postgresql://me:hush@db/scope' }, /DATABASE_URL names PostgreSQL/],
    ['an unknown command', ['sevre'], {}, /"sevre" is not a command or option/],
    ['verify without a record', ['verify'], { DATABASE_URL: 'file:./none.db' }, /DATABASE_URL names no database yet/],
  ])('%s', (_name, args, env, sentence) => {
    writeFileSync(path.join(folder, 'file'), '')
    writeFileSync(path.join(folder, 'broken.yaml'), '{ clusters: [')
    writeFileSync(path.join(folder, 'noise.db'), 'x'.repeat(5000))
    const { status, stderr } = run(args, env)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toContain('hush')
    expect(status).toBe(1)
  })

  it('a database of a newer version', async () => {
    const databaseUrl = `file:${path.join(folder, 'newer/etcdscope.db')}`
    const writer = await openWriter({ databaseUrl, clock: { nowMs: () => Date.now(), sleep: async () => {} } })
    await writer.close()
    const { default: Database } = await import('better-sqlite3')
    const db = new Database(databaseUrl.slice('file:'.length))
    db.prepare(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
       VALUES ('x', 'x', datetime(), '29990101000000_later', datetime(), 1)`,
    ).run()
    db.close()
    const { status, stderr } = run([], { DATABASE_URL: databaseUrl })
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(/newer version/)
    expect(status).toBe(1)
  })

  it('a PORT that is taken', async () => {
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve))
    const address = squatter.address()
    const port = String(typeof address === 'object' ? address?.port : '')
    // Asynchronously, because the squatter lives in this process.
    const child = spawn(process.execPath, [program], {
      cwd: folder,
      env: { ...baseEnv, NODE_ENV: 'production', ETCDCTL_ENDPOINTS: unreachable, PORT: port },
    })
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    const status = await new Promise((resolve) => child.once('close', resolve))
    squatter.close()
    expect(stderr).toBe(`etcdscope: PORT ${port} on 127.0.0.1 is taken by another program; choose another one.\n`)
    expect(status).toBe(1)
  })
})

describe('the running program', () => {
  it('is useful while its cluster cannot be reached, says so, and refuses foreign Hosts before anything else', async () => {
    const product = await startProduct({ ETCDCTL_ENDPOINTS: unreachable, ETCDSCOPE_CLUSTER: 'away' })
    try {
      const said = product.output.join('\n')
      expect(said).toContain(`watching  away: http://${unreachable}`)
      expect(said).toContain(`data      ${product.databaseUrl.slice('file:'.length)}`)
      const error = await until(
        'the cluster to say what is wrong',
        async () => {
          const answer = await fetch(`${product.address}/api/v1/clusters`)
          const { items } = (await answer.json()) as { items: { name: string; error: string | null }[] }
          return items.find(({ name }) => name === 'away')?.error
        },
        30_000,
      )
      expect(error).toContain(unreachable)
      const page = await fetch(product.address)
      expect(page.status).toBe(200)
      expect(page.headers.get('x-frame-options')).toBe('DENY')
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      for (const target of ['/', '/livez', '/api/v1/clusters', '/_next/static/x.js', '/metrics']) {
        expect(await statusWithHost(product.address, target, 'evil.example')).toBe(421)
      }
      expect(await statusWithHost(product.address, '/livez', 'localhost:9')).toBe(200)
      const unreadable = await fetch(`${product.address}/api/v1/clusters/%ff`)
      expect(unreadable.status).toBe(400)
      expect(await unreadable.json()).toMatchObject({ code: 'BAD_REQUEST', parameter: 'path' })
    } finally {
      await product.dispose()
    }
  })

  it('ends on SIGINT with code 0 within five seconds, streams open or not, and leaves no process behind', async () => {
    const product = await startProduct({ ETCDCTL_ENDPOINTS: unreachable, ETCDSCOPE_CLUSTER: 'away' })
    const pids = descendants(product.serverPid())
    expect(pids.length).toBeGreaterThanOrEqual(2)
    await until('the cluster to be known', async () => (await fetch(`${product.address}/api/v1/clusters/away`)).ok)
    const stream = await fetch(`${product.address}/api/v1/stream?cluster=away`)
    expect(stream.status).toBe(200)
    const startedMs = performance.now()
    expect(await product.stop()).toBe(0)
    expect(performance.now() - startedMs).toBeLessThan(5500)
    expect(pids.filter(isAlive)).toEqual([])
    await stream.body?.cancel().catch(() => {})
    await product.dispose()
  })

  it('a second start on the same data is harmless, and killed outright it takes its children along', async () => {
    const product = await startProduct({ ETCDCTL_ENDPOINTS: unreachable, ETCDSCOPE_CLUSTER: 'away' })
    const second = await startProduct({
      ETCDCTL_ENDPOINTS: unreachable,
      ETCDSCOPE_CLUSTER: 'away',
      DATABASE_URL: product.databaseUrl,
    })
    expect(second.address).not.toBe(product.address)
    expect((await fetch(`${second.address}/readyz`)).status).toBe(200)
    expect(await second.stop()).toBe(0)
    await second.dispose()
    expect((await fetch(`${product.address}/readyz`)).status).toBe(200)

    const pids = descendants(product.serverPid())
    process.kill(product.serverPid() ?? 0, 'SIGKILL')
    await until('every child to end', () => pids.filter(isAlive).length === 0, 20_000)
    await product.dispose()
  })
})

/** `fetch` does not let a Host be chosen. */
function statusWithHost(address: string, target: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${address}${target}`, { headers: { Host: host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    outgoing.once('error', reject)
    outgoing.end()
  })
}

/** The process and everything below it. */
function descendants(pid: number | undefined): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(name))
  }
  const found = [pid ?? 0]
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child)
  return found
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0 // it ended between the listing and the look
  }
}

/** A zombie, dead but not yet collected by its new parent, no longer runs. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat[stat.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false // no such process
  }
}
