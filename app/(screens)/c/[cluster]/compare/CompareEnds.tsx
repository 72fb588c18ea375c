'use client'

import { writeParams } from '../../../../_client/useUrlState'
import { IconButton } from '../../../../_ui/Button'
import { MomentControl } from '../keys/MomentControl'
import type { ShownMoment } from '../keys/useMoment'

interface CompareEndsProps {
  readonly cluster: string
  readonly from: ShownMoment
  readonly to: ShownMoment
  readonly prefix: string
}

/** The two moments; each steps from change to change under the prefix. */
export function CompareEnds({ cluster, from, to, prefix }: CompareEndsProps) {
  return (
    <div className="compare-ends">
      <End label="From">
        <MomentControl cluster={cluster} shown={from} prefix={prefix} />
      </End>
      <IconButton
        icon="arrow"
        label="Turn around: what leads back"
        onClick={() => writeParams({ from: to.at, to: from.at }, 'push')}
      />
      <End label="To">
        <MomentControl cluster={cluster} shown={to} prefix={prefix} />
      </End>
    </div>
  )
}

function End({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    <div className="compare-end" role="group" aria-label={label}>
      <b>{label}</b>
      {children}
    </div>
  )
}
