import { type AlertRuleInput, alertRuleInput } from '../contract'
import type { AlertRuleRow } from '../store/alerts'

/**
 * Which rules there are: the built-in ones, as edited here or as the settings file replaces them, those of the
 * settings file, and those of people. One name, one rule: the settings file goes before people, people's edits before
 * the originals.
 */

export interface EffectiveRule {
  readonly id: string
  readonly source: 'builtin' | 'database' | 'settings'
  /** A built-in rule that was edited here. */
  readonly modified: boolean
  readonly rule: AlertRuleInput
  readonly updatedMs: number | null
  /** Why it is not used, in one sentence; null: it is. */
  readonly unused: string | null
}

export const builtinId = (name: string) => `builtin-${name}`
export const settingsId = (name: string) => `settings-${name}`

/** By name. What an earlier or later version stored and this one cannot read is left out, with its original in force. */
export function effectiveRules(builtins: readonly AlertRuleInput[], rows: readonly AlertRuleRow[]): EffectiveRule[] {
  const read = rows.flatMap((row) => {
    const parsed = alertRuleInput.safeParse(row.document)
    return parsed.success ? [{ row, rule: parsed.data }] : []
  })
  const inSettings = new Set(read.filter(({ row }) => row.source === 'settings').map(({ rule }) => rule.name))
  const edits = new Map(read.flatMap(({ row, rule }) => (row.source === 'builtin' ? [[row.id, { row, rule }]] : [])))
  const found: EffectiveRule[] = builtins
    .filter((rule) => !inSettings.has(rule.name))
    .map((original) => {
      const id = builtinId(original.name)
      const edit = edits.get(id)
      return {
        id,
        source: 'builtin',
        modified: edit !== undefined,
        // The name is how both worlds know it.
        rule: edit === undefined ? original : { ...edit.rule, name: original.name },
        updatedMs: edit?.row.updatedMs ?? null,
        unused: null,
      }
    })
  const builtinNames = new Set(builtins.map((rule) => rule.name))
  for (const { row, rule } of read) {
    if (row.source === 'builtin') continue
    found.push({
      id: row.id,
      source: row.source,
      modified: false,
      rule,
      updatedMs: row.updatedMs,
      unused: row.source === 'database' ? shadowOf(rule.name, inSettings, builtinNames) : null,
    })
  }
  return found.sort((a, b) => (a.rule.name < b.rule.name ? -1 : a.rule.name > b.rule.name ? 1 : 0))
}

function shadowOf(name: string, inSettings: ReadonlySet<string>, builtin: ReadonlySet<string>): string | null {
  if (inSettings.has(name)) return 'The settings file has a rule of this name, which is used instead: rename this one.'
  if (builtin.has(name)) return 'A built-in rule has this name, which is used instead: rename this one.'
  return null
}
