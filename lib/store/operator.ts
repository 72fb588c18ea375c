import type { AlertOperator } from './alerts'
import type { NotifyOperator } from './notify'
import type { RetentionOperator } from './retention'

/**
 * What people at the screens change: policies, rules, silences, channels. Written by the web process while the
 * collector writes the record, so every verb is one short transaction and none touches a change. Each capability
 * declares its verbs in an interface of its own, which this one extends.
 */
export interface OperatorWriter extends AlertOperator, NotifyOperator, RetentionOperator {
  close(): Promise<void>
}
