import { badSetting } from './badSetting'

export type Environment = Readonly<Record<string, string | undefined>>

/** The variable without surrounding space; null when it is unset or blank, as shells often leave it. */
export function readText(env: Environment, name: string): string | null {
  const text = env[name]?.trim() ?? ''
  return text === '' ? null : text
}

const yes = ['1', 'true', 'yes', 'on']
const no = ['0', 'false', 'no', 'off']

export function readFlag(env: Environment, name: string): boolean {
  const text = readText(env, name)?.toLowerCase() ?? '0'
  if (yes.includes(text)) return true
  if (no.includes(text)) return false
  throw badSetting(name, `${name} must be 1 or 0.`)
}

export function readChoice<T extends string>(env: Environment, name: string, choices: readonly T[]): T | null {
  const text = readText(env, name)
  if (text === null) return null
  const choice = choices.find((candidate) => candidate === text)
  if (choice === undefined) throw badSetting(name, `${name} must be ${listOf(choices)}, not "${text}".`)
  return choice
}

/** `a, b or c`. */
export function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
