import type { ReactNode } from 'react'
import { Icon } from './Icon'

/** Chips stand in a row that wraps: filters that can be taken away, switches, and the one that adds. */
export function Chips({ children, label = 'Filters' }: { children: ReactNode; label?: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    <div className="chips" role="group" aria-label={label}>
      {children}
    </div>
  )
}

/** "namespace shop ×" */
export function FilterChip({ name, value, onRemove }: { name: string; value: string; onRemove: () => void }) {
  return (
    <span className="chip">
      <span className="dim">{name}</span>
      <b>{value}</b>
      <button type="button" className="chip-x" aria-label={`Remove the filter ${name} ${value}`} onClick={onRemove}>
        <Icon name="x" size={14} />
      </button>
    </span>
  )
}

export function ToggleChip({
  on,
  onChange,
  children,
}: {
  on: boolean
  onChange: (on: boolean) => void
  children: ReactNode
}) {
  return (
    <button type="button" className="chip chip-toggle" aria-pressed={on} onClick={() => onChange(!on)}>
      {children}
    </button>
  )
}
