import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventsAddress, followVideos, isUnfinished } from '../src/api/events';
import { FakeEventSource } from './fake_event_source';
import { video } from './video';

beforeEach(() => {
  vi.useFakeTimers();
  FakeEventSource.made = [];
  vi.stubGlobal('EventSource', FakeEventSource);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('eventsAddress', () => {
  it('names every video once', () =>
    expect(eventsAddress(['a', 'b'])).toBe('/api/v2/events?video=a&video=b'));
  it('has a bounded length', () => {
    const ids = Array.from({ length: 500 }, (_, i) => `0193${String(i).padStart(32, '0')}`);
    expect(eventsAddress(ids).length).toBeLessThan(4096);
  });
});

describe('followVideos', () => {
  it('opens one stream and hands on what it says', () => {
    const onVideo = vi.fn();
    followVideos(['a', 'b'], { onVideo, onStale: vi.fn() });
    FakeEventSource.latest().open();
    FakeEventSource.latest().say(video({ id: 'a' }));
    FakeEventSource.latest().say('not json');
    expect(FakeEventSource.made).toHaveLength(1);
    expect(onVideo.mock.calls).toEqual([[video({ id: 'a' })]]);
  });

  it('opens none for nothing', () => {
    followVideos([], { onVideo: vi.fn(), onStale: vi.fn() });
    expect(FakeEventSource.made).toHaveLength(0);
  });

  it('tells of the gap after the browser has reconnected, not at the first opening', () => {
    const onStale = vi.fn();
    followVideos(['a'], { onVideo: vi.fn(), onStale });
    const stream = FakeEventSource.latest();
    stream.open();
    expect(onStale).not.toHaveBeenCalled();
    stream.breakOff(FakeEventSource.CONNECTING);
    stream.open();
    expect(onStale).toHaveBeenCalledTimes(1);
    expect(FakeEventSource.made).toHaveLength(1);
  });

  it('tells of a video that was deleted', () => {
    const onStale = vi.fn();
    followVideos(['a'], { onVideo: vi.fn(), onStale });
    FakeEventSource.latest().dispatchEvent(new MessageEvent('gone', { data: '{"id":"a"}' }));
    expect(onStale).toHaveBeenCalledTimes(1);
  });

  it('opens a new stream where the browser gave up, later each time', () => {
    followVideos(['a'], { onVideo: vi.fn(), onStale: vi.fn() });
    FakeEventSource.latest().breakOff(FakeEventSource.CLOSED);
    vi.advanceTimersByTime(3000);
    expect(FakeEventSource.made).toHaveLength(2);
    FakeEventSource.latest().breakOff(FakeEventSource.CLOSED);
    vi.advanceTimersByTime(3000);
    expect(FakeEventSource.made).toHaveLength(2);
    vi.advanceTimersByTime(3000);
    expect(FakeEventSource.made).toHaveLength(3);
  });

  it('stops for good when the page is left', () => {
    const stop = followVideos(['a'], { onVideo: vi.fn(), onStale: vi.fn() });
    FakeEventSource.latest().breakOff(FakeEventSource.CLOSED);
    stop();
    vi.advanceTimersByTime(60000);
    expect(FakeEventSource.made).toHaveLength(1);
  });
});

describe('isUnfinished', () => {
  it('is true until a video is ready or failed', () => {
    expect(isUnfinished(video({ status: 'playable' }))).toBe(true);
    expect(isUnfinished(video({ status: 'submitted' }))).toBe(true);
    expect(isUnfinished(video({ status: 'ready' }))).toBe(false);
    expect(isUnfinished(video({ status: 'failed' }))).toBe(false);
  });
});
