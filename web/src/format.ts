import { strings } from './strings';

/** 83000 → "1:23", 3723000 → "1:02:03". The length of a film, or a place in it. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const seconds = total % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** 83000 → "1 minute 23 seconds", for those who listen to the page. */
export function spokenClock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const seconds = total % 60;
  const parts: string[] = [];
  if (hours > 0) parts.push(strings.time.hours(hours));
  if (minutes > 0) parts.push(strings.time.minutes(minutes));
  if (seconds > 0 || parts.length === 0) parts.push(strings.time.seconds(seconds));
  return parts.join(' ');
}

/** Rounded so that it does not flicker: seconds below a minute, minutes below an hour. */
export function timeLeft(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 60) return strings.time.secondsLeft(whole);
  const minutes = Math.ceil(whole / 60);
  if (minutes < 60) return strings.time.minutesLeft(minutes);
  return strings.time.hoursLeft(Math.floor(minutes / 60), minutes % 60);
}

/** 1234 → "1.2 s", 83000 → "1 min 23 s": how long something took. */
export function lasting(ms: number): string {
  if (ms < 59950) return strings.time.inSeconds((Math.max(0, ms) / 1000).toFixed(1));
  const seconds = Math.round(ms / 1000);
  return strings.time.inMinutes(Math.floor(seconds / 60), seconds % 60);
}

/** Never 100 before it is done: a bar that is full and still waits looks broken. */
export function wholePercent(percent: number): number {
  if (!Number.isFinite(percent)) return 0;
  return Math.min(99, Math.max(0, Math.floor(percent)));
}

/** A date as the viewer's locale writes it; empty when the server's text is no date. */
export function day(rfc3339: string, locale?: string): string {
  const date = new Date(rfc3339);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(date);
}

/** A moment as the viewer's locale writes it, to the minute; empty when the server's text is none. */
export function moment(rfc3339: string, locale?: string): string {
  const date = new Date(rfc3339);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

/** "bn" → "বাংলা": each language by its own name, so that its readers find it. */
export function languageName(tag: string): string {
  if (tag === '' || tag === 'und') return strings.player.unknownLanguage;
  try {
    const name = new Intl.DisplayNames([tag], { type: 'language', fallback: 'none' }).of(tag);
    return name ? name.charAt(0).toLocaleUpperCase(tag) + name.slice(1) : tag;
  } catch {
    return tag;
  }
}

/** 1500000 → "1.5 MB". Decimal units, as shops and browsers count. */
export function byteCount(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return strings.time.bytes(value.toFixed(digits), units[unit] ?? '');
}

/** Whole days until then; a day that has begun counts. */
export function daysLeft(until: string, nowMs: number): number {
  return Math.max(0, Math.ceil((new Date(until).getTime() - nowMs) / 86400000));
}

/** `90` or `90.5`: where to begin, in seconds; null for anything else. */
export function startSeconds(value: string | null): number | null {
  if (value === null || !/^\d+(\.\d+)?$/.test(value)) return null;
  return Number(value);
}

/** `?t=90` or `#t=90` of an address; null when it names no place. */
export function startOf(search: string, hash: string): number | null {
  const asked = new URLSearchParams(search).get('t');
  return startSeconds(asked) ?? startSeconds(new URLSearchParams(hash.replace(/^#/, '')).get('t'));
}
