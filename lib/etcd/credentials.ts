import { ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js'
import type { TlsSettings } from '../config/settings'
import { ScopeError } from '../core/errors'
import type { Endpoint } from './endpoint'
import { flowControlWindowBytes, keepaliveIntervalMs, keepaliveTimeoutMs, receiveLimitBytes } from './limits'

/** Credentials of a channel; a certificate, key or CA that cannot be read is a wrong setting. */
export function channelCredentials(endpoint: Endpoint, tls: TlsSettings | null): ChannelCredentials {
  if (!endpoint.secure) return ChannelCredentials.createInsecure()
  const cert = tls?.cert ?? null
  const key = tls?.key ?? null
  if ((cert === null) !== (key === null)) {
    throw new ScopeError(
      'BAD_SETTING',
      'A client certificate needs its key: set ETCDCTL_CERT and ETCDCTL_KEY together.',
      {
        subject: cert ? 'ETCDCTL_KEY' : 'ETCDCTL_CERT',
      },
    )
  }
  try {
    const rejectUnauthorized = tls?.insecureSkipVerify !== true
    return ChannelCredentials.createSsl(tls?.ca ?? null, key, cert, { rejectUnauthorized })
  } catch (error) {
    const sentence =
      'The client certificate, its key or the CA cannot be used: they are not PEM or do not belong together.'
    throw new ScopeError('BAD_SETTING', sentence, { subject: 'ETCDCTL_CERT', cause: error })
  }
}

export function channelOptions(tls: TlsSettings | null): ChannelOptions {
  return {
    'grpc.max_receive_message_length': receiveLimitBytes,
    'grpc-node.flow_control_window': flowControlWindowBytes,
    'grpc.keepalive_time_ms': keepaliveIntervalMs,
    'grpc.keepalive_timeout_ms': keepaliveTimeoutMs,
    // etcd closes connections that ping while no call is open.
    'grpc.keepalive_permit_without_calls': 0,
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': 2_000,
    // A connection of its own per member: one that hangs must not hold up another.
    'grpc.use_local_subchannel_pool': 1,
    // Our own supervisor retries; a second layer below it would only hide how things are.
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_http_proxy': 0,
    ...(tls?.serverName ? { 'grpc.ssl_target_name_override': tls.serverName } : {}),
  }
}
