import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { mustStep, quietEnv, ScriptError } from './runStep.mjs'

/** The programs that tests run against: the real ones. */

export async function ensureEtcd() {
  if (process.env.ETCD_BIN || (inPath('etcd') && inPath('etcdctl'))) return
  await installOrRefuse(['etcd-server', 'etcd-client'], 'etcd and etcdctl are not in PATH')
}

export async function ensureChromium() {
  if (process.env.CHROMIUM_BIN || ['chromium', 'chromium-browser', 'google-chrome'].some(inPath)) return
  await installOrRefuse(['chromium'], 'No Chromium is in PATH and CHROMIUM_BIN is not set')
}

async function installOrRefuse(packages, missing) {
  const canInstall = process.getuid?.() === 0 && inPath('apt-get')
  if (!canInstall) throw new ScriptError(`${missing}; install Debian's ${packages.join(' and ')} or their like.`)
  const env = { ...quietEnv, DEBIAN_FRONTEND: 'noninteractive' }
  await mustStep('Updating the package lists', 'apt-get', ['update', '-qq'], { env })
  await mustStep(
    `Installing ${packages.join(', ')}`,
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
    { env },
  )
}

function inPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)))
}
