import { expect, it } from 'vitest';
import { type Inline, parseMarkdown } from '../src/markdown';

function plain(parts: Inline[]): string {
  return parts
    .map((part) => (part.kind === 'text' ? part.text : part.kind === 'break' ? '\n' : plain(part.parts)))
    .join('');
}

function only(text: string): Inline[] {
  const [block, ...more] = parseMarkdown(text);
  expect(more).toEqual([]);
  if (block?.kind !== 'paragraph') throw new Error(`no paragraph: ${JSON.stringify(block)}`);
  return block.parts;
}

it('reads headings, paragraphs, lists and rules', () => {
  const blocks = parseMarkdown(
    '\ufeff# Imprint #\r\n\r\nFirst line\nsecond line\n\n* one\n* two\n  goes on\n\n* three\n1. first\n2) second\n---\n### More\ntext',
  );
  expect(blocks.map(({ kind }) => kind)).toEqual([
    'heading',
    'paragraph',
    'list',
    'list',
    'rule',
    'heading',
    'paragraph',
  ]);
  expect(blocks[0]).toEqual({ kind: 'heading', level: 1, parts: [{ kind: 'text', text: 'Imprint' }] });
  expect(blocks[1]?.kind === 'paragraph' && plain(blocks[1].parts)).toBe('First line second line');
  expect(blocks[2]?.kind === 'list' && blocks[2].items.map(plain)).toEqual(['one', 'two goes on', 'three']);
  expect(blocks[3]).toMatchObject({ ordered: true });
  expect(blocks[5]).toMatchObject({ level: 3 });
});

it('keeps the lines of an address apart where the text says so', () => {
  expect(plain(only('Ada Lovelace  \n1 Square\\\nLondon'))).toBe('Ada Lovelace\n1 Square\nLondon');
});

it('reads links, addresses and emphasis, and signs that are escaped', () => {
  expect(only('See [our *terms*](/terms) or <ada@example.org>.')).toEqual([
    { kind: 'text', text: 'See ' },
    {
      kind: 'link',
      address: '/terms',
      parts: [
        { kind: 'text', text: 'our ' },
        { kind: 'emphasis', parts: [{ kind: 'text', text: 'terms' }] },
      ],
    },
    { kind: 'text', text: ' or ' },
    { kind: 'link', address: 'mailto:ada@example.org', parts: [{ kind: 'text', text: 'ada@example.org' }] },
    { kind: 'text', text: '.' },
  ]);
  expect(only('**very** \\*important\\* snake_case_name 2*3*4')).toEqual([
    { kind: 'strong', parts: [{ kind: 'text', text: 'very' }] },
    { kind: 'text', text: ' *important* snake_case_name 2*3*4' },
  ]);
});

it.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert',
  'data:text/html,x',
  '//evil.example',
  '/\\evil.example',
  'vbscript:x',
])('a link to %s is text', (address) => {
  const text = `[x](${address})`;
  expect(only(text).every(({ kind }) => kind === 'text')).toBe(true);
  expect(plain(only(text))).toBe(text);
});

it('leaves HTML as the text that it is', () => {
  expect(only('<script>alert(1)</script> <b onclick="x">')).toEqual([
    { kind: 'text', text: '<script>alert(1)</script> <b onclick="x">' },
  ]);
});

it('takes long texts of signs without delay', () => {
  const begun = performance.now();
  for (const sign of ['*', '_', '[', '<', '**a', '[a](', '\\'])
    parseMarkdown(sign.repeat(50_000 / sign.length));
  expect(performance.now() - begun).toBeLessThan(5000);
});
