import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Making } from '../src/api/types';
import { MakingFigures } from '../src/components/making_figures';
import { video } from './video';

const foretold: Making = {
  playable_ms: 1240,
  complete_ms: 83000,
  cpu_ms: 150000,
  bytes: 12_345_678,
  renditions: [],
};
const taken: Making = {
  playable_ms: 1500,
  complete_ms: 90400,
  cpu_ms: 161000,
  bytes: 13_000_000,
  renditions: [],
};

function row(name: string): string[] {
  const cells = screen.getByRole('rowheader', { name, hidden: true }).closest('tr')?.querySelectorAll('td');
  return [...(cells ?? [])].map((cell) => cell.textContent ?? '');
}

describe('how it was made', () => {
  it('shows what was foretold beside what it took', () => {
    render(<MakingFigures video={video({ estimate: foretold, actual: taken })} />);
    expect(row('Can be watched after')).toEqual(['1.2\u00a0s', '1.5\u00a0s']);
    expect(row('Complete after')).toEqual(['1\u00a0min 23\u00a0s', '1\u00a0min 30\u00a0s']);
    expect(row('Processor time')).toEqual(['2\u00a0min 30\u00a0s', '2\u00a0min 41\u00a0s']);
    expect(row('Size of all qualities')).toEqual(['12.3\u00a0MB', '13.0\u00a0MB']);
  });

  it('shows what was foretold alone while the video is being made', () => {
    render(<MakingFigures video={video({ estimate: foretold, actual: null })} />);
    expect(row('Complete after')).toEqual(['1\u00a0min 23\u00a0s', '–']);
  });

  it('is left out where nothing is known', () => {
    const { container } = render(<MakingFigures video={video()} />);
    expect(container.childElementCount).toBe(0);
  });
});
