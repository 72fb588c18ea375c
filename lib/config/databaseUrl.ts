import { dirname, isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { badSetting } from './badSetting'

export const defaultDatabaseUrl = 'file:./data/etcdscope.db'

/** `file:…` resolved against `cwd`, and the folder that it lies in. The sentence never repeats the URL: it may hold a password. */
export function resolveDatabaseUrl(
  subject: string,
  written: string,
  cwd: string,
): { databaseUrl: string; dataDir: string } {
  if (/^postgres(ql)?:/i.test(written)) {
    throw badSetting(subject, `${subject} names PostgreSQL, which is not supported yet; use file:./data/etcdscope.db.`)
  }
  if (!written.startsWith('file:')) {
    throw badSetting(subject, `${subject} must start with file: and name a database file.`)
  }
  const path = pathOf(subject, written)
  if (path === '' || path.endsWith('/') || path.includes('\0')) {
    throw badSetting(subject, `${subject} must name a database file after file:, such as file:./data/etcdscope.db.`)
  }
  const absolute = isAbsolute(path) ? path : resolve(cwd, path)
  return { databaseUrl: `file:${absolute}`, dataDir: dirname(absolute) }
}

function pathOf(subject: string, written: string): string {
  if (written.includes('?')) throw badSetting(subject, `${subject} takes no parameters after "?".`)
  if (!written.startsWith('file://')) return written.slice('file:'.length)
  if (!URL.canParse(written) || new URL(written).host !== '') {
    throw badSetting(subject, `${subject} must name a file of this machine, such as file:./data/etcdscope.db.`)
  }
  return fileURLToPath(written)
}
