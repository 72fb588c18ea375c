'use client'

import { IconButton } from '../Button'

const YEAR_S = 31_536_000

/** Follows the system until chosen; the cookie lets the server send the right theme, so that nothing flashes. */
export function ThemeToggle() {
  const toggle = () => {
    const root = document.documentElement
    const dark = root.dataset.theme
      ? root.dataset.theme === 'dark'
      : window.matchMedia('(prefers-color-scheme: dark)').matches
    root.dataset.theme = dark ? 'light' : 'dark'
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `etcdscope-theme=${root.dataset.theme}; path=/; max-age=${YEAR_S}; samesite=strict`
  }
  return <IconButton icon="theme" label="Switch between dark and light" className="theme-toggle" onClick={toggle} />
}
