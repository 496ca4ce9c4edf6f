import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { endDevice, endEveryDevice, listDevices } from '../api/client';
import { useSession } from '../api/session';
import type { Device } from '../api/types';
import { day } from '../format';
import { strings } from '../strings';
import '../styles/account.css';
import { ProblemNotice } from './problem_notice';
import { useToast } from './toasts';

const devicesKey = ['devices'] as const;

/** Where one is logged in, each place with a way out. */
export function Devices() {
  const client = useQueryClient();
  const { end } = useSession();
  const toast = useToast();
  const list = useQuery({ queryKey: devicesKey, queryFn: ({ signal }) => listDevices(signal) });
  const failed = (error: Error) =>
    toast({ text: `${strings.devices.endFailed} ${error.message}`, tone: 'bad' });
  const one = useMutation({
    mutationFn: async (device: Device) => {
      await (device.current ? end() : endDevice(device.id));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: devicesKey }),
    onError: failed,
  });
  const all = useMutation({
    mutationFn: async () => {
      await endEveryDevice();
      await end();
    },
    onError: failed,
  });
  return (
    <section className="account" aria-labelledby="devices">
      <h2 id="devices">{strings.devices.title}</h2>
      <p className="soft">{strings.devices.hint}</p>
      {list.isPending && <p role="status">{strings.devices.loading}</p>}
      {list.isError && (
        <ProblemNotice what={strings.devices.failed} error={list.error} onRetry={() => void list.refetch()} />
      )}
      <ul className="rows" role="list">
        {list.data?.items.map((device) => (
          <li key={device.id} className="account-row">
            <div className="account-what">
              <strong dir="auto">{device.agent === '' ? strings.devices.unknown : device.agent}</strong>
              <span className="soft">
                {device.current ? strings.devices.current : strings.devices.used(day(device.used_at))}
                {` · ${device.address}`}
              </span>
            </div>
            <button
              type="button"
              className="button plain small"
              disabled={one.isPending || all.isPending}
              aria-label={strings.devices.endOf(device.agent)}
              onClick={() => one.mutate(device)}
            >
              {strings.devices.end}
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="button plain"
        disabled={all.isPending}
        onClick={() => window.confirm(strings.devices.endAllSure) && all.mutate()}
      >
        {strings.devices.endAll}
      </button>
    </section>
  );
}
