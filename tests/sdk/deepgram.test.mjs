// Deepgram's own SDK against the sandbox. What it hears is spoken by the stand-in of Cartesia, in
// the callee's voice.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { DeepgramClient } from '@deepgram/sdk';

const scenario = JSON.parse(readFileSync(process.env.SCENARIO, 'utf8'));
const url = process.env.SANDBOX_URL;
const socketUrl = url.replace('https:', 'wss:');
const line = 'Thursday is perfect for me.';

const client = (apiKey = scenario.keys.deepgram[0]) =>
  new DeepgramClient({
    apiKey,
    environment: { base: url, production: socketUrl, agent: socketUrl, agentRest: url },
    maxRetries: 0,
  });

const telephone = {
  model: 'nova-3',
  encoding: 'mulaw',
  sample_rate: 8000,
  interim_results: 'true',
  endpointing: 300,
  utterance_end_ms: 1000,
  vad_events: 'true',
};

async function spoken(transcript) {
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
      output_format: { container: 'raw', encoding: 'pcm_mulaw', sample_rate: 8000 },
    }),
  });
  return Buffer.from(await answer.arrayBuffer());
}

// G.711 mu-law to a WAV file of 16 bit.
function wavOf(mulaw) {
  const samples = Int16Array.from(mulaw, (byte) => {
    const code = ~byte & 0xff;
    const magnitude = (((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4);
    return code & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
  });
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

// One live session that hears `audio`; its messages, and how it ended.
async function listen(audio) {
  const socket = await client().listen.v1.connect(telephone);
  const messages = [];
  socket.on('message', (message) => messages.push(message));
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.connect();
  await socket.waitForOpen();
  for (let at = 0; at < audio.length; at += 480) socket.sendMedia(audio.subarray(at, at + 480));
  socket.sendKeepAlive({ type: 'KeepAlive' });
  socket.sendFinalize({ type: 'Finalize' });
  socket.sendCloseStream({ type: 'CloseStream' });
  const end = await closed;
  socket.close();
  return { messages, end };
}

test('a live session hears what was said', async () => {
  const audio = Buffer.concat([await spoken(line), Buffer.alloc(8000, 0xff)]);
  const { messages, end } = await listen(audio);
  const finals = messages.filter((message) => message.is_final);
  assert.equal(finals.map((final) => final.channel.alternatives[0].transcript).join(''), line);
  assert.ok(finals.some((final) => final.speech_final));
  assert.equal(messages[0].type, 'SpeechStarted');
  assert.equal(messages.at(-1).type, 'Metadata');
  assert.ok(messages.at(-1).duration > 2);
  assert.equal(end.code, 1000);
});

test('a session in which nobody speaks has no words', async () => {
  const { messages } = await listen(Buffer.alloc(8000, 0xff));
  const words = messages.filter((message) => message.channel?.alternatives?.[0].transcript);
  assert.deepEqual(words, []);
});

test('a file is transcribed', async () => {
  const wav = wavOf(await spoken(line));
  const answer = await client().listen.v1.media.transcribeFile(wav, { model: 'nova-3' });
  const best = answer.results.channels[0].alternatives[0];
  assert.equal(best.transcript, line);
  assert.equal(best.words[0].punctuated_word, 'Thursday');
});

test('refusals are the errors of the SDK', async () => {
  const silence = wavOf(Buffer.alloc(8000, 0xff));
  const ask = (key, options = {}) =>
    client(key).listen.v1.media.transcribeFile(silence, { model: 'nova-3', ...options });
  const refused = (status, code) => (error) => {
    assert.equal(error.statusCode, status);
    assert.equal(error.body.err_code, code);
    return true;
  };
  await assert.rejects(ask('unknown'), refused(401, 'INVALID_AUTH'));
  await assert.rejects(ask(scenario.keys.deepgram[1].key), refused(402, 'ASR_PAYMENT_REQUIRED'));
  await assert.rejects(
    client().listen.v1.media.transcribeFile(Buffer.from('no audio'), { model: 'nova-3' }),
    refused(400, 'Bad Request'),
  );
});

test('a key tells of its project', async () => {
  const { projects } = await client().manage.v1.projects.list();
  assert.equal(projects[0].name, 'Sandbox');
});
