import type { StatusLine } from '../status';
import { strings } from '../strings';

/** A bar and a line under it. A bar without a value says that work goes on and nobody can say how long. */
export function Progress({ line }: { line: StatusLine }) {
  return (
    <div className="progress" data-tone={line.tone}>
      {line.tone === 'busy' && (
        <progress max={100} value={line.percent ?? undefined} aria-label={strings.status.progress} />
      )}
      <p className="progress-text">{line.text}</p>
    </div>
  );
}
