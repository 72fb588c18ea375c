import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectDir = join(dirname(fileURLToPath(import.meta.url)), '..')

/** A path inside the project. */
export function at(...parts) {
  return join(projectDir, ...parts)
}

/** The JavaScript file behind a package's command, to be run with this very node. */
export function bin(...parts) {
  return at('node_modules', ...parts)
}
