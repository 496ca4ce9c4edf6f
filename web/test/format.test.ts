import { describe, expect, it } from 'vitest';
import {
  byteCount,
  clock,
  day,
  daysLeft,
  languageName,
  lasting,
  spokenClock,
  startOf,
  startSeconds,
  timeLeft,
  wholePercent,
} from '../src/format';

describe('clock', () => {
  it.each([
    [0, '0:00'],
    [999, '0:00'],
    [1000, '0:01'],
    [83000, '1:23'],
    [3599999, '59:59'],
    [3723000, '1:02:03'],
    [-5, '0:00'],
  ])('%i ms is %s', (ms, text) => expect(clock(ms)).toBe(text));
});

describe('spokenClock', () => {
  it.each([
    [0, '0 seconds'],
    [1000, '1 second'],
    [61000, '1 minute 1 second'],
    [7200000, '2 hours'],
    [3723000, '1 hour 2 minutes 3 seconds'],
  ])('%i ms is %s', (ms, text) => expect(spokenClock(ms)).toBe(text));
});

describe('lasting', () => {
  it.each([
    [0, '0.0\u00a0s'],
    [1249, '1.2\u00a0s'],
    [59949, '59.9\u00a0s'],
    [59950, '1\u00a0min 0\u00a0s'],
    [3723000, '62\u00a0min 3\u00a0s'],
  ])('%i ms is %s', (ms, text) => expect(lasting(ms)).toBe(text));
});

describe('timeLeft', () => {
  it.each([
    [0, '1\u00a0s left'],
    [19.2, '20\u00a0s left'],
    [59, '59\u00a0s left'],
    [60, '1\u00a0min left'],
    [61, '2\u00a0min left'],
    [3541, '1\u00a0h 0\u00a0min left'],
    [5400, '1\u00a0h 30\u00a0min left'],
  ])('%d s is %s', (seconds, text) => expect(timeLeft(seconds)).toBe(text));
});

describe('wholePercent', () => {
  it.each([
    [0, 0],
    [42.9, 42],
    [99.9, 99],
    [100, 99],
    [-1, 0],
    [Number.NaN, 0],
  ])('%d gives %i', (given, shown) => expect(wholePercent(given)).toBe(shown));
});

describe('startSeconds', () => {
  it.each([
    ['90', 90],
    ['12.5', 12.5],
    ['0', 0],
    ['', null],
    ['-3', null],
    ['1e9', null],
    ['abc', null],
    [null, null],
  ])('%s is %s', (text, seconds) => expect(startSeconds(text)).toBe(seconds));
});

describe('languageName', () => {
  it('names a language in its own words', () => {
    expect(languageName('en')).toBe('English');
    expect(languageName('fr')).toBe('Français');
    expect(languageName('hi')).toBe('हिन्दी');
    expect(languageName('bn')).toBe('বাংলা');
  });
  it('says that it does not know', () => {
    expect(languageName('und')).toBe('Unknown language');
    expect(languageName('')).toBe('Unknown language');
    expect(languageName('not a tag')).toBe('not a tag');
  });
});

describe('day', () => {
  it('writes a date as the locale does', () =>
    expect(day('2026-11-20T10:00:00Z', 'en-GB')).toBe('20 November 2026'));
  it('is empty for what is no date', () => expect(day('soon')).toBe(''));
});

describe('startOf', () => {
  it.each([
    ['?t=12', '', 12],
    ['?q=1&t=0', '#t=9', 0],
    ['', '#t=9.5', 9.5],
    ['?t=soon', '#t=9', 9],
    ['', '#main', null],
  ])('%s%s is %s', (search, hash, seconds) => expect(startOf(search, hash)).toBe(seconds));
});

describe('byteCount', () => {
  it.each([
    [0, '0\u00a0B'],
    [999, '999\u00a0B'],
    [1000, '1.0\u00a0kB'],
    [1540000, '1.5\u00a0MB'],
    [99960000, '100\u00a0MB'],
    [999600000, '1.0\u00a0GB'],
    [20e9, '20.0\u00a0GB'],
    [-1, '0\u00a0B'],
  ])('%d is %s', (bytes, text) => expect(byteCount(bytes)).toBe(text));
});

describe('daysLeft', () => {
  const now = Date.UTC(2026, 10, 20, 12);
  it('counts a day that has begun, and never less than none', () => {
    expect(daysLeft('2026-12-20T12:00:00Z', now)).toBe(30);
    expect(daysLeft('2026-12-20T11:59:59Z', now)).toBe(30);
    expect(daysLeft('2026-11-20T12:00:01Z', now)).toBe(1);
    expect(daysLeft('2026-11-20T12:00:00Z', now)).toBe(0);
    expect(daysLeft('2026-01-01T00:00:00Z', now)).toBe(0);
  });
});
