import { strings } from '../strings';
import type {
  AuditEntry,
  AuditFilter,
  Decision,
  DecisionKind,
  Device,
  EmbedLink,
  FilmHits,
  Group,
  GroupMember,
  Invite,
  LogInWay,
  NewUser,
  Page,
  ProgramToken,
  Quota,
  Report,
  ReportReason,
  Scope,
  Session,
  SignUpPolicy,
  SitePage,
  SitePageName,
  User,
  Video,
  VideoChange,
  VisibilityLevels,
} from './types';

/** What is wrong with one field of what was sent. */
export interface FieldProblem {
  field: string;
  message: string;
}

/** A refusal of the server (RFC 9457 problem details), or no answer at all (status 0). */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly requestId: string | null = null,
    readonly fields: readonly FieldProblem[] = [],
  ) {
    super(message);
    this.name = 'ApiProblem';
  }
}

export const pageSize = 24;
const searchSize = 12;
const auditSize = 50;
/** What one upload may say of a film; the server counts the same. */
export const titleLengthMax = 220;
export const attributionLengthMax = 500;

export function listVideos(cursor: string | null, signal?: AbortSignal): Promise<Page<Video>> {
  return getJson<Page<Video>>(`/api/v2/videos?${pageOf({}, pageSize, cursor)}`, signal);
}

export function listOwnVideos(cursor: string | null, signal?: AbortSignal): Promise<Page<Video>> {
  return getJson<Page<Video>>(`/api/v2/videos?${pageOf({ owner: 'me' }, pageSize, cursor)}`, signal);
}

export function listTrash(cursor: string | null, signal?: AbortSignal): Promise<Page<Video>> {
  const query = pageOf({ owner: 'me', trash: 'true' }, pageSize, cursor);
  return getJson<Page<Video>>(`/api/v2/videos?${query}`, signal);
}

export function getVideo(id: string, signal?: AbortSignal): Promise<Video> {
  return getJson<Video>(videoAddress(id), signal);
}

export function changeVideo(id: string, change: VideoChange): Promise<Video> {
  return sendJson<Video>('PATCH', videoAddress(id), change);
}

export function getVisibilities(signal?: AbortSignal): Promise<VisibilityLevels> {
  return getJson<VisibilityLevels>('/api/v2/visibilities', signal);
}

/** Into the trash, from where `restoreVideo` takes it back. */
export function deleteVideo(id: string): Promise<void> {
  return sendForNothing('DELETE', videoAddress(id));
}

export function restoreVideo(id: string): Promise<Video> {
  return sendJson<Video>('POST', `${videoAddress(id)}/restore`);
}

/** The HTML by which pages of others show a video that everybody with its address may see. */
export function getEmbedCode(id: string, signal?: AbortSignal): Promise<{ html: string }> {
  const query = new URLSearchParams({ url: `/embed/${id}` });
  return getJson<{ html: string }>(`/oembed?${query}`, signal);
}

export function listEmbedLinks(id: string, signal?: AbortSignal): Promise<{ items: EmbedLink[] }> {
  return getJson(`${videoAddress(id)}/embed-links`, signal);
}

export function makeEmbedLink(
  id: string,
  origins: string[],
  seconds: number,
): Promise<EmbedLink & { html: string }> {
  return sendJson('POST', `${videoAddress(id)}/embed-links`, { origins, expires_in_s: seconds });
}

export function revokeEmbedLink(id: string, link: string): Promise<void> {
  return sendForNothing('DELETE', `${videoAddress(id)}/embed-links/${encodeURIComponent(link)}`);
}

export function reportVideo(id: string, reason: ReportReason, text: string): Promise<void> {
  return sendForNothing('POST', `${videoAddress(id)}/reports`, { reason, text });
}

