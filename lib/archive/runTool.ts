import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { ScopeError } from '../core/errors'
import { withoutEtcdVariables } from '../core/withoutEtcdVariables'

const keptOutputBytes = 64 * 1024

/** Runs one of etcd's tools to its end and answers what it printed. Rejects with UNSUPPORTED and its last words. */
export function runTool(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // etcdctl refuses to run when its variables and flags name the same thing; ours speak of other clusters.
      env: { ...withoutEtcdVariables(process.env), ETCDCTL_API: '3' },
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out = (out + chunk.toString()).slice(-keptOutputBytes)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      err = (err + chunk.toString()).slice(-keptOutputBytes)
    })
    child.once('error', (cause) => reject(failed(program, args, cause.message)))
    child.once('close', (code) => {
      if (code === 0) resolve(out)
      else reject(failed(program, args, lastWords(err === '' ? out : err)))
    })
  })
}

/** `Error: …` where the tool says one, else its last line; bbolt meets damage with a crash and pages of its stack. */
function lastWords(text: string): string {
  if (/^(panic: |unexpected fault address|fatal error: |goroutine \d+ )/m.test(text)) return 'it is damaged'
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const error = lines.findLast((line) => line.startsWith('Error: '))
  return (error?.slice('Error: '.length) ?? lines.at(-1) ?? 'it said nothing').slice(0, 300)
}

function failed(program: string, args: readonly string[], why: string): ScopeError {
  const what = args.slice(0, 2).join(' ')
  return new ScopeError(
    'UNSUPPORTED',
    `${basename(program)} ${what} ${args[2] ?? ''} failed: ${why.replace(/\.?$/, '.')}`,
  )
}
