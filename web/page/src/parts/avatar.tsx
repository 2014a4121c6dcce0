import { hueOf, initials } from '../format.ts';

/** A name's initials on its own hue. Names stand beside it, so it is for the eye alone. */
export function Avatar({
  name,
  online,
  size = 'm',
}: {
  name: string;
  online?: boolean;
  size?: 's' | 'm' | 'l' | 'xl';
}) {
  return (
    // As an attribute, which the style sheet shows: letters would count as text that a link's name must hold.
    <span class={`avatar avatar-${size} hue-${hueOf(name)}`} data-initials={initials(name)} aria-hidden="true">
      {online !== undefined && <span class={online ? 'presence presence-on' : 'presence'} />}
    </span>
  );
}
