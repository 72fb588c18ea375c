import type { LabelMatcher } from '../../../../../lib/contract'
import { Button, IconButton } from '../../../../_ui/Button'
import { Select } from '../../../../_ui/Select'

const ops = [
  { value: '=', label: 'is' },
  { value: '!=', label: 'is not' },
  { value: '=~', label: 'matches' },
  { value: '!~', label: 'does not match' },
] as const

export interface MatcherFieldsProps {
  readonly matchers: readonly LabelMatcher[]
  readonly onChange: (matchers: LabelMatcher[]) => void
  /** The field that the server refused: `matchers.0.value`. */
  readonly wrong: string | null
}

/** Labels and what they must be, a line each. */
export function MatcherFields({ matchers, onChange, wrong }: MatcherFieldsProps) {
  const set = (index: number, part: Partial<LabelMatcher>) =>
    onChange(matchers.map((one, at) => (at === index ? { ...one, ...part } : one)))
  return (
    <div className="form-lines">
      {matchers.map((matcher, index) => (
        <div className="form-line" key={index}>
          <input
            className="text-field mono"
            aria-label="Label"
            aria-invalid={wrong === `matchers.${index}.name`}
            placeholder="label"
            list="alert-label-names"
            value={matcher.name}
            onChange={(event) => set(index, { name: event.target.value })}
          />
          <Select label="Comparison" value={matcher.op} options={ops} onChange={(op) => set(index, { op })} />
          <input
            className="text-field mono"
            aria-label="Value"
            aria-invalid={wrong === `matchers.${index}.value`}
            placeholder="value"
            value={matcher.value}
            onChange={(event) => set(index, { value: event.target.value })}
          />
          <IconButton
            icon="x"
            label={`Remove the line for ${matcher.name === '' ? 'no label' : matcher.name}`}
            onClick={() => onChange(matchers.filter((_one, at) => at !== index))}
          />
        </div>
      ))}
      <datalist id="alert-label-names">
        {['alertname', 'severity', 'cluster', 'member', 'namespace', 'name', 'resource', 'manager'].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Button icon="plus" onClick={() => onChange([...matchers, { name: '', op: '=', value: '' }])}>
        Add a label
      </Button>
    </div>
  )
}
