import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './globals.css'
import { Providers } from './providers'

export const metadata: Metadata = {
  title: 'etcdscope',
  description: 'Every revision, every leader change, of etcd-backed clusters.',
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1 }

const themes = new Set(['dark', 'light'])

export default async function RootLayout({ children }: { children: ReactNode }) {
  const chosen = (await cookies()).get('etcdscope-theme')?.value
  const theme = chosen !== undefined && themes.has(chosen) ? chosen : undefined
  return (
    // The toggle changes data-theme before React would.
    <html lang="en" data-theme={theme} suppressHydrationWarning>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  )
}
