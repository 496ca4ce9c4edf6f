import { describe, expect, it } from 'vitest';
import {
  chooseManifest,
  preferredText,
  qualityChoices,
  qualityName,
  soundChoices,
  textChoices,
  textIn,
} from '../src/player/choices';

const picture = (width: number, height: number, bandwidth: number) => ({
  width,
  height,
  bandwidth,
  frameRate: 24,
});

describe('qualityChoices', () => {
  it('lists the best first, by the short side', () => {
    const choices = qualityChoices([
      picture(640, 360, 8e5),
      picture(1280, 720, 24e5),
      picture(854, 480, 12e5),
    ]);
    expect(choices.map((choice) => choice.label)).toEqual(['720p', '480p', '360p']);
  });
  it('names a portrait picture by its width', () =>
    expect(qualityName({ width: 720, height: 1280 })).toBe('720p'));
  it('tells two rungs of one size apart by their rate', () => {
    const choices = qualityChoices([picture(1280, 720, 1e6), picture(1280, 720, 3e6)]);
    expect(choices.map((choice) => choice.label)).toEqual(['720p, 3000 kbit/s', '720p, 1000 kbit/s']);
    expect(new Set(choices.map((choice) => choice.key)).size).toBe(2);
  });
});

describe('textChoices', () => {
  const track = (id: number, language: string, label: string | null = null) => ({
    id,
    language,
    originalLanguage: language,
    label,
  });
  it('uses the label, else the name of the language', () => {
    expect(textChoices([track(1, 'en', 'English (SDH)'), track(2, 'bn')])).toEqual([
      { key: '1', label: 'English (SDH)' },
      { key: '2', label: 'বাংলা' },
    ]);
  });
  it('numbers tracks that read the same', () => {
    expect(textChoices([track(1, 'en'), track(2, 'en')]).map((choice) => choice.label)).toEqual([
      'English – Track 1',
      'English – Track 2',
    ]);
  });
});

describe('soundChoices', () => {
  const track = (language: string, channelsCount: number | null) => ({
    language,
    originalLanguage: language,
    label: null,
    channelsCount,
    codecs: 'mp4a.40.2',
    roles: [],
  });
  it('tells the channels', () => {
    expect(
      soundChoices([track('en', 2), track('en', 6), track('fr', 1)]).map((choice) => choice.label),
    ).toEqual(['English, stereo', 'English, 5.1', 'Français, mono']);
  });
});

describe('preferredText', () => {
  const tracks = [{ language: 'en' }, { language: 'pt-BR' }, { language: 'bn' }];
  it('takes the remembered language first', () =>
    expect(preferredText(tracks, 'bn', ['en'])?.language).toBe('bn'));
  it('then the viewer’s, by its base when the region differs', () =>
    expect(preferredText(tracks, null, ['pt-PT', 'en'])?.language).toBe('pt-BR'));
  it('then the first', () => expect(preferredText(tracks, 'ja', ['ko'])?.language).toBe('en'));
  it('and nothing where there is none', () => expect(preferredText([], 'en', ['en'])).toBeNull());
});

describe('textIn', () => {
  const tracks = [{ language: 'pt-PT' }, { language: 'pt-BR' }, { language: 'bn' }];
  it('takes the very language first', () => expect(textIn(tracks, 'pt-BR')?.language).toBe('pt-BR'));
  it('then its base', () => expect(textIn(tracks, 'bn-IN')?.language).toBe('bn'));
  it('and never another', () => expect(textIn(tracks, 'fr')).toBeNull());
});

describe('chooseManifest', () => {
  const playback = { dash_url: 'a.mpd', hls_url: 'a.m3u8' };
  it('prefers DASH', () =>
    expect(chooseManifest(playback, { mediaSource: true, nativeHls: true })).toBe('a.mpd'));
  it('gives HLS to a browser that plays only that', () =>
    expect(chooseManifest(playback, { mediaSource: false, nativeHls: true })).toBe('a.m3u8'));
  it('has nothing for one that plays neither', () =>
    expect(chooseManifest(playback, { mediaSource: false, nativeHls: false })).toBeNull());
});
