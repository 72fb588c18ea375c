'use client'

import { Popover } from 'radix-ui'
import type { Member } from '../../../../../lib/contract'
import { plural } from '../../../../_client/format'
import { StatusMark } from '../../../../_ui/StatusMark'
import { memberName } from './memberNames'

/** The version; with known bugs a button that lists them. */
export function VersionCell({ member }: { member: Member }) {
  const { version, knownBugs } = member
  if (version === null) return <span className="dim">unknown</span>
  if (knownBugs.length === 0) {
    return (
      <>
        {version}
        <small>no known bug</small>
      </>
    )
  }
  return (
    <Popover.Root>
      {version}
      <Popover.Trigger asChild>
        <button type="button" className="bugs-button">
          <StatusMark tone="warn" size={9} />
          {plural(knownBugs.length, 'bug')}
          <span className="visually-hidden">
            {' '}
            known in {version}, {memberName(member)}
          </span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="menu bugs"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Known bugs"
        >
          <h3>
            Known bugs of etcd {version} <span>fixed in</span>
          </h3>
          <ul>
            {knownBugs.map(({ title, fixedIn }) => (
              <li key={title}>
                <span>{title}</span>
                <small>{fixedIn}</small>
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
