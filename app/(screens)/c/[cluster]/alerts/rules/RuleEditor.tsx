'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useDeferredValue, useState } from 'react'
import type { AlertRule, AlertRuleInput } from '../../../../../../lib/contract'
import { api } from '../../../../../_client/api'
import { ApiProblem, problemSentence } from '../../../../../_client/apiProblem'
import { Button } from '../../../../../_ui/Button'
import { Panel } from '../../../../../_ui/Panel'
import { alertsHref, ruleHref } from '../alertsHref'
import { BacktestPanel } from './BacktestPanel'
import { DetailFields } from './DetailFields'
import { isSame } from './draft'
import { MeasureFields } from './MeasureFields'
import { ThresholdFields } from './ThresholdFields'

interface RuleEditorProps {
  readonly cluster: string
  /** Null for a new one. */
  readonly rule: AlertRule | null
  readonly original: AlertRuleInput
}

/** A rule as a sentence, and under it what it would have done. */
export function RuleEditor({ cluster, rule, original }: RuleEditorProps) {
  const [draft, setDraft] = useState(original)
  // What is typed shows at once; the question to the record follows when there is time.
  const asked = useDeferredValue(draft)
  const [unit, setUnit] = useState(rule?.unit ?? 'seconds')
  const change = (part: Partial<AlertRuleInput>) => setDraft((before) => ({ ...before, ...part }))
  const saving = useSaving(cluster, rule)
  const readOnly = rule?.readOnly ?? false
  const changed = rule === null || !isSame(draft, original)
  const problem = saving.error instanceof ApiProblem ? saving.error : null
  const fieldProps = { draft, change, readOnly, wrong: problem?.parameter ?? null }
  return (
    <section className="stack" aria-label="Rule editor">
      <Panel
        title={rule === null ? 'New rule' : 'Edit rule'}
        note={readOnly ? 'from the settings file: change it there' : undefined}
        flush
        actions={
          <>
            {rule !== null && !readOnly && <Removal rule={rule} onRemove={() => saving.remove()} busy={saving.busy} />}
            <Button disabled={!changed || readOnly} onClick={() => setDraft(original)}>
              Discard
            </Button>
            <Button tone="ink" disabled={!changed || readOnly || saving.busy} onClick={() => saving.save(draft)}>
              Save rule
            </Button>
          </>
        }
      >
        {saving.error !== null && (
          <p className="rule-problem" role="alert">
            {problemSentence(saving.error)}
          </p>
        )}
        <fieldset className="rule-sentence" disabled={readOnly}>
          <legend className="visually-hidden">When the rule fires</legend>
          <MeasureFields cluster={cluster} {...fieldProps} />
          <ThresholdFields unit={unit} {...fieldProps} />
        </fieldset>
        <BacktestPanel
          cluster={cluster}
          rule={asked}
          unit={unit}
          onUnit={setUnit}
          onThreshold={
            readOnly
              ? null
              : (index, value) =>
                  setDraft((before) => ({
                    ...before,
                    thresholds: before.thresholds.map((one, at) => (at === index ? { ...one, value } : one)),
                  }))
          }
        />
      </Panel>
      <DetailFields {...fieldProps} />
    </section>
  )
}

function Removal({ rule, onRemove, busy }: { rule: AlertRule; onRemove: () => void; busy: boolean }) {
  const [sure, setSure] = useState(false)
  if (rule.source === 'builtin' && !rule.modified) return null
  const words = rule.source === 'builtin' ? 'Back to the original' : 'Delete'
  return (
    <Button
      tone={sure ? 'danger' : 'plain'}
      disabled={busy}
      onBlur={() => setSure(false)}
      onClick={() => (sure ? onRemove() : setSure(true))}
    >
      {sure ? `${words}: sure?` : words}
    </Button>
  )
}

function useSaving(cluster: string, rule: AlertRule | null) {
  const client = useQueryClient()
  const router = useRouter()
  const refresh = () => client.invalidateQueries({ queryKey: ['alerts'] })
  const save = useMutation({
    mutationFn: (draft: AlertRuleInput) =>
      rule === null ? api.createAlertRule(draft) : api.changeAlertRule(rule.id, draft),
    onSuccess: async (saved) => {
      await refresh()
      if (rule === null) router.replace(ruleHref(cluster, saved.id))
    },
  })
  const remove = useMutation({
    mutationFn: () => api.removeAlertRule(rule?.id ?? ''),
    onSuccess: async () => {
      await refresh()
      router.replace(alertsHref(cluster, 'rules'))
    },
  })
  return {
    save: (draft: AlertRuleInput) => save.mutate(draft),
    remove: () => remove.mutate(),
    busy: save.isPending || remove.isPending,
    error: save.error ?? remove.error,
  }
}
