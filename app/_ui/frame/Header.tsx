'use client'

import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useUrlState } from '../../_client/useUrlState'
import { IconButton } from '../Button'
import { Icon } from '../Icon'
import { Segmented } from '../Segmented'
import { LiveSwitch } from './LiveSwitch'
import type { Place } from './places'
import { Rail } from './Rail'
import { RangePicker } from './RangePicker'

interface HeaderProps {
  readonly title: string
  readonly cluster: string | null
  readonly place: Place | null
  readonly onFind: () => void
}

const axes = [
  { value: 'time', label: 'Time' },
  { value: 'revision', label: 'Revision' },
] as const

/** Where you are, search, axis, range, live: in the same place on every screen. */
export function Header({ title, cluster, place, onFind }: HeaderProps) {
  const [state, update] = useUrlState()
  return (
    <header className="header">
      <NarrowMenu cluster={cluster} place={place} />
      <h1>{title}</h1>
      <div className="header-controls">
        <button type="button" className="find" aria-keyshortcuts="Control+K" onClick={onFind}>
          <Icon name="search" size={14} />
          <span>Search or jump to</span>
          <kbd>Ctrl K</kbd>
        </button>
        {cluster !== null && (
          <Segmented label="X axis" value={state.axis} options={axes} onChange={(axis) => update({ axis })} />
        )}
        <RangePicker />
        <LiveSwitch />
      </div>
    </header>
  )
}

/** Under 640 px the rail is a menu. */
function NarrowMenu({ cluster, place }: { cluster: string | null; place: Place | null }) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <IconButton icon="menu" label="Menu" className="only-narrow" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="rail rail-drawer" aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">Menu</Dialog.Title>
          <Rail cluster={cluster} place={place} onGo={() => setOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
