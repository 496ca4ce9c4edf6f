import { useEffect } from 'react';
import { strings } from '../strings';

export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} – ${strings.app.name}` : strings.app.name;
  }, [title]);
}
