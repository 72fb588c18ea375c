import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSettings } from '../config/loadSettings'
import { systemClock } from '../core/clock'
import { ScopeError } from '../core/errors'
import { helpText, readCommandLine } from './commandLine'
import { importMetricsFile, importSnapshotFile } from './importCommand'
import { logLine } from './logLine'
import { type Service, serve } from './serve'
import { onStopSignals } from './stopSignals'
import { verifyRecord } from './verifyCommand'

/** This file is bundled to `dist/etcdscope.js`: the project is one folder up. */
const projectDir = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The command line. Scripts import the bundle and call this; it ends the process with the right exit code. */
export async function run(args: readonly string[]): Promise<void> {
  process.stdout.on('error', () => {})
  try {
    const line = readCommandLine(args)
    if (line.command === 'help') return print(helpText.trimEnd())
    if (line.command === 'version') return print(version())
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      NODE_ENV: line.dev ? 'development' : 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      ...(line.role === null ? {} : { ETCDSCOPE_ROLE: line.role }),
    }
    const settings = loadSettings(env, { cwd: process.cwd() })
    if (line.command === 'verify') {
      if (!existsSync(settings.databaseUrl.slice('file:'.length))) {
        throw new ScopeError('BAD_SETTING', 'DATABASE_URL names no database yet: nothing has been recorded there.')
      }
      const { databaseUrl, clusters } = settings
      process.exitCode = (await verifyRecord({ databaseUrl, knownHead: line.head ?? null, clusters }, print)) ? 0 : 1
      return
    }
    if (line.imported !== undefined) {
      const importAs = line.command === 'import-metrics' ? importMetricsFile : importSnapshotFile
      await importAs(line.imported, settings, env, logLine)
      return
    }
    Object.assign(process.env, { NODE_ENV: env.NODE_ENV, NEXT_TELEMETRY_DISABLED: '1' })
    await runService(env, settings, line.dev)
  } catch (error) {
    fail(error)
  }
}

async function runService(
  env: NodeJS.ProcessEnv,
  settings: ReturnType<typeof loadSettings>,
  dev: boolean,
): Promise<void> {
  let service: Service | null = null
  let stopAsked: number | null = null
  const stop = (exitCode: number) => {
    if (stopAsked !== null) return
    stopAsked = exitCode
    // While parts still start, the start itself ends them as soon as it is through.
    if (service !== null) void service.stop().then(() => process.exit(exitCode))
  }
  onStopSignals({
    onStop: () => {
      logLine('etcdscope stops.')
      stop(0)
    },
    onForce: () => process.exit(130),
  })
  logLine(`etcdscope ${version()}`)
  service = await serve({
    settings,
    env,
    projectDir,
    version: version(),
    dev,
    clock: systemClock,
    log: logLine,
    onFatal: (error) => {
      process.stderr.write(`etcdscope: ${error.message}\n`)
      stop(1)
    },
  })
  if (stopAsked !== null) {
    await service.stop()
    process.exit(stopAsked)
  }
}

/** A mistake of the person's is one sentence; ours is a crash with its stack. */
function fail(error: unknown): never {
  if (error instanceof ScopeError) process.stderr.write(`etcdscope: ${error.message}\n`)
  else console.error(error)
  process.exit(1)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function version(): string {
  const content: unknown = JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8'))
  return typeof content === 'object' && content !== null && 'version' in content ? String(content.version) : 'unknown'
}

// `node dist/etcdscope.js serve` runs it as well; the scripts import it and call `run` themselves.
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  void run(process.argv.slice(2))
}
