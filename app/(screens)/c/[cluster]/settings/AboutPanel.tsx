'use client'

import { useAbout } from '../../../../_client/queries'
import { Bytes, Time } from '../../../../_ui/Figures'
import { Panel } from '../../../../_ui/Panel'
import { FailedState, LoadingState } from '../../../../_ui/States'

const engines = { sqlite: 'SQLite', postgresql: 'PostgreSQL' } as const

/** What runs here, and where it keeps what it records. */
export function AboutPanel() {
  const about = useAbout()
  return (
    <Panel title="About" className="col-span-12 lg:col-span-7">
      {about.data === undefined ? (
        about.isError ? (
          <FailedState title="Not known at the moment" error={about.error} onRetry={about.refetch} />
        ) : (
          <LoadingState />
        )
      ) : (
        <dl className="kv">
          <dt>Version</dt>
          <dd>
            etcdscope {about.data.version}, Node {about.data.node}
          </dd>
          <dt>Running since</dt>
          <dd>
            <Time value={about.data.startedAt} as="moment" />
          </dd>
          <dt>Database</dt>
          <dd>
            {engines[about.data.store.engine]}, <Bytes value={about.data.store.databaseBytes} />
          </dd>
          <dt>Location</dt>
          <dd>
            <code>{about.data.store.location.replace(/^file:/, '')}</code>
          </dd>
          {about.data.clusters.map(({ name, endpoints, tls }) => (
            <div key={name} className="about-cluster">
              <dt>Cluster {name}</dt>
              <dd>
                {endpoints.length === 0 ? (
                  <span className="dim">its own etcd, or an apiserver: no endpoint is set</span>
                ) : (
                  <>
                    <code>{endpoints.join(', ')}</code>
                    {tls ? ', TLS' : ', without TLS'}
                  </>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  )
}
