// How fast an upload is. The average of some seconds: shorter flickers, longer tells of a line that is gone.
const windowMs = 6000;
const knownAfterMs = 700;

interface Sample {
  ms: number;
  bytes: number;
}

export interface Pace {
  bytesPerSecond: number;
  secondsLeft: number;
}

export class Meter {
  private samples: Sample[] = [];

  constructor(private readonly totalBytes: number) {}

  /** Null while too little was seen to say anything. */
  add(ms: number, bytes: number): Pace | null {
    this.samples.push({ ms, bytes });
    while (this.samples.length > 2 && ms - (this.samples[0]?.ms ?? ms) > windowMs) this.samples.shift();
    const first = this.samples[0];
    if (!first || ms - first.ms < knownAfterMs || bytes <= first.bytes) return null;
    const bytesPerSecond = ((bytes - first.bytes) * 1000) / (ms - first.ms);
    return { bytesPerSecond, secondsLeft: Math.max(0, this.totalBytes - bytes) / bytesPerSecond };
  }
}
