import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Who holds a cluster's lease: machine, process, and a random part, since process ids come again. The machine is
 * named by its boot as well, so that a container that was restarted under the same name is not taken for itself.
 */
const machine = `${hostname()}/${bootId()}`

export function ownerName(): string {
  return `${machine}:${process.pid}:${randomUUID().slice(0, 8)}`
}

/** True only when the owner ran on this machine and its process has ended. Elsewhere, or in doubt: false. */
export function isOwnerGone(owner: string, isRunning: (pid: number) => boolean = processRuns): boolean {
  const match = /^(.*):(\d+):[0-9a-f]+$/.exec(owner)
  if (match === null || match[1] !== machine) return false
  return !isRunning(Number(match[2]))
}

function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Process ids mean the same only within one boot and one pid namespace; without both, nobody is called dead. */
function bootId(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8)
    const namespace = readFileSync('/proc/self/stat', 'utf8').split(' ')[0]
    return namespace === String(process.pid) ? boot : randomUUID().slice(0, 8)
  } catch {
    return randomUUID().slice(0, 8)
  }
}
