import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Full path of the program that a shell with this PATH would run; null when there is none. */
export function findProgram(name: string, path: string | undefined): string | null {
  const folders = (path ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // not there or not ours to run: both mean that it cannot be used
  }
}
