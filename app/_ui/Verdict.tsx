import type { ReactNode } from 'react'
import { StatusMark, type StatusTone } from './StatusMark'

export interface VerdictProps {
  readonly tone?: StatusTone | undefined
  /** One sentence that answers the screen's question. */
  readonly sentence: string
  /** The reasons, quieter. */
  readonly reasons?: ReactNode
  readonly actions?: ReactNode
}

export function Verdict({ tone, sentence, reasons, actions }: VerdictProps) {
  return (
    <div className="verdict">
      {tone !== undefined && <StatusMark tone={tone} size={12} />}
      <h2>{sentence}</h2>
      {reasons !== undefined && <p>{reasons}</p>}
      {actions !== undefined && <div className="verdict-actions">{actions}</div>}
    </div>
  )
}
