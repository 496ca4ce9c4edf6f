import { useQuery } from '@tanstack/react-query';
import { getDisk } from '../../api/admin';
import { ProblemNotice } from '../../components/problem_notice';
import { byteCount, moment } from '../../format';
import { strings } from '../../strings';
import { Table } from './parts';

export function DiskTab() {
  const { data, error, refetch } = useQuery({
    queryKey: ['admin', 'disk'],
    queryFn: ({ signal }) => getDisk(signal),
  });
  if (error && !data)
    return <ProblemNotice what={strings.disk.failed} error={error} onRetry={() => void refetch()} />;
  if (!data) return <p role="status">{strings.disk.loading}</p>;
  const { part, files, bytes, filmsOf, count, use } = strings.disk;
  return (
    <>
      <p>
        {strings.disk.free(byteCount(data.free_bytes), byteCount(data.bytes))}{' '}
        <span className="soft">{strings.disk.counted(moment(data.counted_at))}</span>
      </p>
      <h2>{strings.disk.parts}</h2>
      <Table
        label={strings.disk.parts}
        heads={[part, files, bytes]}
        numbers={[files, bytes]}
        rows={data.parts.map((one) => ({
          key: one.name,
          cells: [strings.disk.partName[one.name] ?? one.name, one.files, byteCount(one.bytes)],
        }))}
      />
      <h2>{strings.disk.films}</h2>
      <Table
        label={filmsOf}
        heads={[filmsOf, count, use]}
        numbers={[count, use]}
        rows={(['kept', 'trash', 'uploading'] as const).map((name) => ({
          key: name,
          cells: [strings.disk[name], data[name].films, byteCount(data[name].bytes)],
        }))}
      />
    </>
  );
}
