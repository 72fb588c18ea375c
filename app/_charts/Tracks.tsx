import type { ReactNode } from 'react'
import { XAxisRow } from './XAxisRow'

export interface TracksProps {
  /** `<Lanes>` and `<TimeChart track={{title}}>`, top to bottom: cause over effect. */
  readonly children: ReactNode
}

/** Lanes and charts in one panel: one x scale, one label column, one axis at the bottom. */
export function Tracks({ children }: TracksProps) {
  return (
    <div className="tracks">
      {children}
      <div className="tracks-axis">
        <XAxisRow />
      </div>
    </div>
  )
}
