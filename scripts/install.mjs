import { existsSync, readFileSync } from 'node:fs'
import { isFresh, writeStamp } from './inputsHash.mjs'
import { at, projectDir } from './project.mjs'
import { mustStep, quietEnv, ScriptError, say } from './runStep.mjs'

const stamp = 'node_modules/.etcdscope-install'

/** Refuses a Node that the packages do not run on; the bounds are those of `engines` in package.json. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
  if (!fits) {
    throw new ScriptError(
      `Node ${process.versions.node} does not fit; etcdscope needs 20.19 or newer, 22.12 or newer, or 24.`,
    )
  }
}

/** Installs the packages when they are missing, of other versions than the lock file says, or of another Node. */
export async function ensureInstalled() {
  const abi = `${process.versions.modules} ${process.platform} ${process.arch}`
  const matches = installedAsLocked()
  if (matches && isFresh(stamp, abi)) return
  if (matches && !existsSync(at(stamp)) && existsSync(at('node_modules/better-sqlite3/build/Release'))) {
    // Somebody ran `npm ci` by hand; that is as good.
    return writeStamp(stamp, abi)
  }
  if (!existsSync(at('node_modules'))) {
    say(
      'First start: packages are installed. Where better-sqlite3 has no ready-made binary it is compiled, which takes minutes.',
    )
  }
  // Where npm runs this script it names itself; otherwise the one in PATH.
  const npm = process.env.npm_execpath
  // Not `npm ci`: it refuses a lock file without the entries of other platforms, which registries that do not carry
  // those platforms produce. This installs the same locked versions, checks the same hashes and writes no lock file.
  const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const options = { cwd: projectDir, env: { ...quietEnv, CI: 'true' } }
  if (npm?.endsWith('.js')) await mustStep('Installing packages', process.execPath, [npm, ...args], options)
  else await mustStep('Installing packages', 'npm', args, options)
  writeStamp(stamp, abi)
}

/** npm keeps its own account of what it installed; every package in it must have the version of the lock file. */
function installedAsLocked() {
  const installed = packagesOf('node_modules/.package-lock.json')
  const locked = packagesOf('package-lock.json')
  if (installed === null || locked === null) return false
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '' || entry.link) return true
    const there = installed[path]
    return there === undefined ? entry.optional === true || entry.devOptional === true : there.version === entry.version
  })
}

function packagesOf(path) {
  if (!existsSync(at(path))) return null
  return JSON.parse(readFileSync(at(path), 'utf8')).packages ?? null
}
