import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedEvent } from '../support/recordedHistory'

/**
 * What people keep a history in when they have no tool for it: a git repository, one file a key, one commit a change,
 * packed as `git repack -a -d` does. Values are etcd's own bytes; the same objects as YAML take as much.
 */

/** Bytes of the packed repository: pack, index and bitmap. `folder` must not exist. */
export async function packedGitBytes(folder: string, events: Iterable<RecordedEvent>): Promise<number> {
  await git(['init', '--quiet', '--bare', folder])
  await git(['-C', folder, 'fast-import', '--quiet'], commits(events))
  await git(['-C', folder, 'repack', '-a', '-d', '-f', '--quiet'])
  const packs = join(folder, 'objects', 'pack')
  return readdirSync(packs).reduce((sum, name) => sum + statSync(join(packs, name)).size, 0)
}

function* commits(events: Iterable<RecordedEvent>): Generator<Buffer> {
  let second = 1_790_000_000
  for (const { op, key, value } of events) {
    const path = key.toString().slice(1)
    const message = `${op} ${path}`
    yield Buffer.from(
      `commit refs/heads/main\ncommitter etcdscope <bench@localhost> ${second++} +0000\ndata ${message.length}\n${message}\n`,
    )
    if (op === 'delete') yield Buffer.from(`D ${path}\n\n`)
    else {
      yield Buffer.from(`M 100644 inline ${path}\ndata ${value.length}\n`)
      yield value
      yield Buffer.from('\n\n')
    }
  }
}

async function git(args: readonly string[], input: Iterable<Buffer> = []): Promise<void> {
  const child = spawn('git', args, { stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`git ${args[0]} ended with ${code}`))))
  })
  for (const chunk of input) {
    if (!child.stdin.write(chunk))
      await Promise.race([ended, new Promise((drained) => child.stdin.once('drain', drained))])
  }
  child.stdin.end()
  await ended
}
