// What administrators ask the server.
import { getJson, pageOf, pageSize, sendForNothing, sendJson } from './client';
import { followStream } from './events';
import type { Page, Quota, Role } from './types';

export type Service = 'worker' | 'api' | 'auth';
export const services: readonly Service[] = ['worker', 'api', 'auth'];
export type JobState = 'running' | 'done' | 'failed' | 'cancelled';
export const jobStates: readonly JobState[] = ['running', 'done', 'failed', 'cancelled'];
export type TaskState = 'ready' | 'blocked' | 'leased' | 'done' | 'failed' | 'cancelled';
export type Priority =
  'bulk' | 'watched' | 'watched_now' | 'watched_first' | 'interactive' | 'publish' | 'on_demand';
/** Those that an administrator gives. */
export const givenPriorities: readonly Priority[] = ['bulk', 'interactive', 'publish'];

export interface WorkFailure {
  code: string;
  message: string;
  detail: string;
}

export interface Job {
  id: string;
  service: Service;
  kind: string;
  /** The name of a film's file, or what the server calls it. */
  about: string;
  video_id: string | null;
  owner_id: string | null;
  state: JobState;
  /** Of what is left. */
  priority: Priority | null;
  percent: number;
  created_at: string;
  ended_at: string | null;
  task_counts: Record<TaskState, number>;
  failure: WorkFailure | null;
}

export interface Task {
  id: string;
  kind: string;
  key: string;
  state: TaskState;
  priority: Priority;
  attempt: number;
  attempts_max: number;
  worker: string | null;
  percent: number | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  took_ms: number | null;
  next_attempt_at: string | null;
  failure: WorkFailure | null;
}

export interface JobTasks extends Job {
  tasks: Task[];
  tasks_left_out: number;
}

export interface WorkClass {
  name: string;
  at_least: Priority;
  slots: number;
  busy: number;
}

export interface Worker {
  service: Service;
  name: string;
  host: string;
  pid: number;
  started_at: string | null;
  seen_at: string | null;
  cpu_ms: number;
  rss_bytes: number;
  classes: WorkClass[];
  tasks: { id: string; job_id: string; kind: string; key: string; attempt: number; started_at: string }[];
  processes: {
    pid: number;
    task_id: string | null;
    video_id: string | null;
    class: string;
    started_at: string;
    percent: number;
    cpu_ms: number;
    rss_bytes: number;
  }[];
}

interface Counts {
  ready: number;
  blocked: number;
  leased: number;
}

export interface Queue extends Counts {
  service: Service;
  later: number;
  wishes: number;
  oldest_ready_at: string | null;
  classes: (WorkClass & Counts)[];
  kinds: ({ kind: string } & Counts)[];
}

interface DiskFilms {
  films: number;
  bytes: number;
}

export interface Disk {
  counted_at: string;
  bytes: number;
  free_bytes: number;
  parts: { name: string; files: number; bytes: number }[];
  kept: DiskFilms;
  trash: DiskFilms;
  uploading: DiskFilms;
}

export interface Setting {
  name: string;
  /** Null of a secret. */
  value: string | null;
  default: string | null;
  is_set: boolean;
  secret: boolean;
  origin: 'default' | 'config file' | 'environment' | 'flag';
  unit: string;
  help: string;
  environment: string;
  flag: string;
}

export type UserState = 'enabled' | 'disabled' | 'deleted';
export const userStates: readonly UserState[] = ['enabled', 'disabled', 'deleted'];

export interface ListedUser {
  id: string;
  first_name: string;
  last_name: string;
  username: string | null;
  email: string;
  email_checked: boolean;
  role: Role;
  state: UserState;
  created_at: string;
  seen_at: string | null;
}

export interface JobFilter {
  service: Service;
  state: JobState | '';
  owner: string;
  text: string;
}

export interface UserFilter {
  text: string;
  role: Role | '';
  state: UserState | '';
}

/** What is not empty. */
function given(asked: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''));
}

