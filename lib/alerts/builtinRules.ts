import type { AlertRuleInput } from '../contract'

/** The rules that are there without any setting. */
export const builtinRules: readonly AlertRuleInput[] = []
