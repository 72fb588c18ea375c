'use client'

import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useCluster } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { Button, IconButton } from '../../../../_ui/Button'
import { Revision } from '../../../../_ui/Figures'
import { Icon } from '../../../../_ui/Icon'
import { MomentMenu } from './MomentMenu'
import { type Moment, momentLabel, now } from './prepareMoment'
import { type ShownMoment, useSteps } from './useMoment'

/** When the keyspace is shown: one change back, the moment itself, one change on, and back to now. */
export function MomentControl({
  cluster,
  shown,
  prefix,
  leadsBack = true,
}: {
  cluster: string
  shown: ShownMoment
  prefix: string
  /** False where now is not where one comes from. */
  leadsBack?: boolean
}) {
  const { nowMs } = useRange()
  const known = useCluster(cluster).data
  const steps = useSteps(cluster, shown, prefix)
  const [open, setOpen] = useState(false)
  const isNow = shown.moment.kind === 'now'
  const choose = (moment: Moment) => {
    setOpen(false)
    shown.set(moment)
  }
  const under = prefix === '' ? '' : ' under the prefix'
  return (
    <div className="moment">
      {steps.note !== null && (
        <span className="dim" role="status">
          {steps.note}
        </span>
      )}
      {!isNow && leadsBack && <Button onClick={() => choose(now)}>Back to now</Button>}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls */}
      <div className="moment-steps" role="group" aria-label="Moment">
        <IconButton
          icon="left"
          label={`Before the last change${under}`}
          disabled={shown.revision === null}
          onClick={() => steps.step('back')}
        />
        <Popover.Root open={open} onOpenChange={setOpen}>
          <Popover.Trigger asChild>
            <button type="button" className="moment-at" data-past={!isNow} suppressHydrationWarning>
              <Icon name="history" size={14} />
              <span suppressHydrationWarning>
                <MomentLabel moment={shown.moment} nowMs={nowMs} />
              </span>
              <Icon name="down" size={14} />
            </button>
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Content
              className="menu moment-menu"
              align="end"
              sideOffset={4}
              collisionPadding={8}
              aria-label="Moment"
            >
              <MomentMenu shown={shown} cluster={known} onChoose={choose} />
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
        <IconButton
          icon="right"
          label={`After the next change${under}`}
          disabled={isNow || shown.revision === null}
          onClick={() => steps.step('forward')}
        />
      </div>
    </div>
  )
}

function MomentLabel({ moment, nowMs }: { moment: Moment; nowMs: number }) {
  if (moment.kind !== 'revision') return momentLabel(moment, nowMs)
  return (
    <>
      Revision <Revision value={moment.revision} />
    </>
  )
}
