import { exactBytes } from '../_client/format'

export interface QuotaBarProps {
  readonly inUseBytes: number | null
  readonly sizeBytes: number
  readonly quotaBytes: number | null
  readonly tone?: 'neutral' | 'warn' | 'critical'
}

/** Database against quota: in use solid, free pages inside the file fainter. */
export function QuotaBar({ inUseBytes, sizeBytes, quotaBytes, tone = 'neutral' }: QuotaBarProps) {
  const whole = quotaBytes ?? sizeBytes
  const share = (bytes: number) => `${Math.min(100, whole === 0 ? 0 : (bytes / whole) * 100)}%`
  const inUse = Math.min(inUseBytes ?? sizeBytes, sizeBytes)
  const title = `${exactBytes(inUse)} in use, file ${exactBytes(sizeBytes)}${quotaBytes === null ? '' : `, quota ${exactBytes(quotaBytes)}`}`
  return (
    <span className="bar" data-tone={tone} title={title} role="img" aria-label={title}>
      <i style={{ width: share(inUse) }} />
      <i style={{ left: share(inUse), width: share(sizeBytes - inUse) }} />
    </span>
  )
}

/** A share as a bar: neutral unless the row has a status. */
export function ShareBar({ share, tone = 'neutral' }: { share: number; tone?: QuotaBarProps['tone'] }) {
  return (
    <span className="bar" data-tone={tone ?? 'neutral'} aria-hidden="true">
      <i style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
    </span>
  )
}
