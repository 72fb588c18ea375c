import type { AlertRuleInput } from '../../contract'
import { fieldRules } from './fieldRules'
import { recordRules } from './recordRules'

/** The rules that every installation has; those of people and of the settings file come beside or in place of them. */
export const builtInRules: readonly AlertRuleInput[] = [...fieldRules, ...recordRules]
