'use client'

import { useMemo } from 'react'
import type { AlertRule } from '../../../../../../lib/contract'
import { api } from '../../../../../_client/api'
import { plural } from '../../../../../_client/format'
import { useAlertRules } from '../../../../../_client/queries'
import { useUrlParam } from '../../../../../_client/useUrlState'
import { LinkButton } from '../../../../../_ui/Button'
import { DataTable } from '../../../../../_ui/DataTable'
import { Icon } from '../../../../../_ui/Icon'
import { Panel } from '../../../../../_ui/Panel'
import { queryState } from '../../../../../_ui/States'
import { Verdict } from '../../../../../_ui/Verdict'
import { AlertTabs } from '../AlertTabs'
import { ruleHref } from '../alertsHref'
import { ruleColumns } from './ruleColumns'
import '../alerts.css'

const none: readonly AlertRule[] = []

export function RulesScreen({ cluster }: { cluster: string }) {
  const query = useAlertRules(cluster)
  const [text, setText] = useUrlParam('q')
  const rules = query.data ?? none
  const shown = useMemo(() => rules.filter((rule) => holds(rule, text ?? '')), [rules, text])
  const columns = useMemo(() => ruleColumns(cluster), [cluster])
  const blocked = queryState(query, {
    failed: 'The rules could not be read',
    isEmpty: shown.length === 0,
    empty: { title: text === null ? 'There is no rule' : 'No rule has these words' },
  })
  return (
    <div className="stack">
      <Verdict {...verdictOf(query.data)} actions={<AlertTabs cluster={cluster} tab="rules" />} />
      <Panel
        title="Rules"
        note={`${plural(shown.length, 'rule')} that apply to ${cluster}`}
        flush
        actions={
          <>
            <label className="field">
              <Icon name="search" size={14} />
              <span className="visually-hidden">Find a rule</span>
              <input
                type="search"
                placeholder="Find a rule"
                value={text ?? ''}
                onChange={(event) => setText(event.target.value, 'replace')}
              />
            </label>
            <a className="btn" data-tone="plain" href={api.alertRulesHref} download>
              <Icon name="download" size={14} />
              For Prometheus
            </a>
            <LinkButton href={ruleHref(cluster, 'new')} icon="plus">
              New rule
            </LinkButton>
          </>
        }
      >
        {blocked ?? (
          <DataTable
            id="alert-rules"
            label="Rules"
            rows={shown}
            columns={columns}
            rowKey={(rule) => rule.id}
            defaultSort={{ column: 'state', descending: false }}
            twoLines
          />
        )}
      </Panel>
    </div>
  )
}

function holds(rule: AlertRule, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/)
  const where = `${rule.name} ${rule.expression} ${rule.source}`.toLowerCase()
  return words.every((word) => where.includes(word))
}

function verdictOf(rules: readonly AlertRule[] | undefined) {
  if (rules === undefined) return { sentence: 'Rules' }
  const broken = rules.filter(({ error }) => error !== null)
  const off = rules.filter(({ enabled }) => !enabled).length
  const firing = rules.filter(({ state }) => state === 'firing').length
  const reasons = [
    `${firing} ${firing === 1 ? 'fires' : 'fire'} now`,
    ...(off > 0 ? [`${off} switched off`] : []),
    ...broken.map(({ name, error }) => `${name}: ${error}`),
  ]
  return {
    tone: broken.length > 0 ? ('warn' as const) : ('ok' as const),
    sentence:
      broken.length > 0
        ? `${plural(broken.length, 'rule')} cannot be evaluated`
        : `${plural(rules.length - off, 'rule')} watch this cluster`,
    reasons: reasons.map((reason) => `${reason.replace(/\.$/, '')}. `).join(''),
  }
}
