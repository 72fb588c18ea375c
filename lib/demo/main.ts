import { systemClock } from '../core/clock'
import { ScopeError, sentenceOf } from '../core/errors'
import { runningDemo, startDemo } from './startDemo'

/**
 * The demo's process, bundled to `dist/demo.js`. Its folder comes in ETCDSCOPE_DEMO_DIR, a wished seed in
 * ETCDSCOPE_DEMO_SEED; it answers its endpoints over IPC. It ends with its parent, and its members with it.
 */
const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('SIGTERM', () => abort.abort())
process.on('disconnect', () => abort.abort())
process.stdout.on('error', () => {})

const log = (line: string) => void process.stdout.write(`${line}\n`)
const report = (message: object) => {
  if (process.connected) process.send?.(message, () => {})
}

async function main(): Promise<void> {
  const folder = process.env.ETCDSCOPE_DEMO_DIR
  if (folder === undefined) throw new ScopeError('BAD_SETTING', 'ETCDSCOPE_DEMO_DIR does not say where the demo lives.')
  await waitForOther(folder)
  if (abort.signal.aborted) return
  const wished = Number(process.env.ETCDSCOPE_DEMO_SEED ?? '')
  const seed = Number.isInteger(wished) && wished > 0 ? wished : Math.floor(Math.random() * 1_000_000) + 1
  const demo = await startDemo({ folder, seed, signal: abort.signal, log, env: process.env })
  log(`  demo      a real etcd cluster of three members with a made-up shop on it (seed ${seed})`)
  report({ type: 'ready', endpoints: demo.endpoints })
  await new Promise<void>((resolve) => {
    if (abort.signal.aborted) resolve()
    else abort.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await demo.stop()
}

/** A second start by mistake uses the first one's cluster, and takes it over when the first one ends. */
async function waitForOther(folder: string): Promise<void> {
  let told = false
  for (let other = runningDemo(folder); other !== null && !abort.signal.aborted; other = runningDemo(folder)) {
    if (!told) {
      log(`  demo      process ${other.pid} runs it already; this one looks on`)
      report({ type: 'ready', endpoints: other.endpoints })
      told = true
    }
    await systemClock.sleep(1000, abort.signal)
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (!abort.signal.aborted) report({ type: 'failed', message: sentenceOf(error), permanent: isPermanent(error) })
    if (!(error instanceof ScopeError)) console.error(error)
    setImmediate(() => process.exit(1))
  },
)

function isPermanent(error: unknown): boolean {
  return error instanceof ScopeError && (error.code === 'UNSUPPORTED' || error.code === 'BAD_SETTING')
}
