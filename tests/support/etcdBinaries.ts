import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

/**
 * Real etcd servers for tests, of two minor versions: 3.4 is the one in PATH, 3.5 is taken once from a newer Debian
 * suite on the mirror that apt already uses, unpacked (never installed) under `.cache/`.
 */

const run = promisify(execFile)
const cacheDir = path.resolve(import.meta.dirname, '../../.cache')
const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
const newerSuites = ['sid', 'trixie']

export type EtcdVersion = '3.4' | '3.5'

export interface EtcdBinaries {
  readonly etcd: string
  readonly etcdctl: string
  /** Full version, e.g. `3.5.30`. */
  readonly version: string
}

const found = new Map<EtcdVersion, Promise<EtcdBinaries>>()

/** Paths of etcd and etcdctl of that minor version; rejects with one sentence when it cannot be had here. */
export function etcdBinary(version: EtcdVersion): Promise<EtcdBinaries> {
  const known = found.get(version)
  if (known) return known
  const wanted = version === '3.4' ? fromPath() : fromCacheOrMirror()
  found.set(version, wanted)
  return wanted
}

async function fromPath(): Promise<EtcdBinaries> {
  const version = await versionOf('etcd')
  if (!version?.startsWith('3.4.')) {
    throw new Error(
      `etcd 3.4 is needed in PATH for these tests, but ${version ? `it is ${version}` : 'there is none'}.`,
    )
  }
  return { etcd: 'etcd', etcdctl: 'etcdctl', version }
}

async function fromCacheOrMirror(): Promise<EtcdBinaries> {
  const inPath = await versionOf('etcd')
  if (inPath?.startsWith('3.5.')) return { etcd: 'etcd', etcdctl: 'etcdctl', version: inPath }
  const cached = await cachedBinaries()
  if (cached) return cached
  try {
    await unpackFromMirror()
  } catch (error) {
    throw new Error('etcd 3.5 could not be fetched from a newer Debian suite of the configured apt mirror.', {
      cause: error,
    })
  }
  const fetched = await cachedBinaries()
  if (!fetched) throw new Error('The newer Debian suites on the configured apt mirror hold no etcd 3.5.')
  return fetched
}

async function cachedBinaries(): Promise<EtcdBinaries | null> {
  if (!existsSync(cacheDir)) return null
  const folder = (await readdir(cacheDir))
    .filter((name) => /^etcd-3\.5\.\d+$/.test(name))
    .sort()
    .at(-1)
  if (!folder) return null
  const bin = path.join(cacheDir, folder, 'usr/bin')
  return { etcd: path.join(bin, 'etcd'), etcdctl: path.join(bin, 'etcdctl'), version: folder.slice('etcd-'.length) }
}

async function versionOf(binary: string): Promise<string | null> {
  const answer = await run(binary, ['--version']).catch(() => null)
  return answer?.stdout.match(/etcd Version: (\S+)/)?.[1] ?? null
}

/** Uses an apt state of its own below `.cache/`, so the machine's package lists stay as they are. */
async function unpackFromMirror(): Promise<void> {
  await mkdir(cacheDir, { recursive: true })
  const work = await mkdtemp(path.join(cacheDir, 'apt-'))
  try {
    const sources = path.join(work, 'sources.list')
    for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
      await mkdir(path.join(work, folder), { recursive: true })
    }
    await writeFile(path.join(work, 'status'), '')
    await writeFile(sources, await sourcesOnSameMirror())
    const options = [
      `Dir::State=${work}/state`,
      `Dir::State::status=${work}/status`,
      `Dir::Cache=${work}/cache`,
      `Dir::Etc::sourcelist=${sources}`,
      'Dir::Etc::sourceparts=-',
      'Acquire::Languages=none',
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option])
    await run('apt-get', ['-q', ...options, 'update'], { cwd: work })
    const version = await newestOf35(options)
    await run('apt-get', ['-q', ...options, 'download', `etcd-server=${version}`, `etcd-client=${version}`], {
      cwd: work,
    })
    const root = path.join(work, 'root')
    for (const file of (await readdir(work)).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg', ['-x', path.join(work, file), root])
    }
    const real = await versionOf(path.join(root, 'usr/bin/etcd'))
    if (!real) throw new Error('the unpacked etcd does not run here')
    // Another test process may have been first: its folder is as good as ours.
    await rename(root, path.join(cacheDir, `etcd-${real}`)).catch(() => undefined)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function sourcesOnSameMirror(): Promise<string> {
  const format = '$(ORIGIN)|$(CODENAME)|$(REPO_URI)'
  const { stdout } = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'])
  const [, , uri] =
    stdout
      .split('\n')
      .map((line) => line.split('|'))
      .find(([origin, codename]) => origin === 'Debian' && codename !== undefined && !codename.includes('-')) ?? []
  if (!uri) throw new Error('apt has no Debian mirror configured')
  const options = existsSync(debianKeyring) ? `[signed-by=${debianKeyring}] ` : ''
  return newerSuites.map((suite) => `deb ${options}${uri} ${suite} main\n`).join('')
}

async function newestOf35(options: readonly string[]): Promise<string> {
  const { stdout } = await run('apt-cache', [...options, 'madison', 'etcd-server'])
  const versions = [...stdout.matchAll(/etcd-server \| +(\S+)/g)].flatMap((match) => match[1] ?? [])
  const newest = versions
    .filter((version) => version.startsWith('3.5.'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1)
  if (!newest) throw new Error('no etcd 3.5 in the newer suites')
  return newest
}
