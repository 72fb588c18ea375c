'use client'

import { DropdownMenu } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { Icon } from './Icon'

export interface MenuProps {
  /** One button. */
  readonly trigger: ReactElement
  readonly label: string
  readonly align?: 'start' | 'end'
  /** {@link MenuItem} and {@link MenuCheck}. */
  readonly children: ReactNode
}

export function Menu({ trigger, label, align = 'end', children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align={align} sideOffset={4} collisionPadding={8} aria-label={label}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export function MenuItem({ onSelect, children, note }: { onSelect: () => void; children: ReactNode; note?: string }) {
  return (
    <DropdownMenu.Item className="menu-item" onSelect={onSelect}>
      <span>{children}</span>
      {note !== undefined && <small>{note}</small>}
    </DropdownMenu.Item>
  )
}

interface MenuCheckProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly children: ReactNode
}

/** Stays open, so that several can be chosen. */
export function MenuCheck({ checked, onChange, children }: MenuCheckProps) {
  return (
    <DropdownMenu.CheckboxItem
      className="menu-item"
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
    >
      <span>{children}</span>
      <DropdownMenu.ItemIndicator className="menu-check">
        <Icon name="check" size={14} />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.CheckboxItem>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="menu-label">{children}</DropdownMenu.Label>
}
