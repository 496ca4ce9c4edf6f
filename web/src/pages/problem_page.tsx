import { Link, useParams } from 'react-router-dom';
import { problems } from '../problems';
import { strings } from '../strings';
import '../styles/list.css';
import { NotFoundPage } from './not_found_page';
import { useTitle } from './use_title';

export function ProblemPage() {
  const { code = '' } = useParams();
  const problem = Object.hasOwn(problems, code) ? problems[code] : undefined;
  useTitle(problem?.title);
  if (!problem) return <NotFoundPage text={strings.problemPage.unknown} />;
  return (
    <article className="narrow text-page">
      <h1 className="list-title">{problem.title}</h1>
      <p className="soft">
        {strings.problemPage.code}: <code>{code}</code>
      </p>
      <p>{problem.means}</p>
      <h2>{strings.problemPage.whatToDo}</h2>
      <p>{problem.advice}</p>
      <Links />
    </article>
  );
}

export function ProblemsPage() {
  useTitle(strings.problemPage.title);
  return (
    <article className="narrow text-page">
      <h1 className="list-title">{strings.problemPage.title}</h1>
      <ul className="problem-list">
        {Object.entries(problems).map(([code, { title }]) => (
          <li key={code}>
            <Link to={`/doc/problems/${code}`}>{title}</Link> <code>{code}</code>
          </li>
        ))}
      </ul>
      <Links />
    </article>
  );
}

function Links() {
  return (
    <p className="text-links">
      <Link to="/doc/problems">{strings.problemPage.all}</Link>
      <a href="/doc/">{strings.problemPage.documentation}</a>
    </p>
  );
}
