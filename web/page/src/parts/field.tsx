import { useId } from 'preact/hooks';

interface FieldProps {
  type?: 'text' | 'email' | 'password';
  required?: boolean;
  autoComplete?: string;
  autoCapitalize?: 'none';
  spellcheck?: boolean;
  minLength?: number;
  maxLength?: number;
  label: string;
  hint?: string;
  value: string;
  onValue: (value: string) => void;
}

/** A line of text with its label. */
export function Field({ label, hint, type = 'text', onValue, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        // The types know each kind of input apart; for these three nothing differs.
        type={type as 'text'}
        {...(hint ? { 'aria-describedby': `${id}-hint` } : {})}
        {...rest}
        onInput={(e) => onValue(e.currentTarget.value)}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** What went wrong with the form. Said at once by screen readers. */
export function FormError({ text }: { text: string | undefined }) {
  return text ? (
    <p class="form-error" role="alert">
      {text}
    </p>
  ) : null;
}
