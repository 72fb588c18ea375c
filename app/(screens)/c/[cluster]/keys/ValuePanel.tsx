'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { KeyName } from '../../../../_client/api'
import { ApiProblem } from '../../../../_client/apiProblem'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { SidePanel } from '../../../../_ui/SidePanel'
import { queryState } from '../../../../_ui/States'
import { WorkloadLink } from '../../../../_ui/WorkloadLink'
import { ExportLinks } from '../compare/ExportLinks'
import { AbsentKey } from './AbsentKey'
import { ChangesLink } from './BranchActions'
import { CopyButton } from './CopyButton'
import { branchOf, nameParams, showKey } from './keyName'
import { valueQuery } from './keysQueries'
import type { ShownMoment } from './useMoment'
import { ValueFacts } from './ValueFacts'
import { ValueView } from './ValueView'

interface ValuePanelProps {
  readonly cluster: string
  readonly name: KeyName
  readonly shown: ShownMoment
  readonly onClose: () => void
}

/** What is in one key at the moment, and how it came there. */
export function ValuePanel({ cluster, name, shown, onClose }: ValuePanelProps) {
  const full = showKey(name)
  const branch = branchOf(name.key ?? '')
  const isWhole = branch === '' || name.key === branch
  const short = isWhole ? full : showKey({ key: (name.key ?? '').slice(branch.length) })
  return (
    <SidePanel
      title={<code>{short.text}</code>}
      label={`Key ${full.text}`}
      onClose={onClose}
      takesFocus={false}
      foot={<PanelLinks cluster={cluster} name={name} branch={branch} at={shown.at} />}
    >
      <div className="value-key">
        <code>{full.text}</code>
        <CopyButton label="Copy key" text={() => name.key ?? name.keyBase64 ?? ''} />
      </div>
      {full.escaped && (
        <p className="dim value-note">
          {name.keyBase64 === undefined
            ? 'Invisible characters are shown as escapes, and copied as they are.'
            : 'Not UTF-8: its bytes are shown as escapes, and copied as base64.'}
        </p>
      )}
      <Content key={`${name.key} ${name.keyBase64}`} cluster={cluster} name={name} shown={shown} />
    </SidePanel>
  )
}

/** Made anew for each key, so that what stands in while another moment loads is of the same key. */
function Content({ cluster, name, shown }: Omit<ValuePanelProps, 'onClose'>) {
  const value = useQuery({ ...valueQuery(cluster, name, shown.at, false), placeholderData: keepPreviousData })
  const { error, data } = value
  if (error instanceof ApiProblem && error.code === 'NOT_FOUND') {
    return <AbsentKey cluster={cluster} name={name} shown={shown} sentence={error.detail} />
  }
  const state = queryState(value, { failed: 'The value could not be read' })
  if (state !== null || data === undefined) return state
  return (
    <>
      <ValueFacts cluster={cluster} name={name} value={data} />
      <ValueView cluster={cluster} name={name} at={shown.at} value={data} />
    </>
  )
}

function PanelLinks({ cluster, name, branch, at }: { cluster: string; name: KeyName; branch: string; at: string }) {
  const shared = useSharedSearch()
  const search = `${nameParams(name)}${shared === '' ? '' : `&${shared.slice(1)}`}`
  return (
    <>
      <Link className="btn" data-tone="ink" href={`/c/${encodeURIComponent(cluster)}/history?${search}`}>
        Versions
      </Link>
      <WorkloadLink cluster={cluster} objectKey={name.key} />
      {branch !== '' && (
        <ChangesLink cluster={cluster} prefix={branch} className="btn">
          Changes under this prefix
        </ChangesLink>
      )}
      <ExportLinks cluster={cluster} what={name} at={at} />
    </>
  )
}
