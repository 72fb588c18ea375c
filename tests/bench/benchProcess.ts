import { spawn } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'esbuild'

/** The load generator as a process of its own, bundled once, so that its start costs nothing in the measured time. */

const bundle = path.resolve(import.meta.dirname, `../../dist/bench-put-load-${process.pid}.mjs`)

export async function prepareLoad(): Promise<void> {
  await mkdir(path.dirname(bundle), { recursive: true })
  await build({
    entryPoints: [path.resolve(import.meta.dirname, 'putLoad.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  })
}

export async function discardLoad(): Promise<void> {
  await rm(bundle, { force: true })
}

export interface LoadResult {
  readonly puts: number
  readonly seconds: number
  /** Paced mode: revision and time of each acknowledgement, epoch ms: two processes agree only on the wall clock. */
  readonly acknowledged?: [revision: number, atMs: number][]
}

export function runLoad(endpoint: string, ...args: (string | number)[]): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundle, endpoint, ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve(JSON.parse(text) as LoadResult)
      else reject(new Error(`the load generator ended with ${code}`))
    })
  })
}
