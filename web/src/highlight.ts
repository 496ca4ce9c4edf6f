/** A piece of a found line; `found` is what was searched for. */
export interface Piece {
  text: string;
  found: boolean;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/**
 * Reads escaped text with `<mark>`, and nothing else, into pieces. It makes no HTML: any other tag would be shown as
 * the letters it is written with.
 */
export function highlightPieces(html: string): Piece[] {
  const pieces: Piece[] = [];
  let found = false;
  for (const part of html.split(/(<\/?mark>)/)) {
    if (part === '<mark>') found = true;
    else if (part === '</mark>') found = false;
    else if (part !== '') pieces.push({ text: unescape(part), found });
  }
  return pieces;
}

function unescape(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{2,4}));/g, (all, decimal, hex, name) => {
    if (name) return entities[name as string] ?? all;
    const code = decimal ? parseInt(decimal as string, 10) : parseInt(hex as string, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
