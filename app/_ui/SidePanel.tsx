'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import { IconButton } from './Button'

export interface SidePanelProps {
  readonly title: ReactNode
  readonly label: string
  readonly onClose: () => void
  readonly actions?: ReactNode
  readonly foot?: ReactNode
  /** False where the panel follows a list that is walked through: the focus stays there. */
  readonly takesFocus?: boolean
  readonly children: ReactNode
}

/** Stands beside the content from 1100 px, below it under that. Escape closes, focus goes in and comes back. */
export function SidePanel({ title, label, onClose, actions, foot, takesFocus = true, children }: SidePanelProps) {
  const element = useRef<HTMLElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => {
    const before = takesFocus ? document.activeElement : null
    if (takesFocus) element.current?.focus({ preventScroll: true })
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) close.current()
    }
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('keydown', onKey)
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [takesFocus])
  return (
    <aside ref={element} className="panel side-panel" aria-label={label} tabIndex={-1}>
      <div className="panel-head">
        <h2>{title}</h2>
        <div className="panel-actions">
          {actions}
          <CopyLink />
          <IconButton icon="x" label="Close" onClick={onClose} />
        </div>
      </div>
      <div className="side-panel-body">{children}</div>
      {foot !== undefined && <div className="panel-foot">{foot}</div>}
    </aside>
  )
}

function CopyLink() {
  return (
    <IconButton
      icon="link"
      label="Copy link"
      onClick={() => void navigator.clipboard.writeText(window.location.href)}
    />
  )
}

/** Content with an optional panel at its right; `wide` is 372 px instead of 316. */
export function WithSide({ side, wide = false, children }: { side: ReactNode; wide?: boolean; children: ReactNode }) {
  return (
    <div className="with-side" data-open={side !== null && side !== undefined && side !== false} data-wide={wide}>
      <div className="stack">{children}</div>
      {side}
    </div>
  )
}
