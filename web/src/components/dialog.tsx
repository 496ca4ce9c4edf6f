import * as Radix from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';
import { CloseIcon } from '../player/icons';
import { strings } from '../strings';
import '../styles/dialog.css';

interface DialogProps {
  title: string;
  description?: string;
  onClose: () => void;
  children: ReactNode;
}

/** Shown as long as it is rendered. Radix keeps the focus inside and gives it back to what had it. */
export function Dialog({ title, description, onClose, children }: DialogProps) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-ground">
          <Radix.Content className="dialog" {...(description ? {} : { 'aria-describedby': undefined })}>
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
