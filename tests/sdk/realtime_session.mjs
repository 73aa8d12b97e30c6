// A Realtime session through OpenAI's own SDK, with everything that was said in it.
import { readFileSync } from 'node:fs';

import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';

export const scenario = JSON.parse(readFileSync(process.env.SCENARIO, 'utf8'));
export const url = process.env.SANDBOX_URL;
export const model = 'gpt-realtime-2.1';
export const goodKey = scenario.keys.openai[0];
export const keyOf = (code) => scenario.keys.openai.find((key) => key.code === code).key;

export const client = (apiKey = goodKey) =>
  new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });

// The callee's line as telephone audio; the scenario gives agent and callee one voice.
export async function spoken(transcript) {
  const answer = await fetch(`${url}/tts/bytes`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${scenario.keys.cartesia[0]}`,
      'Cartesia-Version': '2026-08-14',
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      model_id: 'sonic-3.5',
      transcript,
      voice: 'f786b574-daa5-4673-aa0c-cbe3e8534c02',
      language: 'en',
      output_format: { container: 'raw', encoding: 'pcm_mulaw', sample_rate: 8000 },
    }),
  });
  if (!answer.ok) throw new Error(`no speech: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

export class Session {
  received = []; // The server's events.
  sent = []; // The client's.
  closed = null; // {code, reason}

  constructor({ apiKey = goodKey, options = {}, name = model } = {}) {
    this.socket = new OpenAIRealtimeWS({ model: name, options }, client(apiKey));
    this.waiting = [];
    this.socket.on('event', (event) => this.note(() => this.received.push(event)));
    this.socket.on('error', () => {}); // Each is an event, too.
    this.socket.socket.on('close', (code, reason) =>
      this.note(() => (this.closed = { code, reason: reason.toString() })));
  }

  note(change) {
    change();
    for (const look of this.waiting.splice(0)) look();
  }

  send(event) {
    this.sent.push(event);
    this.socket.send(event);
  }

  close() {
    this.socket.close();
  }

  // Until `condition()` gives something true, which it returns.
  async until(condition, what) {
    const end = Date.now() + 20_000;
    for (;;) {
      const found = condition();
      if (found) return found;
      const left = end - Date.now();
      if (left <= 0) {
        throw new Error(`no ${what}; got ${this.received.map((event) => event.type)}`);
      }
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => (clearTimeout(timer), resolve()));
      });
    }
  }

  // The next event of this type that no earlier call has given.
  async next(type) {
    this.given ??= new Set();
    const event = await this.until(
      () => this.received.find((one) => one.type === type && !this.given.has(one)), type);
    this.given.add(event);
    return event;
  }

  ended() {
    return this.until(() => this.closed, 'close');
  }

  all(type) {
    return this.received.filter((event) => event.type === type);
  }

  // Telephone audio both ways; `more` are further fields of the session.
  async configure(more = {}, input = {}) {
    await this.next('session.created');
    const format = { type: 'audio/pcmu' };
    this.send({
      type: 'session.update',
      event_id: 'cfg1',
      session: {
        type: 'realtime',
        output_modalities: ['audio'],
        instructions: 'You are the receptionist of a dental clinic.',
        audio: {
          input: {
            format,
            transcription: { model: 'gpt-transcribe', language: 'en' },
            turn_detection: { type: 'server_vad', silence_duration_ms: 300 },
            ...input,
          },
          output: { format, voice: 'marin' },
        },
        ...more,
      },
    });
    return this.next('session.updated');
  }

  // Audio in pieces of 100 ms, as a telephone bridge sends it; then `silenceMs` of nothing.
  hear(mulaw, silenceMs = 600) {
    const audio = Buffer.concat([mulaw, Buffer.alloc(silenceMs * 8, 0xff)]);
    for (let at = 0; at < audio.length; at += 800) {
      const piece = audio.subarray(at, at + 800).toString('base64');
      this.send({ type: 'input_audio_buffer.append', audio: piece });
    }
  }
}

export const endCall = {
  type: 'function',
  name: 'end_call',
  description: 'Ends the call.',
  parameters: { type: 'object', properties: { reason: { type: 'string' } } },
};

export async function control(path, body) {
  const answer = await fetch(`${url}/sandbox/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}
