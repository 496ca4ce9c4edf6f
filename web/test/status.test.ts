import { describe, expect, it } from 'vitest';
import { stageRatio, statusLine, titleOf } from '../src/status';
import { video } from './video';

const text = (change: Parameters<typeof video>[0]) =>
  statusLine(video(change))?.text.replaceAll('\u00a0', ' ');

describe('statusLine', () => {
  it('says nothing of a ready video', () => expect(statusLine(video())).toBeNull());

  it('names what is being made, how far it is, and how long it still takes', () => {
    expect(text({ status: 'playable', progress: { percent: 42.4, stage: '480p', seconds_left: 20 } })).toBe(
      'Making 480p, 42 %, 20 s left',
    );
  });

  it('has words for the stages that are not rungs', () => {
    expect(text({ status: 'processing', progress: { percent: 3, stage: 'index', seconds_left: null } })).toBe(
      'Reading the file, 3 %',
    );
  });

  it('names all rungs that are made in one run', () => {
    const rung = (height: number) => ({
      width: height * 2,
      height,
      bandwidth: 1,
      codec: 'avc1',
      source: 'encoded' as const,
    });
    const progress = { percent: 42, stage: 'encode', seconds_left: 20 };
    expect(text({ status: 'playable', rungs: [rung(720), rung(360), rung(480)], progress })).toBe(
      'Making 360p, 480p, and 720p, 42 %, 20 s left',
    );
    expect(text({ status: 'playable', rungs: [], progress })).toBe('Being made, 42 %, 20 s left');
  });

  it('does without a stage and without a progress', () => {
    expect(text({ status: 'processing', progress: null })).toBe('Being made');
    expect(statusLine(video({ status: 'processing', progress: null }))?.percent).toBeNull();
  });

  it('does not promise a time for what has not begun', () => {
    expect(text({ status: 'submitted', progress: { percent: 0, stage: 'waiting', seconds_left: 100 } })).toBe(
      'Waiting to be made',
    );
  });

  it('marks a failure', () =>
    expect(statusLine(video({ status: 'failed' }))).toEqual({
      text: 'Failed',
      percent: null,
      tone: 'failed',
    }));
});

describe('titleOf', () => {
  it('has words for a video without a title', () =>
    expect(titleOf(video({ title: '  ' }))).toBe('Untitled video'));
});

describe('stageRatio', () => {
  const rung = (width: number, height: number) => ({
    width,
    height,
    bandwidth: 1,
    codec: 'avc1',
    source: 'encoded' as const,
  });
  it('is that of the best rung', () => expect(stageRatio([rung(640, 360), rung(1600, 800)])).toBe(2));
  it('keeps a portrait film from filling the page', () =>
    expect(stageRatio([rung(360, 640)])).toBeCloseTo(4 / 3));
  it('is 16:9 where there is no picture', () => expect(stageRatio([])).toBeCloseTo(16 / 9));
});