export function listJobs(filter: JobFilter, cursor: string | null, signal?: AbortSignal): Promise<Page<Job>> {
  const { service, state, owner, text } = filter;
  const query = pageOf(given({ service, state, owner, q: text.trim() }), pageSize, cursor);
  return getJson(`/api/v2/admin/jobs?${query}`, signal);
}

function jobAddress(job: { id: string; service: Service }, what = ''): string {
  return `/api/v2/admin/jobs/${encodeURIComponent(job.id)}${what}?service=${job.service}`;
}

export function getJob(job: { id: string; service: Service }, signal?: AbortSignal): Promise<JobTasks> {
  return getJson(jobAddress(job), signal);
}

export function cancelJob(job: Job): Promise<void> {
  return sendForNothing('POST', jobAddress(job, '/cancel'));
}

export function retryJob(job: Job): Promise<void> {
  return sendForNothing('POST', jobAddress(job, '/retry'));
}

export function setJobPriority(job: Job, priority: Priority): Promise<JobTasks> {
  return sendJson('PATCH', jobAddress(job), { priority });
}

export function retryTask(service: Service, id: string): Promise<void> {
  return sendForNothing('POST', `/api/v2/admin/tasks/${encodeURIComponent(id)}/retry?service=${service}`);
}

export function listWorkers(signal?: AbortSignal): Promise<{ items: Worker[] }> {
  return getJson('/api/v2/admin/workers', signal);
}

export function listQueues(signal?: AbortSignal): Promise<{ items: Queue[] }> {
  return getJson('/api/v2/admin/queue', signal);
}

export function getDisk(signal?: AbortSignal): Promise<Disk> {
  return getJson('/api/v2/admin/disk', signal);
}

export function listSettings(signal?: AbortSignal): Promise<{ items: Setting[] }> {
  return getJson('/api/v2/admin/settings', signal);
}

export function listUsers(
  filter: UserFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<ListedUser>> {
  const query = pageOf(
    given({ q: filter.text.trim(), role: filter.role, state: filter.state }),
    pageSize,
    cursor,
  );
  return getJson(`/api/v2/admin/users?${query}`, signal);
}

function userAddress(id: string): string {
  return `/api/v2/admin/users/${encodeURIComponent(id)}`;
}

export function changeUser(id: string, change: { role?: Role; disabled?: boolean }): Promise<ListedUser> {
  return sendJson('PATCH', userAddress(id), change);
}

/** The account is gone for good; the videos are in the trash, or the heir's. */
export function deleteUser(id: string, heir: string | null): Promise<void> {
  const query = heir === null ? '' : `?${new URLSearchParams({ hand_over_to: heir })}`;
  return sendForNothing('DELETE', userAddress(id) + query);
}

export function logOutUser(id: string): Promise<void> {
  return sendForNothing('POST', `${userAddress(id)}/logout`);
}

/** What the videos of these users take and may take. */
export function listQuotas(
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<{ items: { user_id: string; quota: Quota }[] }> {
  return getJson(
    `/api/v2/admin/quotas?${ids.map((id) => `user=${encodeURIComponent(id)}`).join('&')}`,
    signal,
  );
}

/** Each a whole number, `none` for no limit, or `role` for as the role has it. */
export function changeQuota(id: string, change: Record<string, string>): Promise<Quota> {
  return sendJson('PATCH', `/api/v2/admin/quotas/${encodeURIComponent(id)}`, change);
}

export interface RunningJobs {
  service: Service;
  jobs: Job[];
  queue: Queue;
}

/** Tells what runs and what waits, at most once a second. The returned function ends that. */
export function followJobs(
  service: Service,
  onJobs: (running: RunningJobs) => void,
  onReopened: () => void,
): () => void {
  const take = (text: string) => {
    try {
      const value = JSON.parse(text) as RunningJobs | null;
      if (value && Array.isArray(value.jobs)) onJobs(value);
    } catch {
      // What cannot be read is told again, whole, with the next change.
    }
  };
  return followStream(`/api/v2/admin/events?service=${service}`, { jobs: take }, onReopened);
}
