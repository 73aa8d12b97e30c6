// Listener: plays one call, while it goes on or afterwards. Mu-law is decoded here, since not every
// browser knows it, and since what comes live should be heard at once.
class Listener {
  static RATE = 8000;
  static HEAD_BYTES = 58;

  constructor() {
    this.sid = null;
  }

  async play(sid, live, ended) {
    this.stop();
    const stopping = new AbortController();
    Object.assign(this, { sid, stopping, ended, context: new AudioContext(), at: 0 });
    try {
      const answer = await fetch(`/sandbox/calls/${sid}.wav${live ? '?live=1' : ''}`,
                                 { signal: stopping.signal });
      if (!answer.ok) throw new Error(await answer.text());
      await this.#follow(answer.body.getReader(), stopping.signal);
      await this.#silence(stopping.signal);
    } catch (error) {
      if (error.name !== 'AbortError') console.warn(error);
    }
    if (!stopping.signal.aborted) this.stop();
  }

  stop() {
    if (this.sid === null) return;
    this.stopping.abort();
    this.context.close();
    this.sid = null;
    this.ended();
  }

  async #follow(reader, signal) {
    let skip = Listener.HEAD_BYTES;
    let rest = new Uint8Array(0);
    for (;;) {
      const { value, done } = await reader.read();
      if (done || signal.aborted) return;
      const bytes = new Uint8Array(rest.length + value.length);
      bytes.set(rest);
      bytes.set(value, rest.length);
      const from = Math.min(skip, bytes.length);
      skip -= from;
      const whole = from + Math.floor((bytes.length - from) / 2) * 2;
      rest = bytes.slice(whole);
      if (whole > from) this.#schedule(bytes.subarray(from, whole));
    }
  }

  // Left and right alternate.
  #schedule(bytes) {
    const frames = bytes.length / 2;
    const buffer = this.context.createBuffer(2, frames, Listener.RATE);
    for (const channel of [0, 1]) {
      const samples = buffer.getChannelData(channel);
      for (let i = 0; i < frames; i++) samples[i] = Listener.decode(bytes[2 * i + channel]);
    }
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    this.at = Math.max(this.at, this.context.currentTime + 0.15);
    source.start(this.at);
    this.at += buffer.duration;
  }

  async #silence(signal) {
    const left = Math.max(0, this.at - this.context.currentTime);
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, left * 1000);
      signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); });
    });
  }

  // ITU-T G.711.
  static decode(byte) {
    const code = ~byte & 0xff;
    const magnitude = ((((code & 15) << 3) + 132) << ((code >> 4) & 7)) - 132;
    return (code & 0x80 ? -magnitude : magnitude) / 32768;
  }
}
