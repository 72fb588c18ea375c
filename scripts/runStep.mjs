import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Runs one command of a script. Only node: builtins here: it runs before anything is installed. */

const running = new Set()
let forwarding = false

/** Signals that end the script end the command first, so that no half-finished build goes on alone. */
function forwardSignals() {
  if (forwarding) return
  forwarding = true
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, onSignal)
  }
}

function onSignal(signal) {
  for (const child of running) child.kill(signal)
  process.exit(128 + constants.signals[signal])
}

/** The scripts' own signal handlers end here; what runs next brings its own. */
export function stopForwardingSignals() {
  forwarding = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, onSignal)
}

export const quietEnv = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: '1',
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  DO_NOT_TRACK: '1',
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] quiet: output only when it fails
 * @returns {Promise<{ code: number, output: string, ms: number }>}
 */
export function runStep(command, args, options = {}) {
  forwardSignals()
  const { quiet = false, env = quietEnv, cwd } = options
  const startedMs = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    })
    running.add(child)
    const chunks = []
    child.stdout?.on('data', (chunk) => chunks.push(chunk))
    child.stderr?.on('data', (chunk) => chunks.push(chunk))
    const done = (code, message = '') => {
      running.delete(child)
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') + message, ms: performance.now() - startedMs })
    }
    child.once('error', (error) => done(127, `${command}: ${error.message}\n`))
    child.once('close', (code) => done(code ?? 1))
  })
}

/** Runs a step that must succeed: says what it is, how long it took, and on failure what it printed. */
export async function mustStep(label, command, args, options = {}) {
  say(`${label} …`)
  const result = await runStep(command, args, { quiet: true, ...options })
  if (result.code !== 0) {
    process.stderr.write(result.output)
    throw new ScriptError(`${label} failed (exit code ${result.code}).`)
  }
  say(`${label}: ${seconds(result.ms)}`)
}

/** A failure that one sentence explains; no stack is shown for it. */
export class ScriptError extends Error {}

export function say(line) {
  process.stderr.write(`${line}\n`)
}

export function seconds(ms) {
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

/** The frame of every script: one sentence for what a person can mend, a stack for what is our fault. */
export async function main(body) {
  try {
    await body()
  } catch (error) {
    if (error instanceof ScriptError) say(`etcdscope: ${error.message}`)
    else console.error(error)
    process.exit(1)
  }
}
