import { createElement, type ReactNode } from 'react';
import { type Block, type Inline, parseMarkdown } from '../markdown';

/** Text that was written by hand, as elements. */
export function Markdown({ text }: { text: string }) {
  return (
    <>
      {parseMarkdown(text).map((block, at) => (
        <BlockView key={at} block={block} />
      ))}
    </>
  );
}

function BlockView({ block }: { block: Block }) {
  if (block.kind === 'rule') return <hr />;
  if (block.kind === 'heading') return createElement(`h${block.level}`, { dir: 'auto' }, inline(block.parts));
  if (block.kind === 'paragraph') return <p dir="auto">{inline(block.parts)}</p>;
  const items = block.items.map((item, at) => (
    <li key={at} dir="auto">
      {inline(item)}
    </li>
  ));
  return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

function inline(parts: readonly Inline[]): ReactNode[] {
  return parts.map((part, at) => {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'break') return <br key={at} />;
    if (part.kind === 'strong') return <strong key={at}>{inline(part.parts)}</strong>;
    if (part.kind === 'emphasis') return <em key={at}>{inline(part.parts)}</em>;
    return (
      <a key={at} href={part.address} rel="noreferrer">
        {inline(part.parts)}
      </a>
    );
  });
}