export function listReports(
  state: 'open' | 'closed',
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<Report>> {
  return getJson<Page<Report>>(`/api/v2/reports?${pageOf({ state }, pageSize, cursor)}`, signal);
}

/** The owner is told the reason. */
export function decideOnVideo(id: string, decision: DecisionKind, reason: string): Promise<Decision> {
  return sendJson<Decision>('POST', `${videoAddress(id)}/decisions`, { decision, reason });
}

/** Those that there are. */
export function listSitePages(signal?: AbortSignal): Promise<{ items: SitePageName[] }> {
  return getJson('/api/v2/pages', signal);
}

export function getSitePage(name: SitePageName, signal?: AbortSignal): Promise<SitePage> {
  return getJson(`/api/v2/pages/${name}`, signal);
}

export function search(
  text: string,
  language: string,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<FilmHits>> {
  const asked: Record<string, string> = { q: text };
  if (language !== '') asked.language = language;
  return getJson<Page<FilmHits>>(`/api/v2/search?${pageOf(asked, searchSize, cursor)}`, signal);
}

export function getSession(signal?: AbortSignal): Promise<Session> {
  return getJson<Session>('/api/v2/session', signal);
}

/** A wrong password is an answer to this question, not the end of a session. */
export async function logIn(credential: string, password: string): Promise<Session> {
  const answer = await ask('/api/v2/session', withBody('POST', { credential, password }));
  return objectIn<Session>(answer);
}

export async function signUp(user: NewUser): Promise<Session> {
  return objectIn<Session>(await ask('/api/v2/users', withBody('POST', user)));
}

export function listLogInWays(signal?: AbortSignal): Promise<{ items: LogInWay[] }> {
  return getJson('/api/v2/session/ways', signal);
}

export function getSignUpPolicy(signal?: AbortSignal): Promise<SignUpPolicy> {
  return getJson<SignUpPolicy>('/api/v2/signup', signal);
}

/** What the token of an invitation is good for. */
export async function findInvite(token: string): Promise<Invite> {
  return objectIn<Invite>(await ask('/api/v2/invite', withBody('POST', { token })));
}

export async function askForPasswordReset(email: string): Promise<void> {
  refuseErrors(await ask('/api/v2/auth/password-reset', withBody('POST', { email })));
}

export async function resetPassword(token: string, password: string): Promise<void> {
  refuseErrors(await ask('/api/v2/auth/password-reset/confirm', withBody('POST', { token, password })));
}

/** By the link that was sent to an address. */
export async function confirmEmail(token: string): Promise<void> {
  refuseErrors(await ask('/api/v2/auth/email-check/confirm', withBody('POST', { token })));
}

/** The link is sent again. */
export function sendEmailCheck(): Promise<void> {
  return sendForNothing('POST', '/api/v2/me/email-check');
}

export async function changeEmail(email: string, password: string): Promise<void> {
  refuseErrors(await askAsUser('/api/v2/me/email', withBody('POST', { email, password })));
}

export async function logOut(): Promise<void> {
  const answer = await ask('/api/v2/session', { method: 'DELETE' });
  // Who is not logged in any more is logged out.
  if (answer.status !== 401) refuseErrors(answer);
}

export function changeMe(change: { phone_number?: string }): Promise<User> {
  return sendJson<User>('PATCH', '/api/v2/me', change);
}

/** The account is gone for good; the videos are in the trash, or the heir's. */
export function deleteMe(password: string, heir: string | null): Promise<void> {
  const body = heir === null ? { password } : { password, hand_over_to: heir };
  return sendForNothing('DELETE', '/api/v2/me', body);
}

export function getQuota(signal?: AbortSignal): Promise<Quota> {
  return getJson<Quota>('/api/v2/quota', signal);
}

export function listDevices(signal?: AbortSignal): Promise<{ items: Device[] }> {
  return getJson('/api/v2/sessions', signal);
}

export function endDevice(id: string): Promise<void> {
  return sendForNothing('DELETE', `/api/v2/sessions/${encodeURIComponent(id)}`);
}

export function endEveryDevice(): Promise<void> {
  return sendForNothing('DELETE', '/api/v2/sessions');
}

export function listProgramTokens(signal?: AbortSignal): Promise<{ items: ProgramToken[] }> {
  return getJson('/api/v2/api-tokens', signal);
}

export function makeProgramToken(
  name: string,
  scopes: Scope[],
  days: number,
): Promise<{ api_token: ProgramToken; token: string }> {
  return sendJson('POST', '/api/v2/api-tokens', { name, scopes, days });
}

export function endProgramToken(id: string): Promise<void> {
  return sendForNothing('DELETE', `/api/v2/api-tokens/${encodeURIComponent(id)}`);
}

export function listAudit(
  filter: AuditFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<AuditEntry>> {
  const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
  return getJson<Page<AuditEntry>>(`/api/v2/audit?${pageOf(asked, auditSize, cursor)}`, signal);
}

export function listGroups(signal?: AbortSignal): Promise<{ items: Group[] }> {
  return getJson('/api/v2/groups', signal);
}

export function makeGroup(name: string, kind: Group['kind']): Promise<Group> {
  return sendJson('POST', '/api/v2/groups', { name, kind });
}

/** Empty: it is called nothing elsewhere. */
export function setExternalName(id: string, external_name: string): Promise<Group> {
  return sendJson('PATCH', groupAddress(id), { external_name });
}

export function deleteGroup(id: string): Promise<void> {
  return sendForNothing('DELETE', groupAddress(id));
}

export function listMembers(id: string, signal?: AbortSignal): Promise<{ items: GroupMember[] }> {
  return getJson(`${groupAddress(id)}/members`, signal);
}

export function addMember(id: string, email: string): Promise<GroupMember> {
  return sendJson('POST', `${groupAddress(id)}/members`, { email });
}

export function removeMember(id: string, userId: string): Promise<void> {
  return sendForNothing('DELETE', `${groupAddress(id)}/members/${encodeURIComponent(userId)}`);
}

/** Those of the list and nobody else. */
export function putMembers(
  id: string,
  csv: string,
): Promise<{ members: number; added: number; removed: number }> {
  return sendJson('PUT', `${groupAddress(id)}/members`, { csv });
}

const unauthorizedListeners = new Set<() => void>();

/** Tells whenever the server no longer takes the session; the returned function ends that. */
export function onUnauthorized(listener: () => void): () => void {
  unauthorizedListeners.add(listener);
  return () => unauthorizedListeners.delete(listener);
}

export function tellUnauthorized(): void {
  for (const listener of unauthorizedListeners) listener();
}

interface Answer {
  status: number;
  ok: boolean;
  body: unknown;
}

export async function getJson<T>(address: string, signal?: AbortSignal): Promise<T> {
  return objectIn<T>(await askAsUser(address, { headers: { accept: 'application/json' }, signal }));
}

export async function sendJson<T>(method: string, address: string, body?: unknown): Promise<T> {
  return objectIn<T>(await askAsUser(address, withBody(method, body)));
}

export async function sendForNothing(method: string, address: string, body?: unknown): Promise<void> {
  refuseErrors(await askAsUser(address, body === undefined ? { method } : withBody(method, body)));
}

async function askAsUser(address: string, init: RequestInit): Promise<Answer> {
  const answer = await ask(address, init);
  if (answer.status === 401) tellUnauthorized();
  return answer;
}

async function ask(address: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(0, strings.problem.unreachable);
  }
  const body: unknown = await response.json().catch(() => null);
  return { status: response.status, ok: response.ok, body };
}

function withBody(method: string, body?: unknown): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body === undefined) return { method, headers };
  headers['content-type'] = 'application/json';
  return { method, headers, body: JSON.stringify(body) };
}

