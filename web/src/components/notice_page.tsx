import { type ReactNode } from 'react';
import { useTitle } from '../pages/use_title';

/** A narrow page that says one thing, perhaps with a form below it. */
export function NoticePage({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  useTitle(title);
  return (
    <div className="narrow">
      <h1 className="list-title">{title}</h1>
      <p>{text}</p>
      {children}
    </div>
  );
}
