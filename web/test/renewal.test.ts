import { describe, expect, it } from 'vitest';
import { leadToSame, renewAfterMs, renewal } from '../src/player/renewal';

const open = 'http://a/media/o/film/1/main.mpd';
const first = 'http://a/media/t-1-k.v.abc/film/1/main.mpd';
const second = 'http://a/media/t-2-k.v.xbc/film/1/main.mpd';

describe('what was begun', () => {
  it('goes on by the newest address, captions and segments too', () => {
    for (const [old, fresh] of [
      [first, second],
      [open, second],
      [first, open],
      ['http://a/media/t-1/film/1/main.mpd', 'http://cdn/t-1/film/1/main.mpd'],
    ] as const) {
      const renew = renewal(old, fresh);
      const rest = '/film/1/main.mpd';
      for (const file of ['/film/1/main.mpd', '/film/1/v/3.m4s', '/film/text/x/1.vtt'])
        expect(renew(old.replace(rest, file))).toBe(fresh.replace(rest, file));
    }
  });

  it('leaves other addresses, and the same one, alone', () => {
    expect(renewal(first, second)('http://b/x.jpg')).toBe('http://b/x.jpg');
    expect(renewal(first, second)(second)).toBe(second);
    expect(renewal(first, first)(first)).toBe(first);
  });

  it('is begun anew when another revision plays', () => {
    expect(leadToSame(first, second)).toBe(true);
    expect(leadToSame(first, second.replace('/1/', '/2/'))).toBe(false);
    expect(leadToSame(null, second)).toBe(false);
    expect(leadToSame(null, null)).toBe(true);
  });
});

it('asks for new addresses at half of the time that is left', () => {
  const now = Date.parse('2026-11-29T12:00:00Z');
  expect(renewAfterMs('2026-11-29T14:00:00Z', now)).toBe(3600 * 1000);
  expect(renewAfterMs('2026-11-29T11:00:00Z', now)).toBe(1000);
  expect(renewAfterMs('2027-11-29T11:00:00Z', now)).toBe(24 * 3600 * 1000);
  expect(renewAfterMs(null, now)).toBe(false);
  expect(renewAfterMs(undefined, now)).toBe(false);
});
