import Link from 'next/link'
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { Icon, type IconName } from './Icon'

type Native = ButtonHTMLAttributes<HTMLButtonElement> & { readonly ref?: Ref<HTMLButtonElement> | undefined }

export interface ButtonProps extends Native {
  readonly icon?: IconName | undefined
  /** Ink is for the one primary action of a view. */
  readonly tone?: 'plain' | 'ink' | 'danger' | undefined
}

export function Button({ icon, tone = 'plain', className = '', children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`btn ${className}`} data-tone={tone} {...rest}>
      {icon !== undefined && <Icon name={icon} size={14} />}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Native {
  readonly icon: IconName
  /** The accessible name, also on hover. */
  readonly label: string
}

export function IconButton({ icon, label, className = '', ...rest }: IconButtonProps) {
  return (
    <button type="button" className={`icon-btn ${className}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  )
}

export function LinkButton({ href, icon, children }: { href: string; icon?: IconName; children: ReactNode }) {
  return (
    <Link href={href} className="btn" data-tone="plain">
      {icon !== undefined && <Icon name={icon} size={14} />}
      {children}
    </Link>
  )
}
