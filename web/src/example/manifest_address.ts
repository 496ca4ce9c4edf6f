/** The absolute http(s) address of what was typed, relative to the page where that has one; else null. */
export function manifestAddress(typed: string, page: string): string | null {
  const text = typed.trim();
  if (text === '') return null;
  try {
    const url = new URL(text, page);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}
