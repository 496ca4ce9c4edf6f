import { ApiProblem } from '../api/client';
import { strings } from '../strings';

/** A request that failed: what, why, and a button to ask again. */
export function ProblemNotice({
  what,
  error,
  onRetry,
}: {
  what: string;
  error: unknown;
  onRetry: () => void;
}) {
  const why = error instanceof ApiProblem ? error.message : String(error);
  return (
    <div className="notice" role="alert">
      <p className="notice-title">{what}</p>
      <p>{why}</p>
      <button type="button" className="button" onClick={onRetry}>
        {strings.problem.retry}
      </button>
    </div>
  );
}
