import { describe, expect, it } from 'vitest';
import { Meter } from '../src/upload/meter';
import { titleFromName, UploadQueue } from '../src/upload/queue';
import { explain, type Outgoing } from '../src/upload/send';

interface Sent extends Outgoing {
  progress: (bytes: number) => void;
  arrive: (id: string) => void;
  fail: (status: number) => void;
}

function queueWith() {
  const sent: Sent[] = [];
  let now = 0;
  const queue = new UploadQueue({
    send: (outgoing, progress, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
        sent.push({ ...outgoing, progress, arrive: resolve, fail: (status) => reject(explain(status, {})) });
      }),
    now: () => now,
  });
  const states = () => queue.snapshot().map(({ state }) => state);
  return { queue, sent, states, wait: (ms: number) => (now += ms) };
}
const file = (name: string, bytes = 1000) => new File(['x'.repeat(bytes)], name);
const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('the queue', () => {
  it('sends one file after the other, with the words given until its turn', async () => {
    const { queue, sent, states } = queueWith();
    queue.add([file('One.mkv'), file('Two.mkv')]);
    expect(states()).toEqual(['draft', 'draft']);
    queue.start();
    expect(states()).toEqual(['sending', 'queued']);
    expect(sent).toHaveLength(1);
    const [one, two] = queue.snapshot().map(({ id }) => id);
    queue.change(two ?? 0, { title: ' The second ', description: 'D' });
    queue.change(one ?? 0, { title: 'too late' });
    sent[0]?.arrive('v1');
    await settle();
    expect(sent[1]).toMatchObject({ title: 'The second', description: 'D' });
    expect(queue.snapshot()[0]).toMatchObject({ state: 'sent', videoId: 'v1', title: 'One' });
  });

  it('tells how fast it is and how long it takes', () => {
    const { queue, sent, wait } = queueWith();
    queue.add([file('One.mkv')]);
    queue.start();
    wait(1000);
    sent[0]?.progress(200);
    expect(queue.snapshot()[0]).toMatchObject({
      sentBytes: 200,
      pace: { bytesPerSecond: 200, secondsLeft: 4 },
    });
  });

  it('goes on after a file that the server does not want', async () => {
    const { queue, sent, states } = queueWith();
    queue.add([file('One.mkv'), file('Two.mkv')]);
    queue.start();
    sent[0]?.fail(400);
    await settle();
    expect(states()).toEqual(['failed', 'sending']);
  });

  it('stops where the next file would fare no better, and starts again when asked', async () => {
    const { queue, sent, states } = queueWith();
    queue.add([file('One.mkv'), file('Two.mkv')]);
    queue.start();
    sent[0]?.fail(0);
    await settle();
    expect(states()).toEqual(['failed', 'draft']);
    queue.retry(queue.snapshot()[0]?.id ?? 0);
    expect(states()).toEqual(['sending', 'draft']);
    expect(queue.snapshot()[0]?.problem).toBeNull();
  });

  it('cancels what is on its way, and takes the next', async () => {
    const { queue, states } = queueWith();
    queue.add([file('One.mkv'), file('Two.mkv')]);
    queue.start();
    queue.remove(queue.snapshot()[0]?.id ?? 0);
    await settle();
    expect(states()).toEqual(['sending']);
  });

  it('sends neither an empty file nor one without a title', () => {
    const { queue, sent, states } = queueWith();
    queue.add([file('Empty.mkv', 0), file('Two.mkv')]);
    queue.change(queue.snapshot()[1]?.id ?? 0, { title: '  ' });
    queue.start();
    expect(states()).toEqual(['failed', 'failed']);
    expect(queue.snapshot().map(({ problem }) => problem?.message)).toEqual([
      'The file is empty.',
      'A title is required.',
    ]);
    queue.retry(queue.snapshot()[1]?.id ?? 0);
    expect(sent).toHaveLength(0);
  });

  it('says who can see it with the file, where that was chosen', async () => {
    const { queue, sent } = queueWith();
    queue.add([file('One.mkv'), file('Two.mkv')]);
    queue.change(queue.snapshot()[0]?.id ?? 0, { visibility: 'private' });
    queue.start();
    sent[0]?.arrive('v1');
    await settle();
    expect(sent.map(({ visibility }) => visibility)).toEqual(['private', null]);
  });

  it('forgets everything when another user comes', async () => {
    const { queue, states } = queueWith();
    queue.add([file('One.mkv'), file('Two.mkv')]);
    queue.start();
    queue.reset();
    await settle();
    expect(states()).toEqual([]);
  });
});

describe('titleFromName', () => {
  it.each([
    ['Big_Buck_Bunny.mkv', 'Big Buck Bunny'],
    ['holiday.2026.mp4', 'holiday.2026'],
    ['.mkv', '.mkv'],
    ['no ending', 'no ending'],
    ['খরগোশ.webm', 'খরগোশ'],
  ])('%s becomes %s', (name, title) => expect(titleFromName(name)).toBe(title));
  it('is not longer than a title may be', () => {
    expect([...titleFromName(`${'😀'.repeat(300)}.mkv`)]).toHaveLength(220);
  });
});

describe('Meter', () => {
  it('goes by the last seconds', () => {
    const meter = new Meter(100000);
    meter.add(0, 0);
    expect(meter.add(100, 5000)).toBeNull();
    expect(meter.add(1000, 10000)?.bytesPerSecond).toBe(10000);
    for (let second = 2; second <= 20; second++) meter.add(second * 1000, 10000 + second * 100);
    expect(meter.add(21000, 12100)?.bytesPerSecond).toBeCloseTo(100);
  });
});
