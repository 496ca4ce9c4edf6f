import { fireEvent, render } from '@testing-library/react';
import { MemoryRouter } from 'react-router-dom';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { VideoCard } from '../src/components/video_card';
import { video } from './video';

const playback = {
  dash_url: 'd',
  hls_url: 'h',
  poster_url: '/poster.jpg',
  storyboard_url: null,
  preview_url: '/preview.webp',
  chapters_url: null,
  expires_at: null,
};

function show(preview: string | null = playback.preview_url) {
  const { container } = render(
    <MemoryRouter>
      <VideoCard video={video({ playback: { ...playback, preview_url: preview } })} />
    </MemoryRouter>,
  );
  const card = container.querySelector('article') as HTMLElement;
  const point = (kind: string) => {
    // React makes enter and leave of over and out; jsdom has no pointer type of its own.
    const event = new MouseEvent('pointerover', { bubbles: true });
    Object.defineProperty(event, 'pointerType', { value: kind });
    fireEvent(card, event);
  };
  return { container, card, point, preview: () => container.querySelector('[data-preview]') };
}

describe('a card of the list', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('fetches the animated preview only while a mouse is on it', () => {
    const { card, point, preview } = show();
    expect(preview()).toBeNull();
    point('mouse');
    expect(preview()?.getAttribute('src')).toBe('/preview.webp');
    fireEvent(card, new MouseEvent('pointerout', { bubbles: true }));
    expect(preview()).toBeNull();
  });

  it('shows it over the poster once it is there', () => {
    const { container, point, preview } = show();
    point('mouse');
    expect(preview()?.hasAttribute('data-loaded')).toBe(false);
    fireEvent.load(preview() as Element);
    expect(preview()?.hasAttribute('data-loaded')).toBe(true);
    expect(container.querySelectorAll('img')).toHaveLength(2);
  });

  it('stays still for a finger, for who wants less movement, and without a preview', () => {
    const first = show();
    first.point('touch');
    expect(first.preview()).toBeNull();
    vi.stubGlobal('matchMedia', () => ({ matches: true }));
    const second = show();
    second.point('mouse');
    expect(second.preview()).toBeNull();
    vi.unstubAllGlobals();
    const third = show(null);
    third.point('mouse');
    expect(third.preview()).toBeNull();
  });
});
