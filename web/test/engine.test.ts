import type shaka from 'shaka-player/dist/shaka-player.compiled-es2021.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { Engine } from '../src/player/engine';
import { loadPreferences, type Preferences, savePreferences } from '../src/player/preferences';

interface Track {
  id: number;
  language: string;
  originalLanguage: string;
  originalTextId: string | null;
  label: string;
  active: boolean;
}

type Filter = (type: number, request: { uris: string[] }) => void;
let filters: Filter[] = [];

/** As much of Shaka Player as the engine asks for, with subtitles in the given languages. */
function fakeShaka(languages: string[]) {
  const tracks: Track[] = languages.map((language, id) => ({
    id,
    language,
    originalLanguage: language,
    originalTextId: `text-${language}`,
    label: language,
    active: false,
  }));
  class Player extends EventTarget {
    setVideoContainer() {}
    configure() {}
    attach = () => Promise.resolve();
    load = () => Promise.resolve();
    destroy = () => Promise.resolve();
    getVideoTracks = () => [];
    getAudioTracks = () => [];
    getTextTracks = () => tracks;
    getManifestType = () => 'DASH';
    getNetworkingEngine = () => ({
      registerRequestFilter: (filter: Filter) => filters.push(filter),
    });
    addTextTrackAsync(
      _url: string,
      language: string,
      _kind: string,
      _mime: string,
      _codec: string,
      label: string,
    ) {
      const track = { id: tracks.length, language, originalLanguage: language, label, active: false };
      tracks.push({ ...track, originalTextId: null });
      return Promise.resolve(track);
    }
    selectTextTrack(chosen: Track | null) {
      for (const track of tracks) track.active = track === chosen;
    }
  }
  return { Player, polyfill: { installAll() {} } } as unknown as typeof shaka;
}

async function loaded(languages: string[], wishes: Partial<Preferences> = {}) {
  const engine = new Engine(
    fakeShaka(languages),
    document.createElement('video'),
    document.createElement('div'),
    wishes,
  );
  await engine.load('/main.mpd', 0);
  return engine;
}

const shown = (engine: Engine) => {
  const { texts, text } = engine.snapshot();
  return texts.find((choice) => choice.key === text)?.label ?? null;
};

it('fetches by the newest address, and never begins anew for it', async () => {
  filters = [];
  const engine = await loaded([]);
  const asked = (address: string) => {
    const request = { uris: [address] };
    for (const filter of filters) filter(1, request);
    return request.uris[0];
  };
  const at = (path: string) => new URL(path, window.location.href).href;
  await engine.load('/media/t-1/film/1/main.mpd', 0);
  expect(asked(at('/media/t-1/film/1/v/1.m4s'))).toBe(at('/media/t-1/film/1/v/1.m4s'));
  engine.renew('/media/t-2/film/1/main.mpd');
  expect(asked(at('/media/t-1/film/1/v/2.m4s'))).toBe(at('/media/t-2/film/1/v/2.m4s'));
  expect(asked('http://elsewhere.example/x')).toBe('http://elsewhere.example/x');
});

describe('the subtitles', () => {
  beforeEach(() => localStorage.clear());

  it('of the remembered language are shown', async () => {
    savePreferences({ text: 'fr' });
    expect(shown(await loaded(['bn', 'fr']))).toBe('fr');
  });

  it('of its base language are shown where the region differs', async () => {
    savePreferences({ text: 'pt-PT' });
    expect(shown(await loaded(['bn', 'pt-BR']))).toBe('pt-BR');
  });

  it('of another language are not', async () => {
    savePreferences({ text: 'fr' });
    expect(shown(await loaded(['bn', 'en']))).toBeNull();
  });

  it('of the language that the page asks for come first, and are not remembered', async () => {
    savePreferences({ text: 'fr', muted: false });
    expect(shown(await loaded(['bn', 'fr'], { text: 'bn' }))).toBe('bn');
    expect(shown(await loaded(['bn', 'fr'], { text: null }))).toBeNull();
    expect((await loaded(['bn'], { muted: true })).snapshot().muted).toBe(true);
    expect(loadPreferences()).toMatchObject({ text: 'fr', muted: false });
  });

  it('that joined after the manifest was fetched are listed, once', async () => {
    const engine = await loaded(['bn']);
    const caption = (id: string) => ({
      id,
      language: id,
      label: id,
      source: 'embedded' as const,
      url: '/x.vtt',
    });
    await engine.addTexts([caption('bn'), caption('fr')]);
    await engine.addTexts([caption('bn'), caption('fr'), caption('en')]);
    expect(engine.snapshot().texts.map((choice) => choice.label)).toEqual(['bn', 'fr', 'en']);
  });

  it('of any language come when they are asked for', async () => {
    savePreferences({ text: 'fr' });
    const engine = await loaded(['bn', 'ta']);
    engine.toggleText();
    expect(shown(engine)).toBe('bn');
  });
});
