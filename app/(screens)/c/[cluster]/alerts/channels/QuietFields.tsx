import { Button, IconButton } from '../../../../../_ui/Button'
import { ToggleChip } from '../../../../../_ui/Chip'
import { Wrong } from '../FormParts'
import { type Hours, newHours } from './channelDraft'

const days = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa']
/** The week as most calendars of the field's tools show it: Monday first. */
const week = [1, 2, 3, 4, 5, 6, 0]

export interface QuietFieldsProps {
  readonly hours: readonly Hours[]
  readonly onChange: (hours: Hours[]) => void
  readonly wrong: (field: string) => string | null
}

/** Hours in which nothing is sent; what happened in them is told at their end. */
export function QuietFields({ hours, onChange, wrong }: QuietFieldsProps) {
  const set = (index: number, part: Partial<Hours>) =>
    onChange(hours.map((one, at) => (at === index ? { ...one, ...part } : one)))
  const own = typeof Intl === 'undefined' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <div className="form-lines">
      {hours.map((one, index) => (
        <div className="form-group" key={index}>
          <div className="form-row">
            <input
              className="text-field"
              aria-label="Quiet from"
              aria-invalid={wrong(`quietHours.${index}.from`) !== null}
              placeholder="HH:MM"
              value={one.from}
              onChange={(event) => set(index, { from: event.target.value })}
            />
            to
            <input
              className="text-field"
              aria-label="Quiet to"
              aria-invalid={wrong(`quietHours.${index}.to`) !== null}
              placeholder="HH:MM"
              value={one.to}
              onChange={(event) => set(index, { to: event.target.value })}
            />
            <input
              className="text-field"
              aria-label="Time zone"
              aria-invalid={wrong(`quietHours.${index}.timeZone`) !== null}
              value={one.timeZone}
              onChange={(event) => set(index, { timeZone: event.target.value })}
            />
            <IconButton
              icon="x"
              label={`Remove the quiet hours from ${one.from}`}
              onClick={() => onChange(hours.filter((_one, at) => at !== index))}
            />
          </div>
          <div className="form-days">
            {week.map((day) => (
              <ToggleChip
                key={day}
                on={one.days.includes(day)}
                onChange={(on) =>
                  set(index, { days: on ? [...one.days, day] : one.days.filter((other) => other !== day) })
                }
              >
                {days[day]}
              </ToggleChip>
            ))}
          </div>
          <label className="form-check">
            <input
              type="checkbox"
              checked={one.exceptCritical}
              onChange={(event) => set(index, { exceptCritical: event.target.checked })}
            />
            critical alerts are sent all the same
          </label>
          {wrong(`quietHours.${index}`) !== null && <Wrong>{wrong(`quietHours.${index}`)}</Wrong>}
        </div>
      ))}
      <Button icon="plus" onClick={() => onChange([...hours, { ...newHours, timeZone: own }])}>
        Add quiet hours
      </Button>
    </div>
  )
}
