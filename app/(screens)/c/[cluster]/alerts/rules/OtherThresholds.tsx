import type { BacktestAnswer } from '../../../../../../lib/contract'
import { figureText } from './figure'

interface OtherThresholdsProps {
  readonly rows: BacktestAnswer['atThresholds']
  readonly present: number | null
  readonly unit: string
  readonly onChoose: ((value: number) => void) | null
}

/** How often the same rule would have fired with its first threshold elsewhere. */
export function OtherThresholds({ rows, present, unit, onChoose }: OtherThresholdsProps) {
  if (rows.length === 0) return null
  const most = Math.max(1, ...rows.map(({ firings }) => firings))
  return (
    <div className="other-thresholds">
      <h3>At another threshold</h3>
      <ul>
        {rows.map(({ value, firings }) => (
          <li key={value} aria-current={value === present}>
            <button type="button" disabled={onChoose === null} onClick={() => onChoose?.(value)}>
              <span className="num">
                {figureText(value, unit)}
                <span className="visually-hidden">: number of firings</span>
              </span>
              <span className="bar" aria-hidden="true">
                <i style={{ width: `${(firings / most) * 100}%` }} />
              </span>
              <span className="num">{firings}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
