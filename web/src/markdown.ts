// The part of Markdown that pages of law are written in, read into values: whoever shows them makes elements of these,
// so nothing of the text can be markup of the page. HTML in it is text.

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'break' }
  | { kind: 'strong'; parts: Inline[] }
  | { kind: 'emphasis'; parts: Inline[] }
  | { kind: 'link'; address: string; parts: Inline[] };

export type Block =
  | { kind: 'heading'; level: number; parts: Inline[] }
  | { kind: 'paragraph'; parts: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'rule' };

const headingLine = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/;
const itemLine = /^ {0,3}(?:[-*+]|(\d{1,9})[.)])[ \t]+(.*)$/;
const ruleLine = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;

export function parseMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  /** The lines of the paragraph or item that is being read. */
  let open: string[] | null = null;
  let list: { ordered: boolean; items: string[][] } | null = null;

  const endList = () => {
    if (list)
      blocks.push({ kind: 'list', ordered: list.ordered, items: list.items.map((item) => inlinesOf(item)) });
    list = null;
    open = null;
  };
  const endParagraph = () => {
    if (open && !list) blocks.push({ kind: 'paragraph', parts: inlinesOf(open) });
    open = null;
  };
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) {
    const heading = headingLine.exec(line);
    const item = itemLine.exec(line);
    if (line.trim() === '') {
      // Items may stand apart; what follows them decides whether the list goes on.
      endParagraph();
    } else if (ruleLine.test(line)) {
      endParagraph();
      endList();
      blocks.push({ kind: 'rule' });
    } else if (heading) {
      endParagraph();
      endList();
      blocks.push({ kind: 'heading', level: heading[1]!.length, parts: inlinesOf([heading[2]!]) });
    } else if (item) {
      endParagraph();
      const ordered = item[1] !== undefined;
      if (list === null || (list as { ordered: boolean }).ordered !== ordered) {
        endList();
        list = { ordered, items: [] };
      }
      open = [item[2]!];
      list.items.push(open);
    } else if (open) {
      open.push(line);
    } else {
      endList();
      open = [line];
    }
  }
  endParagraph();
  endList();
  return blocks;
}

/** Lines of one block; two blanks or a backslash at the end of a line break it. */
function inlinesOf(lines: readonly string[]): Inline[] {
  const parts: Inline[] = [];
  lines.forEach((line, at) => {
    const last = at === lines.length - 1;
    const breaks = !last && /( {2,}|\\)$/.test(line);
    const words = (breaks ? line.replace(/( {2,}|\\)$/, '') : line).trim();
    parts.push(...parseInline(last || breaks ? words : `${words} `));
    if (breaks) parts.push({ kind: 'break' });
  });
  return parts;
}

// In this order: an escaped sign, a link, an address in angle brackets, strong, emphasis.
const inlineMark = new RegExp(
  [
    /\\([!-/:-@[-`{-~])/.source,
    /\[([^[\]]+)\]\(<?([^\s()<>]+)>?\)/.source,
    /<((?:https?:\/\/|mailto:)[^\s<>]+|[^\s<>@]+@[^\s<>@]+)>/.source,
    /\*\*(\S(?:[^*]*[^\s*])?)\*\*/.source,
    // Its sixth group is the first of its own.
    String.raw`(?<![\w*])([*_])(\S(?:[^*_]*[^\s*_])?)\6(?![\w*])`,
  ].join('|'),
);

function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  const say = (words: string) => {
    const last = parts.at(-1);
    if (last?.kind === 'text') last.text += words;
    else if (words !== '') parts.push({ kind: 'text', text: words });
  };
  let rest = text;
  for (let found = inlineMark.exec(rest); found; found = inlineMark.exec(rest)) {
    const [whole, escaped, label, address, bare, strong, , emphasis] = found;
    say(rest.slice(0, found.index));
    if (escaped !== undefined) say(escaped);
    else if (strong !== undefined) parts.push({ kind: 'strong', parts: parseInline(strong) });
    else if (emphasis !== undefined) parts.push({ kind: 'emphasis', parts: parseInline(emphasis) });
    else {
      const leads = safeAddress(address ?? (bare!.includes(':') ? bare! : `mailto:${bare}`));
      const words: Inline[] = label === undefined ? [{ kind: 'text', text: bare! }] : parseInline(label);
      if (leads) parts.push({ kind: 'link', address: leads, parts: words });
      else say(whole);
    }
    rest = rest.slice(found.index + whole.length);
  }
  say(rest);
  return parts;
}

/** Null: it leads nowhere that a page of law should lead to, such as `javascript:`. */
function safeAddress(address: string): string | null {
  if (/^(https?:\/\/|mailto:|tel:)/i.test(address)) return address;
  return /^\/(?![/\\])/.test(address) ? address : null;
}
