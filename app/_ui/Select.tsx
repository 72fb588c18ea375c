'use client'

import { Select as Radix } from 'radix-ui'
import { Icon } from './Icon'

export interface SelectProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly onChange: (value: T) => void
}

export function Select<T extends string>({ label, value, options, onChange }: SelectProps<T>) {
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => {
        const option = options.find((one) => one.value === next)
        if (option !== undefined) onChange(option.value)
      }}
    >
      <Radix.Trigger className="select" aria-label={label}>
        <Radix.Value />
        <Icon name="down" size={14} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" position="popper" sideOffset={4} collisionPadding={8}>
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item key={option.value} value={option.value} className="menu-item">
                <Radix.ItemText>{option.label}</Radix.ItemText>
                <Radix.ItemIndicator className="menu-check">
                  <Icon name="check" size={14} />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
