import { type ReactNode, useId } from 'react'
import type { AlertRuleInput } from '../../../../../../lib/contract'

/** The parts that the rule's forms are made of. */

export interface FieldProps {
  readonly draft: AlertRuleInput
  readonly change: (part: Partial<AlertRuleInput>) => void
  readonly readOnly: boolean
  /** The field that the server refused: `thresholds.0.value`. */
  readonly wrong: string | null
}

interface InlineTextProps {
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly placeholder?: string | undefined
  readonly widthCh?: number | undefined
  readonly wrong?: boolean | undefined
  readonly suggestions?: readonly string[] | undefined
}

/** One word or a few inside a sentence. */
export function InlineText({ label, value, onChange, placeholder, widthCh, wrong, suggestions }: InlineTextProps) {
  const list = useId()
  return (
    <span className="field inline-field" data-wrong={wrong}>
      <input
        aria-label={label}
        aria-invalid={wrong}
        title={value === '' ? label : value}
        placeholder={placeholder}
        value={value}
        style={widthCh === undefined ? undefined : { width: `${widthCh}ch` }}
        list={suggestions === undefined ? undefined : list}
        onChange={(event) => onChange(event.target.value)}
      />
      {suggestions !== undefined && (
        <datalist id={list}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </span>
  )
}

/** A label over its control, with what it is for under it. The hint is no part of the name. */
export function Labelled({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className="labelled">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is the child */}
      <label>
        <span>{label}</span>
        {children}
      </label>
      {hint !== undefined && <small>{hint}</small>}
    </div>
  )
}
