/** Stands for the browser's EventSource: a test makes it open, speak and break. */
export class FakeEventSource extends EventTarget {
  static made: FakeEventSource[] = [];
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  readyState = FakeEventSource.CONNECTING;

  constructor(readonly url: string) {
    super();
    FakeEventSource.made.push(this);
  }

  static latest(): FakeEventSource {
    const last = FakeEventSource.made.at(-1);
    if (!last) throw new Error('no event stream was opened');
    return last;
  }

  open() {
    this.readyState = FakeEventSource.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  say(data: unknown) {
    this.dispatchEvent(
      new MessageEvent('video', { data: typeof data === 'string' ? data : JSON.stringify(data) }),
    );
  }

  breakOff(readyState: number) {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }

  close() {
    this.readyState = FakeEventSource.CLOSED;
  }
}
