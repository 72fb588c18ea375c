import { spawn } from 'node:child_process'
import { ScopeError } from '../../core/errors'
import { findProgram, isExecutable } from '../../core/findProgram'

/**
 * The etcd to run: ETCD_BIN, else the one in PATH, else Debian's package where this process may install it. Rejects
 * with UNSUPPORTED and one sentence that says how to get it and how to do without the demo.
 */
export async function findEtcd(
  env: Readonly<Record<string, string | undefined>>,
  log: (line: string) => void,
): Promise<string> {
  const chosen = env.ETCD_BIN?.trim() ?? ''
  if (chosen !== '') {
    if (isExecutable(chosen)) return chosen
    throw new ScopeError('BAD_SETTING', `ETCD_BIN names ${chosen}, which is not a program that can be run.`, {
      subject: 'ETCD_BIN',
    })
  }
  const present = findProgram('etcd', env.PATH)
  if (present !== null) return present
  if (process.getuid?.() === 0 && findProgram('apt-get', env.PATH) !== null) {
    log('No etcd is on this machine; Debian’s package etcd-server is installed for the demo.')
    const installed =
      (await succeeds('apt-get', ['update', '-qq'])) &&
      (await succeeds('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'etcd-server']))
    const found = installed ? findProgram('etcd', env.PATH) : null
    if (found !== null) return found
  }
  throw new ScopeError(
    'UNSUPPORTED',
    'The demo needs etcd, which is not on this machine: install it (Debian: apt install etcd-server; macOS: brew install etcd), or set ETCD_BIN to it, or set ETCDCTL_ENDPOINTS to watch a cluster that exists.',
  )
}

function succeeds(command: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}
