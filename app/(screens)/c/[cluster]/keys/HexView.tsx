'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { hexRow, hexRowCount } from './hexRows'

const LINE_PX = 18

/** Sixteen bytes a row, made when the row comes into view. */
export function HexView({ bytes }: { bytes: Uint8Array }) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: hexRowCount(bytes),
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
    initialRect: { width: 500, height: 800 },
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the arrow keys
    <section ref={scroller} className="code-view hex-view" aria-label="Hex view" tabIndex={0}>
      <div style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = hexRow(bytes, item.index)
          return (
            <div key={item.key} className="code-line" style={{ transform: `translateY(${item.start}px)` }}>
              <code>
                <span className="dim">{row.offset}</span>
                <span>{row.hex}</span>
                <span data-kind="string">{row.ascii}</span>
              </code>
            </div>
          )
        })}
      </div>
    </section>
  )
}
