'use client'

import { formatCount } from '../../../../_client/format'
import { writeParams } from '../../../../_client/useUrlState'
import { IconButton } from '../../../../_ui/Button'
import { ToggleChip } from '../../../../_ui/Chip'
import { MomentControl } from '../keys/MomentControl'
import { PrefixField } from '../keys/PrefixField'
import type { ShownMoment } from '../keys/useMoment'

interface CompareEndsProps {
  readonly cluster: string
  readonly from: ShownMoment
  readonly to: ShownMoment
  readonly prefix: string
  readonly onPrefix: (prefix: string, entry?: 'push' | 'replace') => void
  readonly noise: boolean
  readonly onNoise: (on: boolean) => void
  /** Differences that are not shown because they are noise. */
  readonly hidden: number
}

/** The two moments, each with steps from change to change under the prefix, and what of them is shown. */
export function CompareEnds(props: CompareEndsProps) {
  const { cluster, from, to, prefix } = props
  return (
    <div className="compare-ends">
      <End label="From">
        <MomentControl cluster={cluster} shown={from} prefix={prefix} leadsBack={false} />
      </End>
      <IconButton
        icon="arrow"
        label="Turn around: what leads back"
        onClick={() => writeParams({ from: to.at, to: from.at }, 'push')}
      />
      <End label="To">
        <MomentControl cluster={cluster} shown={to} prefix={prefix} />
      </End>
      <span className="compare-what">
        <ToggleChip on={props.noise} onChange={props.onNoise}>
          Show noise{props.hidden === 0 ? '' : `, ${formatCount(props.hidden)}`}
        </ToggleChip>
        <PrefixField prefix={prefix} onPrefix={props.onPrefix} />
      </span>
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
