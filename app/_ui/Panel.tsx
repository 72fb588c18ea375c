import type { ReactNode } from 'react'

export interface PanelProps {
  readonly title: ReactNode
  /** Dim words beside the title: what of, over which time. */
  readonly note?: ReactNode
  /** Right end of the head: legend, links, icon buttons. */
  readonly actions?: ReactNode
  readonly foot?: ReactNode
  /** Tables go edge to edge. */
  readonly flush?: boolean
  readonly className?: string
  readonly children: ReactNode
}

/** One question, one panel. Never a panel in a panel: divide with a hairline. */
export function Panel({ title, note, actions, foot, flush = false, className = '', children }: PanelProps) {
  return (
    <section className={`panel ${className}`} aria-label={typeof title === 'string' ? title : undefined}>
      <div className="panel-head">
        <h2>{title}</h2>
        {note !== undefined && <small>{note}</small>}
        {actions !== undefined && <div className="panel-actions">{actions}</div>}
      </div>
      <div className={flush ? 'panel-body-flush' : 'panel-body'}>{children}</div>
      {foot !== undefined && <div className="panel-foot">{foot}</div>}
    </section>
  )
}
