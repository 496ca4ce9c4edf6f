import * as Dropdown from '@radix-ui/react-dropdown-menu';
import type { ReactNode } from 'react';
import type { Choice } from './choices';
import { CheckIcon } from './icons';

interface MenuProps {
  label: string;
  icon: ReactNode;
  choices: readonly Choice[];
  value: string;
  onChange: (key: string) => void;
  onOpenChange: (open: boolean) => void;
  /** Where the menu is drawn: inside the player, or it would not be seen in full screen. */
  container: HTMLElement | null;
  shortcut?: string;
}

/** A button that opens a list of which one is chosen. Radix gives it its roles, its keys and its focus. */
export function Menu({
  label,
  icon,
  choices,
  value,
  onChange,
  onOpenChange,
  container,
  shortcut,
}: MenuProps) {
  return (
    <Dropdown.Root modal={false} onOpenChange={onOpenChange}>
      <Dropdown.Trigger className="control" aria-label={label} title={label} aria-keyshortcuts={shortcut}>
        {icon}
      </Dropdown.Trigger>
      <Dropdown.Portal container={container}>
        <Dropdown.Content className="menu" side="top" align="center" sideOffset={8} collisionPadding={8}>
          <Dropdown.Label className="menu-title">{label}</Dropdown.Label>
          <Dropdown.RadioGroup value={value} onValueChange={onChange}>
            {choices.map((choice) => (
              <Dropdown.RadioItem key={choice.key} value={choice.key} className="menu-item" dir="auto">
                <span className="menu-check">
                  <Dropdown.ItemIndicator>
                    <CheckIcon />
                  </Dropdown.ItemIndicator>
                </span>
                {choice.label}
              </Dropdown.RadioItem>
            ))}
          </Dropdown.RadioGroup>
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  );
}
