import type { ReactNode } from 'react'

/** The icon set: 16 px, 1.5 px strokes, in the colour of the text around. Decoration: the control names itself. */
const shapes = {
  overview: <path d="M2.5 3.5h11M2.5 8h11M2.5 12.5h7" />,
  members: (
    <>
      <circle cx="8" cy="3.75" r="1.75" />
      <circle cx="3.5" cy="12" r="1.75" />
      <circle cx="12.5" cy="12" r="1.75" />
      <path d="M7.2 5.3 4.3 10.4M8.8 5.3l2.9 5.1M5.25 12h5.5" />
    </>
  ),
  revisions: <path d="M2.5 13.5V9M5.25 13.5v-8M8 13.5V7M10.75 13.5v-11M13.5 13.5v-4" />,
  workloads: <path d="M8 1.75 13.5 4.8v6.4L8 14.25 2.5 11.2V4.8zM2.5 4.8 8 7.9l5.5-3.1M8 7.9v6.35" />,
  history: <path d="M2.6 9A5.5 5.5 0 1 0 4 4.1L2.5 5.5M2.5 2.5v3h3M8 5.25V8l2 1.5" />,
  keys: (
    <>
      <path d="M3 2.5v9.5h4.5M3 6.25h4.5" />
      <rect x="8" y="4.5" width="5.5" height="3.5" rx="1" />
      <rect x="8" y="10.25" width="5.5" height="3.5" rx="1" />
    </>
  ),
  alerts: (
    <path d="M8 2a3.75 3.75 0 0 0-3.75 3.75c0 3.5-1.5 4.75-1.5 4.75h10.5s-1.5-1.25-1.5-4.75A3.75 3.75 0 0 0 8 2zM6.75 13.2a1.4 1.4 0 0 0 2.5 0" />
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.4 10.4 3.1 3.1" />
    </>
  ),
  down: <path d="m4.5 6.25 3.5 3.5 3.5-3.5" />,
  right: <path d="m6.25 4.5 3.5 3.5-3.5 3.5" />,
  left: <path d="M9.75 4.5 6.25 8l3.5 3.5" />,
  updown: <path d="m5 6 3-3 3 3M5 10l3 3 3-3" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 5v3l2 1.5" />
    </>
  ),
  pause: <path d="M5.75 3.5v9M10.25 3.5v9" />,
  x: <path d="m4.5 4.5 7 7M11.5 4.5l-7 7" />,
  plus: <path d="M8 3.5v9M3.5 8h9" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
    </>
  ),
  download: <path d="M8 2.5v7.5M4.75 7 8 10.25 11.25 7M2.5 13.5h11" />,
  theme: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5v11A5.5 5.5 0 0 0 8 2.5z" fill="currentColor" stroke="none" />
    </>
  ),
  columns: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="1.5" />
      <path d="M6.2 2.5v11M9.8 2.5v11" />
    </>
  ),
  fold: <path d="M8 1.75v3.5M6 3.75l2 2 2-2M8 14.25v-3.5M6 12.25l2-2 2 2M2.5 8h11" />,
  arrow: <path d="M2.5 8h11M9.75 4.25 13.5 8l-3.75 3.75" />,
  link: (
    <path d="M6.75 9.25a2.5 2.5 0 0 0 3.6 0l2.2-2.2a2.5 2.5 0 0 0-3.6-3.6l-.9.9M9.25 6.75a2.5 2.5 0 0 0-3.6 0l-2.2 2.2a2.5 2.5 0 0 0 3.6 3.6l.9-.9" />
  ),
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  filter: <path d="M2.5 4h11M4.5 8h7M6.5 12h3" />,
  dots: (
    <>
      <circle cx="3.5" cy="8" r=".6" />
      <circle cx="8" cy="8" r=".6" />
      <circle cx="12.5" cy="8" r=".6" />
    </>
  ),
  split: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.5" />
      <path d="M8 3v10" />
    </>
  ),
  lines: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.5" />
      <path d="M2.5 8h11" />
    </>
  ),
  swap: <path d="M3 5.5h9.5M10 3l2.5 2.5L10 8M13 10.5H3.5M6 8l-2.5 2.5L6 13" />,
  check: <path d="m3.5 8.5 3 3 6-7" />,
  settings: (
    <>
      <path d="M2.5 4.5h5M11.5 4.5h2M2.5 11.5h2M8.5 11.5h5" />
      <circle cx="9.5" cy="4.5" r="1.75" />
      <circle cx="6.5" cy="11.5" r="1.75" />
    </>
  ),
} as const satisfies Record<string, ReactNode>

export type IconName = keyof typeof shapes

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {shapes[name]}
    </svg>
  )
}
