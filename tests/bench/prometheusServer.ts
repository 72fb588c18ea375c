import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../support/freePorts'
import { until } from '../support/until'

/** Debian's Prometheus, the peer of the detection bench: in PATH, or unpacked (never installed) under `.cache/`. */

const run = promisify(execFile)
const cacheDir = path.resolve(import.meta.dirname, '../../.cache')
const unpacked = path.join(cacheDir, 'prometheus')

async function prometheusBinary(): Promise<string> {
  const inPath = await run('prometheus', ['--version']).catch(() => null)
  if (inPath !== null) return 'prometheus'
  const binary = path.join(unpacked, 'usr/bin/prometheus')
  if (existsSync(binary)) return binary
  const folder = await mkdtemp(path.join(tmpdir(), 'etcdscope-deb-'))
  try {
    await run('apt-get', ['download', 'prometheus'], { cwd: folder })
    await mkdir(unpacked, { recursive: true })
    await run('sh', ['-c', `dpkg-deb -x prometheus_*.deb "${unpacked}"`], { cwd: folder })
  } catch (error) {
    throw new Error('Prometheus is neither in PATH nor in the apt mirror of this machine.', { cause: error })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return binary
}

export interface PrometheusServer {
  readonly version: string
  /** Values of the label `instance` for which the rule fires now. */
  firing(rule: string): Promise<string[]>
  stop(): Promise<void>
}

export async function startPrometheus(options: {
  targets: readonly string[]
  rule: { name: string; expr: string }
  intervalSeconds: number
}): Promise<PrometheusServer> {
  const binary = await prometheusBinary()
  const folder = await mkdtemp(path.join(tmpdir(), 'etcdscope-prometheus-'))
  const [port] = await freePorts(1)
  const interval = `${options.intervalSeconds}s`
  await writeFile(
    path.join(folder, 'rules.yml'),
    JSON.stringify({
      groups: [{ name: 'bench', rules: [{ alert: options.rule.name, expr: options.rule.expr, for: '0s' }] }],
    }),
  )
  await writeFile(
    path.join(folder, 'prometheus.yml'),
    JSON.stringify({
      global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
      rule_files: ['rules.yml'],
      scrape_configs: [{ job_name: 'etcd', static_configs: [{ targets: options.targets }] }],
    }),
  )
  const child = spawn(
    binary,
    [
      `--config.file=${path.join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  process.on('exit', () => child.kill('SIGKILL'))
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ask = async (what: string): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}${what}`)).json()
  const server: PrometheusServer = {
    version: /version (\S+)/.exec((await run(binary, ['--version'])).stdout)?.[1] ?? 'unknown',
    async firing(rule) {
      const answer = (await ask('/api/v1/alerts')) as {
        data: { alerts: { labels: Record<string, string>; state: string }[] }
      }
      return answer.data.alerts
        .filter(({ labels, state }) => labels.alertname === rule && state === 'firing')
        .map(({ labels }) => labels.instance ?? '')
    },
    async stop() {
      child.kill('SIGTERM')
      await gone
      await rm(folder, { recursive: true, force: true })
    },
  }
  await until('Prometheus to be ready', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => null)
    return answer?.ok === true
  })
  return server
}
