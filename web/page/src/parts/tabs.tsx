/** Tabs over one panel, as https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ wants them. */
interface TabsProps<T extends string> {
  label: string;
  tabs: readonly { key: T; label: string }[];
  chosen: T;
  /** The id of the panel. */
  panel: string;
  onChoose: (key: T) => void;
}

export function Tabs<T extends string>({ label, tabs, chosen, panel, onChoose }: TabsProps<T>) {
  const step = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const at = (tabs.findIndex((tab) => tab.key === chosen) + by + tabs.length) % tabs.length;
    const tab = tabs[at];
    if (tab) onChoose(tab.key);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[at]?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={step}>
      {tabs.map((tab) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          aria-selected={tab.key === chosen}
          aria-controls={panel}
          tabIndex={tab.key === chosen ? 0 : -1}
          onClick={() => onChoose(tab.key)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
