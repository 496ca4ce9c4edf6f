import { describe, expect, it } from 'vitest';
import { commandFor } from '../src/player/shortcuts';

const key = (name: string, change = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...change,
});

function element(html: string): Element {
  document.body.innerHTML = html;
  const found = document.querySelector('[data-target]');
  if (!found) throw new Error('the test needs an element marked data-target');
  return found;
}

describe('commandFor', () => {
  it.each([
    [' ', 'toggle-play'],
    ['k', 'toggle-play'],
    ['ArrowLeft', 'seek-by'],
    ['ArrowRight', 'seek-by'],
    ['ArrowUp', 'volume-by'],
    ['f', 'toggle-fullscreen'],
    ['F', 'toggle-fullscreen'],
    ['m', 'toggle-mute'],
    ['c', 'toggle-text'],
  ])('%s is %s', (name, kind) => expect(commandFor(key(name), document.body)?.kind).toBe(kind));

  it('leaves other keys alone', () => expect(commandFor(key('x'), document.body)).toBeNull());
  it('leaves the browser’s own shortcuts alone', () =>
    expect(commandFor(key('f', { ctrlKey: true }), document.body)).toBeNull());
  it('leaves what is typed alone', () =>
    expect(commandFor(key('f'), element('<input data-target type="url">'))).toBeNull());
  it('lets a focused button be pressed', () => {
    expect(commandFor(key(' '), element('<button data-target>Mute</button>'))).toBeNull();
    expect(commandFor(key('m'), element('<button data-target>Mute</button>'))?.kind).toBe('toggle-mute');
  });
  it('lets an open menu be walked', () =>
    expect(
      commandFor(key('ArrowDown'), element('<div role="menu"><div data-target tabindex="0"></div></div>')),
    ).toBeNull());
  it('lets the volume bar be moved', () =>
    expect(commandFor(key('ArrowLeft'), element('<input data-target data-volume type="range">'))).toBeNull());
  it('seeks by seconds on the seek bar', () =>
    expect(commandFor(key('ArrowRight'), element('<input data-target type="range">'))).toEqual({
      kind: 'seek-by',
      seconds: 5,
    }));
});
