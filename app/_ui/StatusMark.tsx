import type { ReactNode } from 'react'

/** Six statuses, each with its own silhouette at 10 px: colour is never the only sign. */
const shapes = {
  ok: <circle cx="6" cy="6" r="4.25" fill="currentColor" />,
  warn: (
    <path d="M6 1.2 11.2 10.4H.8z" fill="currentColor" stroke="currentColor" strokeWidth=".9" strokeLinejoin="round" />
  ),
  critical: (
    <path
      d="M6 .7 11.3 6 6 11.3.7 6z"
      fill="currentColor"
      stroke="currentColor"
      strokeWidth=".6"
      strokeLinejoin="round"
    />
  ),
  info: <circle cx="6" cy="6" r="3.9" fill="none" stroke="currentColor" strokeWidth="1.7" />,
  progress: (
    <>
      <circle cx="6" cy="6" r="4.1" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M6 1.9a4.1 4.1 0 0 1 0 8.2z" fill="currentColor" />
    </>
  ),
  unknown: (
    <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.1 2.09" />
  ),
} as const satisfies Record<string, ReactNode>

export type StatusTone = keyof typeof shapes

export function StatusMark({ tone, size = 10 }: { tone: StatusTone; size?: number }) {
  return (
    <svg className="status-mark" data-tone={tone} width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
      {shapes[tone]}
    </svg>
  )
}

/** Word first: the shape stands before it, the colour is only on what needs attention. */
export function Status({ tone, children }: { tone: StatusTone; children: ReactNode }) {
  return (
    <span className="status" data-tone={tone}>
      <StatusMark tone={tone} />
      <span>{children}</span>
    </span>
  )
}
