import { act, fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { chapterAt, SeekBar } from '../src/player/seek_bar';
import type { Thumbnail } from '../src/player/thumbnail';

const chapters = [
  { start_ms: 0, end_ms: 10_000, title: 'Dark' },
  { start_ms: 10_000, end_ms: 40_000, title: 'Bright' },
];
const picture: Thumbnail = {
  address: '/media/o/x/1/image/storyboard-1.jpg',
  x: 160,
  y: 90,
  width: 160,
  height: 90,
};

function show(thumbnailAt: (seconds: number) => Promise<Thumbnail | null>, positionMs = 0) {
  const seen = render(
    <SeekBar
      positionMs={positionMs}
      durationMs={40_000}
      bufferedMs={0}
      chapters={chapters}
      thumbnailAt={thumbnailAt}
      onSeek={() => undefined}
    />,
  );
  const bar = seen.container.querySelector('.seek') as HTMLElement;
  bar.getBoundingClientRect = () => ({ left: 0, width: 400 }) as DOMRect;
  // jsdom knows no PointerEvent with coordinates.
  const point = (x: number) =>
    act(async () => {
      const event = new MouseEvent('pointermove', { bubbles: true, clientX: x });
      fireEvent(bar, event);
    });
  return { ...seen, bar, point };
}

describe('the seek bar', () => {
  it('shows what is seen where the pointer is, its chapter and its time', async () => {
    const thumbnailAt = vi.fn(() => Promise.resolve(picture));
    const { container, point } = show(thumbnailAt);
    expect(container.querySelector('.seek-hint')).toBeNull();
    await point(200);
    expect(thumbnailAt).toHaveBeenLastCalledWith(20);
    const shown = container.querySelector<HTMLElement>('[data-thumbnail]');
    expect(shown?.style.backgroundImage).toContain('storyboard-1.jpg');
    expect(shown?.style.backgroundPosition).toBe('-160px -90px');
    expect(shown?.style.width).toBe('160px');
    expect(container.querySelector('.seek-chapter')?.textContent).toBe('Bright');
    expect(container.querySelector('.seek-time')?.textContent).toBe('0:20');
  });

  it('does without a picture, and asks once a second of film', async () => {
    const thumbnailAt = vi.fn(() => Promise.resolve(null));
    const { container, point } = show(thumbnailAt);
    await point(50);
    await point(51);
    expect(thumbnailAt).toHaveBeenCalledTimes(1);
    expect(container.querySelector('[data-thumbnail]')).toBeNull();
    expect(container.querySelector('.seek-time')?.textContent).toBe('0:05');
  });

  it('outlives an engine that fails', async () => {
    const { container, point } = show(() => Promise.reject(new Error('gone')));
    await point(100);
    expect(container.querySelector('.seek-time')?.textContent).toBe('0:10');
  });

  it('marks where chapters begin, but not the beginning of the film', () => {
    const { container } = show(() => Promise.resolve(null), 12_000);
    const marks = [...container.querySelectorAll<HTMLElement>('.seek-chapters i')];
    expect(marks.map((mark) => mark.style.left)).toEqual(['25%']);
    expect(screen.getByRole('slider').getAttribute('aria-valuetext')).toMatch(/^Bright, /);
  });

  it('knows the chapter of a time', () => {
    expect(chapterAt(chapters, 9_999)?.title).toBe('Dark');
    expect(chapterAt(chapters, 10_000)?.title).toBe('Bright');
    expect(chapterAt(chapters, 40_000)).toBeUndefined();
    expect(chapterAt([], 0)).toBeUndefined();
  });
});
