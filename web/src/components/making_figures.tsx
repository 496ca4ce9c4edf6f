import type { Making, Video } from '../api/types';
import { byteCount, lasting } from '../format';
import { strings } from '../strings';
import '../styles/making_figures.css';

/** What it was foretold to take to make a video, and what it took; nothing for videos of before that was counted. */
export function MakingFigures({ video }: { video: Video }) {
  const { estimate, actual } = video;
  if (!estimate && !actual) return null;
  const words = strings.making;
  const rows: [string, (made: Making) => string][] = [
    [words.playable, (made) => lasting(made.playable_ms)],
    [words.complete, (made) => lasting(made.complete_ms)],
    [words.cpu, (made) => lasting(made.cpu_ms)],
    [words.bytes, (made) => byteCount(made.bytes)],
  ];
  return (
    <details className="making-figures">
      <summary>{words.title}</summary>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{words.estimate}</th>
            <th scope="col">{words.actual}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, text]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{estimate ? text(estimate) : words.unknown}</td>
              <td>{actual ? text(actual) : words.unknown}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
