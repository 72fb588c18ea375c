import { type ChannelInput, channelInput } from '../contract'
import { badSetting } from './badSetting'
import { type ReadConfig, refuse } from './configFile'
import type { Environment } from './environment'
import { readNamedFile } from './tlsFiles'

interface Surroundings {
  readonly env: Environment
  /** Folder of the YAML file: paths in it are relative to it. */
  readonly folder: string
}

/** Each of them may be given as itself, or as `…File` or `…Env` that names where it is. */
const secretNames = ['url', 'secret', 'bearerToken', 'routingKey', 'password'] as const

/** `alerts.channels` of the YAML file, every secret read and every field checked. */
export function configChannels(config: ReadConfig, around: Surroundings): ChannelInput[] {
  const names = new Set<string>()
  return (config.content.alerts?.channels ?? []).map((written, index) => {
    const where = (...path: (string | number)[]) => config.where(['alerts', 'channels', index, ...path])
    const { target, ...rest } = written
    const parsed = channelInput.safeParse({ ...rest, target: withSecrets(target, where, around) })
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      if (issue === undefined) throw badSetting(where(), `${where()} is not a channel.`)
      throw refuse({ ...issue, path: ['alerts', 'channels', index, ...issue.path] }, config.where)
    }
    const channel = parsed.data
    const missing = missingSecret(channel)
    if (missing !== null) throw badSetting(where('target', missing), `${where('target', missing)} is missing.`)
    if (names.has(channel.name)) {
      throw badSetting(
        where('name'),
        `${where('name')} repeats the name "${channel.name}"; each channel needs its own.`,
      )
    }
    names.add(channel.name)
    return channel
  })
}

/** The interface lets these out where they are stored already; here nothing is. */
function missingSecret({ target }: ChannelInput): string | null {
  if (target.kind === 'slack' && target.url === undefined) return 'url'
  return target.kind === 'pagerduty' && target.routingKey === undefined ? 'routingKey' : null
}

function withSecrets(target: unknown, where: (...path: string[]) => string, around: Surroundings): unknown {
  if (typeof target !== 'object' || target === null) return target
  const given = new Map<string, unknown>(Object.entries(target))
  for (const name of secretNames) {
    const sources = [name, `${name}File`, `${name}Env`].filter((source) => given.has(source))
    const [source] = sources
    if (source === undefined || (source === name && sources.length === 1)) continue
    const at = where('target', source)
    if (sources.length > 1) throw badSetting(at, `${where('target')} needs only one of ${sources.join(' and ')}.`)
    const value = given.get(source)
    if (typeof value !== 'string' || value === '') throw badSetting(at, `${at} must be text.`)
    given.delete(source)
    given.set(name, source === `${name}File` ? readSecret(at, value, around.folder) : variable(at, value, around.env))
  }
  return Object.fromEntries(given)
}

function readSecret(at: string, path: string, folder: string): string {
  // Editors and `echo` end a file with a newline that is not part of the secret.
  const secret = readNamedFile({ subject: at, path }, folder)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  if (secret === '') throw badSetting(at, `${at} names an empty file.`)
  return secret
}

function variable(at: string, name: string, env: Environment): string {
  const secret = env[name] ?? ''
  if (secret === '') throw badSetting(at, `${at} names the variable ${name}, which is not set.`)
  return secret
}
