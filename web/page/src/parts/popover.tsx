import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Distance to the button and to the edges of the page, in px. */
const gap = 8;

interface PopoverProps {
  /** The button that opened it. */
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  children: ComponentChildren;
  role?: 'menu' | 'group';
  label: string;
}

/** A small panel above everything else, beside its button. Escape and a click elsewhere close it. */
export function Popover({ anchor, onClose, children, role = 'group', label }: PopoverProps) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = panel.current;
    if (!element || !anchor.current) return;
    element.showPopover();
    place(element, anchor.current.getBoundingClientRect());
    element.querySelector<HTMLElement>('[role=menuitem], input:checked, button, input')?.focus();
    return () => {
      const inside = element.contains(document.activeElement);
      element.hidePopover();
      if (inside) anchor.current?.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role is menu where keys are listened to
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both of its roles have names
    <div
      ref={panel}
      popover="auto"
      class="popover"
      role={role}
      aria-label={label}
      onToggle={(e) => {
        if (e.newState === 'closed') onClose();
      }}
      onKeyDown={(e) => {
        if (role === 'menu') walk(e, onClose);
      }}
    >
      {children}
    </div>
  );
}

/** Below the button if there is room, else above; never over the edge. */
function place(panel: HTMLElement, button: DOMRect): void {
  const { width, height } = panel.getBoundingClientRect();
  const below = button.bottom + gap + height <= innerHeight;
  const left = button.left + width + gap > innerWidth ? button.right - width : button.left;
  panel.style.left = `${Math.max(gap, left)}px`;
  panel.style.top = `${below ? button.bottom + gap / 2 : Math.max(gap, button.top - height - gap / 2)}px`;
}

/** Arrow keys go through a menu and Tab leaves it, as https://www.w3.org/WAI/ARIA/apg/patterns/menubar/ wants it. */
function walk(event: KeyboardEvent & { currentTarget: HTMLElement }, leave: () => void): void {
  if (event.key === 'Tab') {
    event.preventDefault();
    leave();
    return;
  }
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}