function refuseErrors(answer: Answer): void {
  if (!answer.ok) throw problemOf(answer.status, answer.body);
}

function objectIn<T>(answer: Answer): T {
  refuseErrors(answer);
  if (answer.body === null || typeof answer.body !== 'object')
    throw new ApiProblem(answer.status, strings.problem.notJson);
  return answer.body as T;
}

function videoAddress(id: string): string {
  return `/api/v2/videos/${encodeURIComponent(id)}`;
}

function groupAddress(id: string): string {
  return `/api/v2/groups/${encodeURIComponent(id)}`;
}

export function pageOf(asked: Record<string, string>, limit: number, cursor: string | null): URLSearchParams {
  const query = new URLSearchParams({ ...asked, limit: String(limit) });
  if (cursor !== null) query.set('cursor', cursor);
  return query;
}

/** Takes the sentence meant for people out of a problem document; a body of another kind gives a plain one. */
export function problemOf(status: number, body: unknown): ApiProblem {
  const document = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const text = [document.detail, document.title].find((part) => typeof part === 'string' && part !== '');
  const message = typeof text === 'string' ? text : strings.problem.status(status);
  const requestId = [document.instance, document.request_id].find((part) => typeof part === 'string');
  return new ApiProblem(
    status,
    message,
    typeof requestId === 'string' ? requestId : null,
    fieldsOf(document.errors),
  );
}

function fieldsOf(errors: unknown): FieldProblem[] {
  if (!Array.isArray(errors)) return [];
  return errors.filter(
    (error): error is FieldProblem =>
      typeof error === 'object' &&
      error !== null &&
      typeof (error as FieldProblem).field === 'string' &&
      typeof (error as FieldProblem).message === 'string',
  );
}

/** A refusal stays a refusal; no answer, an overload or a fault of the server may pass. */
export function worthRetrying(attempts: number, error: unknown): boolean {
  if (attempts >= 3) return false;
  return !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500 || error.status === 429;
}
