import * as Radix from '@radix-ui/react-dialog';
import { type ReactNode, useRef, useState } from 'react';
import { CloseIcon } from '../player/icons';
import { strings } from '../strings';
import '../styles/dialog.css';

interface DialogProps {
  title: string;
  description?: string;
  onClose: () => void;
  children: ReactNode;
}

/** Shown as long as it is rendered. Radix keeps the focus inside; what had it gets it back. */
export function Dialog({ title, description, onClose, children }: DialogProps) {
  // Radix gives it back to a trigger of its own only, and there is none.
  const [before] = useState(() => document.activeElement);
  const giveFocusBack = (event: Event) => {
    event.preventDefault();
    const there = before instanceof HTMLElement && before.isConnected && before !== document.body;
    (there ? before : document.getElementById('main'))?.focus();
  };
  // Who opened it came to fill it in: the first field, not the button that closes it.
  const content = useRef<HTMLDivElement>(null);
  const focusFirstField = (event: Event) => {
    const field = content.current?.querySelector<HTMLElement>('input, textarea');
    if (!field) return;
    event.preventDefault();
    field.focus();
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-ground">
          <Radix.Content
            ref={content}
            className="dialog"
            onOpenAutoFocus={focusFirstField}
            onCloseAutoFocus={giveFocusBack}
            {...(description ? {} : { 'aria-describedby': undefined })}
          >
            <div className="dialog-head">
              <Radix.Title className="dialog-title">{title}</Radix.Title>
              <Radix.Close className="icon-button" aria-label={strings.dialog.close}>
                <CloseIcon />
              </Radix.Close>
            </div>
            {description && <Radix.Description className="soft">{description}</Radix.Description>}
            {children}
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}
