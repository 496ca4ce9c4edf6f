import { strings } from '../strings';
import '../styles/account.css';

/** What the server keeps of the user, as a file. */
export function ExportData() {
  return (
    <section className="account" aria-labelledby="export">
      <h2 id="export">{strings.exportData.title}</h2>
      <p className="soft">{strings.exportData.hint}</p>
      <a className="button plain" href="/api/v2/me/export" download>
        {strings.exportData.get}
      </a>
    </section>
  );
}
