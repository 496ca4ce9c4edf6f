import { Link } from 'react-router-dom';
import { strings } from '../strings';
import { useTitle } from './use_title';

export function NotFoundPage({ text = strings.notFound.text }: { text?: string }) {
  useTitle(strings.notFound.title);
  return (
    <div className="notice">
      <h1 className="notice-title">{strings.notFound.title}</h1>
      <p>{text}</p>
      <Link className="button" to="/">
        {strings.watch.back}
      </Link>
    </div>
  );
}
