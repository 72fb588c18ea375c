'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useRef } from 'react'

interface VirtualLinesProps {
  readonly count: number
  readonly linePx: number
  readonly label: string
  /** One line; must not depend on its neighbours. */
  readonly children: (index: number) => ReactNode
  readonly className?: string
}

/** Up to here everything is simply there: the page scrolls, and the browser's own search finds all of it. */
const DRAWN_AT_ONCE = 400

/** Many lines in a box that scrolls, of which only those in sight are drawn; few lines as they are. */
export function VirtualLines(props: VirtualLinesProps) {
  if (props.count > DRAWN_AT_ONCE) return <Windowed {...props} />
  return (
    <div className={`lines ${props.className ?? ''}`}>
      {Array.from({ length: props.count }, (_, index) => (
        <div key={index}>{props.children(index)}</div>
      ))}
    </div>
  )
}

function Windowed({ count, linePx, label, children, className = '' }: VirtualLinesProps) {
  const scroller = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => linePx,
    overscan: 20,
    initialRect: { width: 1000, height: 700 },
  })
  return (
    <section
      ref={scroller}
      className={`lines lines-windowed ${className}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable with keys
      tabIndex={0}
      aria-label={label}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            className="lines-placed"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {children(item.index)}
          </div>
        ))}
      </div>
    </section>
  )
}
