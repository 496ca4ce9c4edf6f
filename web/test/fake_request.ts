import { vi } from 'vitest';

/** Stands for XMLHttpRequest: a test says how far it is, and what is answered. */
export class FakeRequest {
  static made: FakeRequest[] = [];
  upload: { onprogress: ((event: { loaded: number }) => void) | null } = { onprogress: null };
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;
  status = 0;
  responseText = '';
  method = '';
  address = '';
  form = new FormData();
  aborted = false;

  static install(): void {
    FakeRequest.made = [];
    vi.stubGlobal('XMLHttpRequest', FakeRequest);
  }

  static latest(): FakeRequest {
    const last = FakeRequest.made.at(-1);
    if (!last) throw new Error('nothing was sent');
    return last;
  }

  open(method: string, address: string): void {
    this.method = method;
    this.address = address;
  }
  setRequestHeader(): void {}
  send(form: FormData): void {
    this.form = form;
    FakeRequest.made.push(this);
  }
  abort(): void {
    this.aborted = true;
    this.onabort?.();
  }

  sent(loaded: number): void {
    this.upload.onprogress?.({ loaded });
  }
  answer(status: number, body: unknown): void {
    this.status = status;
    this.responseText = typeof body === 'string' ? body : JSON.stringify(body);
    this.onload?.();
  }
  breakOff(): void {
    this.onerror?.();
  }
}
