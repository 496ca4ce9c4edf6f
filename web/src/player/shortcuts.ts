// Which key does what, apart from the player so that it can be tested without one.

export type Command =
  | { kind: 'toggle-play' }
  | { kind: 'seek-by'; seconds: number }
  | { kind: 'seek-to'; fraction: number }
  | { kind: 'volume-by'; amount: number }
  | { kind: 'toggle-mute' }
  | { kind: 'toggle-fullscreen' }
  | { kind: 'toggle-text' };

export interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const commands: Record<string, Command> = {
  ' ': { kind: 'toggle-play' },
  k: { kind: 'toggle-play' },
  ArrowLeft: { kind: 'seek-by', seconds: -5 },
  ArrowRight: { kind: 'seek-by', seconds: 5 },
  j: { kind: 'seek-by', seconds: -10 },
  l: { kind: 'seek-by', seconds: 10 },
  ArrowUp: { kind: 'volume-by', amount: 0.1 },
  ArrowDown: { kind: 'volume-by', amount: -0.1 },
  Home: { kind: 'seek-to', fraction: 0 },
  m: { kind: 'toggle-mute' },
  f: { kind: 'toggle-fullscreen' },
  c: { kind: 'toggle-text' },
};

export function commandFor(key: Key, target: EventTarget | null): Command | null {
  if (key.ctrlKey || key.metaKey || key.altKey) return null;
  const command = commands[key.key.length === 1 ? key.key.toLowerCase() : key.key];
  if (!command || !(target instanceof Element)) return command ?? null;
  return belongsTo(target, key.key) ? null : command;
}

/** A key that the focused part of the page needs for itself is not taken from it. */
function belongsTo(target: Element, key: string): boolean {
  if (target.closest('input:not([type=range]), textarea, select, [contenteditable], [role=menu]'))
    return true;
  if (target.closest('[data-volume]') && key.startsWith('Arrow')) return true;
  const presses = target.closest('button, a[href], summary') !== null;
  return presses && (key === ' ' || key === 'Enter');
}
