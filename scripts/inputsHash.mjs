import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { at, projectDir } from './project.mjs'

/** One hash over the contents of files and folders: what was built from the same contents need not be built again. */
export function inputsHash(paths, { except = [] } = {}) {
  const hash = createHash('sha256')
  hash.update(`node ${process.versions.modules} ${process.platform} ${process.arch}\n`)
  const skipped = new Set(except.map((path) => at(path)))
  for (const path of paths) addPath(hash, at(path), skipped)
  return hash.digest('hex')
}

function addPath(hash, path, skipped) {
  if (skipped.has(path) || !existsSync(path)) return
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) addPath(hash, join(path, name), skipped)
    return
  }
  hash.update(`${relative(projectDir, path).split(sep).join('/')}\0`)
  hash.update(createHash('sha256').update(readFileSync(path)).digest())
}

/** True when the stamp, written after the last success, names the same inputs. */
export function isFresh(stamp, hash) {
  return existsSync(at(stamp)) && readFileSync(at(stamp), 'utf8') === hash
}

export function writeStamp(stamp, hash) {
  mkdirSync(dirname(at(stamp)), { recursive: true })
  writeFileSync(at(stamp), hash)
}
