import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadPreferences, savePreferences } from '../src/player/preferences';

beforeEach(() => localStorage.clear());
afterEach(() => vi.restoreAllMocks());

describe('preferences', () => {
  it('begin with sound and without subtitles', () =>
    expect(loadPreferences()).toEqual({ text: null, volume: 1, muted: false }));

  it('are kept one by one', () => {
    savePreferences({ volume: 0.3 });
    savePreferences({ text: 'bn' });
    expect(loadPreferences()).toEqual({ text: 'bn', volume: 0.3, muted: false });
  });

  it('do not take over nonsense', () => {
    localStorage.setItem('movio.player', '{"volume":7,"text":3,"muted":"yes"}');
    expect(loadPreferences()).toEqual({ text: null, volume: 1, muted: false });
    localStorage.setItem('movio.player', 'not json');
    expect(loadPreferences()).toEqual({ text: null, volume: 1, muted: false });
  });

  it('do without a browser that keeps them', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect(() => savePreferences({ muted: true })).not.toThrow();
  });
});
