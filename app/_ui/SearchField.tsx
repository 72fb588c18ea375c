'use client'

import { useEffect, useRef, useState } from 'react'
import { Icon } from './Icon'

const REST_MS = 180

export interface SearchFieldProps {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (text: string) => void
}

/** A text to look for: asks when typing rests, at once on Enter; Escape clears. */
export function SearchField({ label, placeholder, value, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value)
  const sent = useRef(value)
  const change = useRef(onChange)
  change.current = onChange
  useEffect(() => {
    // The address changed elsewhere: the back button, or "clear all".
    if (value === sent.current) return
    sent.current = value
    setText(value)
  }, [value])
  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => {
      sent.current = text
      change.current(text)
    }, REST_MS)
    return () => clearTimeout(timer)
  }, [text])
  const send = (next: string) => {
    sent.current = next
    setText(next)
    onChange(next)
  }
  return (
    <search className="field search-field">
      <Icon name="search" size={14} />
      <input
        type="text"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') send(text)
          if (event.key === 'Escape' && text !== '') {
            event.preventDefault()
            send('')
          }
        }}
      />
      {text !== '' && (
        <button type="button" className="chip-x" aria-label="Clear the search" onClick={() => send('')}>
          <Icon name="x" size={14} />
        </button>
      )}
    </search>
  )
}
