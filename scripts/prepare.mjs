import { existsSync, readdirSync } from 'node:fs'
import { inputsHash, isFresh, writeStamp } from './inputsHash.mjs'
import { checkNode, ensureInstalled } from './install.mjs'
import { at, bin, projectDir } from './project.mjs'
import { mustStep, quietEnv, say, seconds } from './runStep.mjs'

/** Everything that must be there before the program runs, each only when its inputs changed. */

/** The programs that `dist/` holds, by their entry files. */
const entries = {
  etcdscope: 'lib/runtime/main.ts',
  collector: 'lib/runtime/collectorMain.ts',
  alerts: 'lib/runtime/alertsMain.ts',
  demo: 'lib/demo/main.ts',
}

const generated = 'lib/store/generated'
const pageInputs = ['lib', 'app', 'prisma', 'package.json', 'package-lock.json', 'tsconfig.json']

/** @param {{ pages: boolean }} what pages: also Next's production build */
export async function prepare({ pages }) {
  checkNode()
  await ensureInstalled()
  await ensureClient()
  await ensureBundles()
  if (pages) await ensurePages()
}

/** Prisma's typed client. Its command insists on a schema engine that generating does not use; any file will do. */
export async function ensureClient() {
  const schemas = readdirSync(at('prisma')).filter((engine) => existsSync(at('prisma', engine, 'schema.prisma')))
  const hash = inputsHash(['prisma', 'package-lock.json'])
  const stamp = `${generated}/.inputs`
  if (schemas.length === 0 || isFresh(stamp, hash)) return
  for (const engine of schemas) {
    await mustStep(
      `Generating the ${engine} client`,
      process.execPath,
      [bin('prisma/build/index.js'), 'generate', '--schema', at('prisma', engine, 'schema.prisma')],
      { cwd: projectDir, env: { ...quietEnv, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath } },
    )
  }
  writeStamp(stamp, hash)
}

/** The server, the collector, the alert engine and the demo as one file each; packages stay in node_modules. */
export async function ensureBundles() {
  const hash = inputsHash(['lib', 'prisma', 'package-lock.json', 'scripts/prepare.mjs'])
  const stamp = 'dist/.inputs'
  if (isFresh(stamp, hash)) return
  const startedMs = performance.now()
  const { build, stop } = await import('esbuild')
  const entryPoints = Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(at(file))))
  await build({
    absWorkingDir: projectDir,
    entryPoints,
    outdir: at('dist'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  })
  // Its helper process would otherwise live as long as the server that this script becomes.
  await stop()
  writeStamp(stamp, hash)
  say(`Bundling the server: ${seconds(performance.now() - startedMs)}`)
}

/** Next's production build of the pages. */
export async function ensurePages() {
  const hash = inputsHash([...pageInputs, 'public', 'next.config.js', 'postcss.config.mjs'], {
    except: ['lib/demo', 'lib/runtime', 'lib/collector', 'lib/etcd'],
  })
  const stamp = '.next/etcdscope-inputs'
  if (existsSync(at('.next/BUILD_ID')) && isFresh(stamp, hash)) return
  await mustStep('Building the pages', process.execPath, [bin('next/dist/bin/next'), 'build'], {
    cwd: projectDir,
    env: { ...quietEnv, NODE_ENV: 'production' },
  })
  writeStamp(stamp, hash)
}
