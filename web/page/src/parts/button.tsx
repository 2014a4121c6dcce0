import type { ButtonHTMLAttributes, Ref } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'label'> {
  ref?: Ref<HTMLButtonElement>;
  icon: IconName;
  /** What it does: its accessible name and its tooltip. */
  label: string;
}

/** A button that shows a picture only. */
export function IconButton({ icon, label, class: more = '', ...rest }: IconButtonProps) {
  return (
    <button type="button" class={`icon-button ${more}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}

/** Something goes on, of which a text beside it tells. */
export function Spinner() {
  return <span class="spinner" aria-hidden="true" />;
}
