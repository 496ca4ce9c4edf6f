import { highlightPieces } from '../highlight';

export function Highlight({ html }: { html: string }) {
  return highlightPieces(html).map(({ text, found }, index) =>
    found ? <mark key={index}>{text}</mark> : text,
  );
}
