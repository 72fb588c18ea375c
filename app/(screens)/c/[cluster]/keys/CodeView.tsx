'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import type { CodeLine } from './codeLines'
import { showText } from './keyName'

const LINE_PX = 18

/** Numbered, wrapped, virtual: a value of 40,000 lines costs what fits on the screen. */
export function CodeView({ lines, label }: { lines: readonly CodeLine[]; label: string }) {
  const scroller = useRef<HTMLDivElement>(null)
  const numbers = useMemo(() => lineNumbers(lines), [lines])
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
    initialRect: { width: 500, height: 800 },
  })
  const digits = String(numbers.at(-1) ?? 1).length
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the arrow keys
    <section ref={scroller} className="code-view" aria-label={label} tabIndex={0}>
      <div style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index]
          if (line === undefined) return null
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className="code-line"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <i style={{ width: `${digits}ch` }} data-number={line.goesOn === true ? '' : numbers[item.index]} />
              <Tokens line={line} />
            </div>
          )
        })}
      </div>
    </section>
  )
}

/** What wraps hangs two characters inside its line. */
function Tokens({ line }: { line: CodeLine }) {
  const hang = `${line.indent + 2}ch`
  return (
    <code style={{ paddingLeft: hang, textIndent: `-${hang}` }}>
      {' '.repeat(line.indent)}
      {line.tokens.map(([kind, text], i) => (
        <span key={i} data-kind={kind === 'plain' ? undefined : kind}>
          {showText(text).text}
        </span>
      ))}
    </code>
  )
}

function lineNumbers(lines: readonly CodeLine[]): readonly number[] {
  let number = 0
  return lines.map((line) => (line.goesOn === true ? number : ++number))
}
