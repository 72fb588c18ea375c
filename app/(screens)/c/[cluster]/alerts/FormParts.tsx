import type { ReactNode } from 'react'

/** The parts that the forms for silences and channels are made of. */

export interface FormFieldProps {
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with it, in one sentence; null: nothing. */
  readonly wrong?: string | null | undefined
  readonly children: ReactNode
}

/** A label over its control, under it what it is for, or what is wrong with it. */
export function FormField({ label, hint, wrong = null, children }: FormFieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="labelled">
      <span>{label}</span>
      {children}
      {wrong !== null ? <Wrong>{wrong}</Wrong> : hint !== undefined && <small>{hint}</small>}
    </label>
  )
}

/** Several controls under one name. */
export function FormGroup({ label, hint, wrong = null, children }: FormFieldProps) {
  return (
    <fieldset className="form-group">
      <legend className="form-legend">{label}</legend>
      {children}
      {wrong !== null ? <Wrong>{wrong}</Wrong> : hint !== undefined && <small className="dim">{hint}</small>}
    </fieldset>
  )
}

export function Wrong({ children }: { children: ReactNode }) {
  return (
    <span className="form-wrong" role="alert">
      {children}
    </span>
  )
}

/** The refusal, where it is of this field or of a part of it. */
export function wrongAt(problem: { parameter: string | null; detail: string } | null, field: string): string | null {
  const at = problem?.parameter
  return problem !== null && (at === field || at?.startsWith(`${field}.`) === true) ? problem.detail : null
}
