import { ScopeError } from '../core/errors'

/** The one way a setting is refused: `sentence` names the setting and never repeats a credential. */
export function badSetting(subject: string, sentence: string): ScopeError {
  return new ScopeError('BAD_SETTING', sentence, { subject })
}
