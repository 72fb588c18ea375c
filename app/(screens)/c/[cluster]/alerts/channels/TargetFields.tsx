import { Select } from '../../../../../_ui/Select'
import { FormField, FormGroup } from '../FormParts'
import { type ChannelDraft, type Kind, kindWords, targetFields } from './channelDraft'

const kinds: readonly Kind[] = ['webhook', 'alertmanager', 'slack', 'pagerduty', 'email']
const encryptions = [
  { value: 'starttls', label: 'STARTTLS' },
  { value: 'implicit', label: 'TLS from the start' },
  { value: 'none', label: 'none' },
] as const

export interface TargetFieldsProps {
  readonly draft: ChannelDraft
  readonly change: (part: Partial<ChannelDraft>) => void
  /** The kind whose secret is stored already: it may be left empty. */
  readonly stored: Kind | null
  readonly wrong: (field: string) => string | null
}

/** Where the messages go; which fields there are is the kind's. */
export function TargetFields({ draft, change, stored, wrong }: TargetFieldsProps) {
  const { kind, target } = draft
  return (
    <>
      <FormGroup label="Kind" wrong={wrong('target.kind')}>
        <Select
          label="Kind of channel"
          value={kind}
          options={kinds.map((value) => ({ value, label: kindWords[value] }))}
          onChange={(next) => change({ kind: next })}
        />
      </FormGroup>
      {targetFields[kind].map(({ field, label, hint, secret = false, optional = false }) => (
        <FormField
          key={`${kind} ${field}`}
          label={optional ? `${label}, optional` : label}
          hint={hint}
          wrong={wrong(`target.${field}`)}
        >
          <input
            className="text-field"
            type={secret ? 'password' : 'text'}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={wrong(`target.${field}`) !== null}
            placeholder={secret && stored === kind ? 'stored; enter another one to change it' : undefined}
            value={target[field] ?? ''}
            onChange={(event) => change({ target: { ...target, [field]: event.target.value } })}
          />
        </FormField>
      ))}
      {kind === 'email' && (
        <FormGroup label="Encryption" wrong={wrong('target.tls')}>
          <Select
            label="Encryption of the connection"
            value={encryptions.find(({ value }) => value === target.tls)?.value ?? 'starttls'}
            options={encryptions}
            onChange={(tls) => change({ target: { ...target, tls } })}
          />
        </FormGroup>
      )}
    </>
  )
}
