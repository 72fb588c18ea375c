'use client'

import { useAlertRules } from '../../../../../_client/queries'
import { queryState, UnknownState } from '../../../../../_ui/States'
import { Verdict } from '../../../../../_ui/Verdict'
import { AlertTabs } from '../AlertTabs'
import { draftOf, newRule } from './draft'
import { RuleEditor } from './RuleEditor'
import '../alerts.css'
import './rules.css'

/** One rule, read and written; `new` is one that is not there yet. */
export function RuleScreen({ cluster, rule: id }: { cluster: string; rule: string }) {
  const query = useAlertRules(null)
  const rule = query.data?.find((one) => one.id === id || one.name === id)
  const blocked = id === 'new' ? null : queryState(query, { failed: 'The rule could not be read' })
  const isThere = id === 'new' || rule !== undefined
  return (
    <div className="stack">
      <Verdict
        sentence={id === 'new' ? 'A new rule' : (rule?.name ?? 'Rule')}
        reasons={rule === undefined ? undefined : rule.expression}
        actions={<AlertTabs cluster={cluster} tab="rules" />}
      />
      {blocked !== null ? (
        <div className="panel">{blocked}</div>
      ) : isThere ? (
        <RuleEditor
          key={rule?.id ?? 'new'}
          cluster={cluster}
          rule={rule ?? null}
          original={rule === undefined ? newRule : draftOf(rule)}
        />
      ) : (
        <div className="panel">
          <UnknownState title="There is no such rule">
            It may have been removed. The rules are one click away.
          </UnknownState>
        </div>
      )}
    </div>
  )
}
