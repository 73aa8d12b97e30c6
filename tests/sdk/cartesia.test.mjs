// Cartesia's own SDK against the sandbox.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

// As an ES module the SDK does not find `ws`, and there is no WebSocket in Node 20.
const require = createRequire(import.meta.url);
const Cartesia = require('@cartesia/cartesia-js');
const { TTSWS } = require('@cartesia/cartesia-js/resources/tts/ws');

const scenario = JSON.parse(readFileSync(process.env.SCENARIO, 'utf8'));
const accepted = scenario.keys.cartesia.find((key) => typeof key === 'string');
const unfunded = scenario.keys.cartesia.find((key) => key.status === 402).key;
const client = (apiKey = accepted) =>
  new Cartesia({ apiKey, baseURL: process.env.SANDBOX_URL, maxRetries: 0 });

const speech = {
  model_id: 'sonic-3.5',
  voice: 'f786b574-daa5-4673-aa0c-cbe3e8534c02',
  output_format: { container: 'raw', encoding: 'pcm_mulaw', sample_rate: 8000 },
};

async function arm(fault) {
  const answer = await fetch(`${process.env.SANDBOX_URL}/sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({ provider: 'cartesia', ...fault }),
  });
  assert.equal(answer.status, 200);
}

async function spoken(transcript) {
  const answer = await client().tts.generate({ ...speech, transcript });
  return Buffer.from(await answer.arrayBuffer());
}

test('a text is spoken as bytes', async () => {
  const audio = await spoken('Good morning.');
  assert.ok(audio.length > 4000, `${audio.length} bytes`);
});

test('a text is spoken on a websocket, with its words', async () => {
  const socket = await client().tts.websocket();
  const audio = [];
  const words = [];
  for await (const event of socket.generate({ ...speech, transcript: 'Good morning.', add_timestamps: true })) {
    if (event.type === 'chunk') audio.push(event.audio);
    if (event.type === 'timestamps') words.push(...event.word_timestamps.words);
  }
  socket.close();
  assert.deepEqual(words, ['Good', 'morning.']);
  assert.deepEqual(Buffer.concat(audio), await spoken('Good morning.'));
});

test('a context takes text piece by piece, and flushes', async () => {
  const socket = await client().tts.websocket();
  const context = socket.context({ ...speech, max_buffer_delay_ms: 500 });
  await context.push({ transcript: 'Good ' });
  await context.push({ transcript: 'morning', flush: true });
  await context.push({ transcript: '. How are you?' });
  await context.no_more_inputs();
  const types = new Set();
  const flushes = [];
  for await (const event of context.receive({ timeout: 10_000 })) {
    types.add(event.type);
    if (event.type === 'flush_done') flushes.push(event.flush_id);
    if (event.type === 'chunk') assert.equal(event.context_id, context.contextId);
  }
  socket.close();
  assert.deepEqual([...types].sort(), ['chunk', 'done', 'flush_done']);
  assert.deepEqual(flushes, [0]);
});

test('a cancelled context stops, and its socket serves the next', async () => {
  const socket = await client().tts.websocket();
  const first = socket.context({ ...speech, max_buffer_delay_ms: 0 });
  await first.push({ transcript: 'This is a long sentence that nobody will hear to its end.' });
  await first.cancel();
  const next = socket.context({ ...speech, max_buffer_delay_ms: 0 });
  await next.push({ transcript: 'Yes.' });
  await next.no_more_inputs();
  const types = [];
  for await (const event of next.receive({ timeout: 10_000 })) types.push(event.type);
  socket.close();
  assert.equal(types.at(-1), 'done');
});

test('an error ends its context and not the socket', async () => {
  const socket = await client().tts.websocket();
  socket.on('error', () => {}); // The context's own error is looked at.
  const old = socket.context({ ...speech, model_id: 'sonic-2' });
  await old.send({ transcript: 'Hello.', continue: false });
  await assert.rejects(async () => {
    for await (const event of old.receive({ timeout: 10_000 })) assert.equal(event.type, 'error');
  }, /no longer available/);
  const next = socket.context(speech);
  await next.send({ transcript: 'Yes.', continue: false });
  let last;
  for await (const event of next.receive({ timeout: 10_000 })) last = event.type;
  socket.close();
  assert.equal(last, 'done');
});

test('voices are listed page by page', async () => {
  const names = [];
  for await (const voice of client().voices.list({ limit: 1 })) names.push(voice.name);
  assert.deepEqual(names, ['Katie', 'Jameson']);
});

test('refusals are the typed errors of the SDK', async () => {
  const speak = (key) => client(key).tts.generate({ ...speech, transcript: 'Hi.' });
  await assert.rejects(speak('sk_car_unknown'), Cartesia.AuthenticationError);
  await assert.rejects(speak(unfunded), (error) => {
    assert.equal(error.status, 402);
    assert.equal(error.error.error_code, 'quota_exceeded');
    return true;
  });
  await arm({ status: 403 });
  await assert.rejects(speak(), Cartesia.PermissionDeniedError);
  await arm({ status: 429 });
  await assert.rejects(speak(), Cartesia.RateLimitError);
  await arm({ status: 500 });
  await assert.rejects(speak(), Cartesia.InternalServerError);
  await arm({ kind: 'half_frame' });
  await assert.rejects(speak(), Cartesia.APIConnectionError);
});

test('a bad key is refused at the handshake', async () => {
  const socket = new TTSWS(client('sk_car_unknown'));
  const told = new Promise((resolve) => socket.on('error', resolve));
  await assert.rejects(socket.connect());
  assert.match((await told).message, /401/);
});
