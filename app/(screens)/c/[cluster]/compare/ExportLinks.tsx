'use client'

import { api, type KeyName } from '../../../../_client/api'
import { Icon } from '../../../../_ui/Icon'
import './compare.css'

interface ExportLinksProps {
  readonly cluster: string
  /** One key, or everything under a prefix. */
  readonly what: KeyName | { readonly prefix: string }
  readonly at: string
  readonly epoch?: number | undefined
}

/** The state at a moment as files. Plain links: the browser shows how far the download is, and can cancel it. */
export function ExportLinks({ cluster, what, at, epoch }: ExportLinksProps) {
  const href = (format: 'yaml' | 'ndjson') => api.exportHref(cluster, { ...what, at, epoch, format })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    <span className="export-links" role="group" aria-label="Export">
      <a
        className="btn"
        href={href('yaml')}
        download
        title="For review and kubectl apply: without what the server keeps"
      >
        <Icon name="download" size={14} />
        YAML
      </a>
      <a className="btn" href={href('ndjson')} download title="Every key as recorded, one a line">
        <Icon name="download" size={14} />
        NDJSON
      </a>
    </span>
  )
}
