// The shapes of Movio's API, version 2. What a video does not have yet is null.

export type VideoStatus = 'uploading' | 'submitted' | 'processing' | 'playable' | 'ready' | 'failed';

export interface Failure {
  code: string;
  message: string;
  detail: string;
}

export interface Progress {
  percent: number;
  /** What goes on: `waiting`, `index`, `encode`, `finish`. */
  stage: string;
  seconds_left: number | null;
}

export interface Playback {
  dash_url: string;
  hls_url: string;
  poster_url: string | null;
  /** WebVTT: a thumbnail for each few seconds. */
  storyboard_url: string | null;
  /** A short animated picture. */
  preview_url: string | null;
  chapters_url: string | null;
  /** Until when these addresses begin the video; null: for ever. */
  expires_at: string | null;
}

export interface Chapter {
  start_ms: number;
  end_ms: number;
  title: string;
}

export interface Stretch {
  start_ms: number;
  end_ms: number;
}

/** Null is what was not measured. */
export interface Analysis {
  loudness_lufs: number | null;
  black: Stretch[] | null;
  silence: Stretch[] | null;
}

export interface Rung {
  width: number;
  height: number;
  bandwidth: number;
  codec: string;
  source: 'encoded' | 'passthrough';
}

/** What it takes to make a video, from the moment at which its file was complete. */
export interface Making {
  playable_ms: number;
  complete_ms: number;
  /** Of the media processes. */
  cpu_ms: number;
  bytes: number;
  renditions: { name: string; bytes: number }[];
}

export interface Caption {
  id: string;
  language: string;
  label: string;
  source: 'embedded' | 'uploaded' | 'translated' | 'transcribed';
  url: string;
}

export type Visibility = 'public' | 'internal' | 'group' | 'shared' | 'unlisted' | 'private';

/** People to whom a video is shown together. */
export interface NamedGroup {
  id: string;
  name: string;
  kind: 'group' | 'course' | 'department';
}

export interface VisibilityLevels {
  /** `group` is among them where there are groups. */
  items: Visibility[];
  /** Those that a video of the viewer's can be for. */
  groups: NamedGroup[];
  /** What an upload gets of which nothing is said. */
  default: Visibility;
}

export interface NamedPerson {
  id: string;
  name: string;
  email: string;
}

/** What others may do with a video: SPDX identifiers, and what has none; empty where nothing is said. */
export type LicenceId =
  | ''
  | 'CC-BY-4.0'
  | 'CC-BY-SA-4.0'
  | 'CC-BY-ND-4.0'
  | 'CC-BY-NC-4.0'
  | 'CC-BY-NC-SA-4.0'
  | 'CC-BY-NC-ND-4.0'
  | 'CC-BY-3.0'
  | 'CC-BY-SA-3.0'
  | 'CC0-1.0'
  | 'CC-PDM-1.0'
  | 'all-rights-reserved';

export interface Video {
  id: string;
  title: string;
  description: string;
  status: VideoStatus;
  failure: Failure | null;
  /** Zero until the file has been read. */
  duration_ms: number;
  created_at: string;
  /** From the last byte of its upload to when it could be played. */
  playable_after_ms: number | null;
  progress: Progress | null;
  playback: Playback | null;
  rungs: Rung[];
  audio: { language: string; channels: number }[];
  chapters: Chapter[];
  /** Null until the video is ready. */
  analysis: Analysis | null;
  captions: Caption[];
  /** Foretold by the plan. */
  estimate: Making | null;
  /** What it took. */
  actual: Making | null;
  visibility: Visibility;
  licence: LicenceId;
  /** Whom those who show it name; may be empty. */
  attribution: string;
  /** What a moderator decided; told to owner and moderators alone. */
  moderation: Moderation | null;
  /** Whoever asks may change and delete it. */
  mine: boolean;
  /** Who else sees it while it is `shared`; null for whoever may not change it. */
  shared_with: NamedPerson[] | null;
  /** Whose members see it while it is `group`; null for whoever may not change it. */
  groups: NamedGroup[] | null;
  /** When it was put into the trash. */
  deleted_at: string | null;
  /** In the trash: until when it can be restored. */
  purge_at: string | null;
}

export interface Moderation {
  /** Hidden: moderators and the owner alone see it. Deleted: in the trash, from where the owner does not get it. */
  state: 'hidden' | 'deleted';
  reason: string;
  decided_at: string;
}

export const reportReasons = [
  'illegal',
  'copyright',
  'privacy',
  'hate',
  'violence',
  'sexual',
  'spam',
  'other',
] as const;
export type ReportReason = (typeof reportReasons)[number];

export type DecisionKind = 'hide' | 'delete' | 'restore' | 'dismiss' | 'block';

export interface Decision {
  id: string;
  decision: DecisionKind;
  reason: string;
  by: { id: string; name: string };
  decided_at: string;
}

export interface ReportedPerson {
  id: string;
  name: string;
  role: Role;
  blocked: boolean;
}

