import * as Radix from '@radix-ui/react-dialog';
import { type ReactNode, useState } from 'react';
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
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-ground">
          <Radix.Content
            className="dialog"
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
