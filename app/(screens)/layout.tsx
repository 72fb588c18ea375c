import type { ReactNode } from 'react'
import { Frame } from '../_ui/frame/Frame'

export default function ScreensLayout({ children }: { children: ReactNode }) {
  return <Frame>{children}</Frame>
}