/** What a viewer said is wrong with a video. */
export interface Report {
  id: string;
  reason: ReportReason;
  text: string;
  created_at: string;
  /** Null: a guest, or gone. */
  reporter: ReportedPerson | null;
  video: {
    id: string;
    title: string;
    visibility: Visibility;
    open_reports: number;
    deleted: boolean;
    moderation: Moderation | null;
  };
  owner: ReportedPerson | null;
  /** By which it was closed. */
  decision: Decision | null;
}

export interface VideoChange {
  title?: string;
  description?: string;
  visibility?: Visibility;
  licence?: LicenceId;
  attribution?: string;
  /** E-mail addresses, all of them. */
  shared_with?: string[];
  /** Ids, all of them. */
  groups?: string[];
}

export type SitePageName = 'imprint' | 'terms' | 'privacy';

/** What whoever runs the server tells its visitors, in Markdown. */
export interface SitePage {
  name: SitePageName;
  text: string;
  changed_at: string;
}

export interface User {
  id: string;
  first_name: string;
  last_name: string;
  username: string | null;
  email: string;
  /** Without it neither uploads nor sharing. */
  email_checked: boolean;
  /** Takes the address's place once it is checked. */
  new_email: string | null;
  phone_number: string | null;
  role: Role;
  /** Without one they log in by the word of others alone. */
  has_password: boolean;
}

/** Each may what those before may. */
export type Role = 'viewer' | 'uploader' | 'moderator' | 'admin';

/** Who may make an account: everybody, whose address is of a domain, the invited, or nobody by themselves. */
export interface SignUpPolicy {
  signup: 'open' | 'domains' | 'invite' | 'closed';
  domains: string[];
}

/** What the holder of an invitation may do once: make an account. */
export interface Invite {
  id: string;
  role: Role;
  /** The only address it counts for. */
  email: string | null;
  /** Of a server that nobody can administer yet. */
  first_admin: boolean;
  created_at: string;
  expires_at: string;
}

/** As administrators see it. */
export interface Group extends NamedGroup {
  /** What it is called where people log in, who come into it by that. */
  external_name: string | null;
  /** How many. */
  members: number;
  created_at: string;
}

export interface GroupMember {
  /** The user's. */
  id: string;
  name: string;
  email: string;
  added_at: string;
  /** Whose word it is; what a log-in brought, a log-in takes away again. */
  source: 'hand' | 'list' | 'openid' | 'proxy';
}

export interface Session {
  user: User | null;
  /** Of a log-in by the word of others: where one logs out there, once one has logged out here. */
  log_out?: string;
}

/** A way to log in beside the password. */
export interface LogInWay {
  kind: 'openid' | 'proxy';
  button: string;
  /** Where a browser goes; takes `next`, the page to go on to. */
  address: string;
}

export interface NewUser {
  first_name: string;
  last_name: string;
  username?: string;
  email: string;
  password: string;
  /** The token of an invitation. */
  invite?: string;
}

/** Where the user is logged in. */
export interface Device {
  id: string;
  kind: 'page' | 'app';
  agent: string;
  address: string;
  created_at: string;
  used_at: string;
  expires_at: string;
  current: boolean;
}

export type Scope = 'read' | 'upload' | 'manage';

/** By it a program acts for the user; the token itself is told once. */
export interface ProgramToken {
  id: string;
  name: string;
  scopes: Scope[];
  created_at: string;
  expires_at: string | null;
}

/** By it, pages of the named origins embed a video; its address is told once. */
export interface EmbedLink {
  id: string;
  origins: string[];
  created_at: string;
  expires_at: string;
}

export type QuotaKind = 'bytes' | 'minutes' | 'uploads_per_day';

/** What one's videos take and may take. */
export type Quota = Record<QuotaKind, { used: number; limit: number | null }> & {
  /** When the next upload is free, where none is now. */
  upload_frees_at: string | null;
};

export interface SearchHit {
  field: 'title' | 'description' | 'caption';
  /** Of the captions, as are the times; null for title and description. */
  language: string | null;
  start_ms: number | null;
  end_ms: number | null;
  text: string;
  /** HTML: the text escaped, with what was found in `<mark>`. */
  highlight: string;
}

export interface FilmHits {
  video: { id: string; title: string; poster_url: string | null; duration_ms: number };
  hits: SearchHit[];
}

/** One thing that somebody did, or tried. */
export interface AuditEntry {
  id: string;
  at: string;
  actor_kind: 'user' | 'program' | 'stranger' | 'command' | 'system';
  actor_id: string | null;
  /** As it is now. */
  actor_email: string | null;
  /** Of the network; empty: the server itself. */
  address: string;
  action: string;
  subject_id: string | null;
  subject_email: string | null;
  outcome: 'done' | 'refused';
  detail: Record<string, unknown>;
}

/** What is empty is not asked for. */
export type AuditFilter = Partial<Record<'actor' | 'subject' | 'action' | 'from' | 'to', string>>;

export interface Page<T> {
  items: T[];
  next: string | null;
}
