import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listSettings, type Setting } from '../../api/admin';
import { Field } from '../../components/fields';
import { ProblemNotice } from '../../components/problem_notice';
import { strings } from '../../strings';
import { Table } from './parts';

export function SettingsTab() {
  const [text, setText] = useState('');
  const [changed, setChanged] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['admin', 'settings'],
    queryFn: ({ signal }) => listSettings(signal),
  });
  if (error && !data)
    return <ProblemNotice what={strings.settings.failed} error={error} onRetry={() => void refetch()} />;
  if (!data) return <p role="status">{strings.settings.loading}</p>;
  const word = text.trim().toLowerCase();
  const shown = data.items.filter(
    ({ name, help, origin }) =>
      `${name} ${help}`.toLowerCase().includes(word) && (!changed || origin !== 'default'),
  );
  return (
    <>
      <p className="soft">{strings.settings.hint}</p>
      <div className="admin-filter" role="search">
        <div className="wide">
          <Field
            label={strings.settings.text}
            name="q"
            type="search"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <label className="check">
          <input type="checkbox" checked={changed} onChange={() => setChanged(!changed)} />
          {strings.settings.changed}
        </label>
      </div>
      {shown.length === 0 ? (
        <p>{strings.settings.empty}</p>
      ) : (
        <Table
          label={strings.admin.tab.settings}
          heads={[strings.settings.name, strings.settings.value, strings.settings.origin]}
          rows={shown.map((setting) => ({
            key: setting.name,
            cells: [
              <Name key="name" setting={setting} />,
              <Value key="value" setting={setting} />,
              strings.settings.originName[setting.origin],
            ],
          }))}
        />
      )}
    </>
  );
}

function Name({ setting }: { setting: Setting }) {
  return (
    <>
      <code>{setting.name}</code>
      <br />
      <span className="soft">{setting.help}</span>
    </>
  );
}

function Value({ setting }: { setting: Setting }) {
  const { secret, none, fallback } = strings.settings;
  const unit = setting.unit === '' ? '' : ` ${setting.unit}`;
  if (!setting.is_set) return <span className="soft">{none}</span>;
  if (setting.secret) return <span className="soft">{secret}</span>;
  return (
    <>
      <code>{setting.value}</code>
      {unit}
      {setting.origin !== 'default' && setting.default !== '' && (
        <>
          <br />
          <span className="soft">{fallback(setting.default ?? '')}</span>
        </>
      )}
    </>
  );
}
