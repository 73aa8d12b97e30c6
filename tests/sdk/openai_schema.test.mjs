// A whole Realtime conversation, and each of its events in both directions checked against the
// types that OpenAI publishes.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { validators } from './openai_schema.mjs';
import { control, endCall, scenario, Session, spoken } from './realtime_session.mjs';

const sessions = [];
let check;
before(() => (check = validators()));

function open() {
  const session = new Session();
  sessions.push(session);
  return session;
}

// Speech in and out, an interruption, a tool, items, and mistakes.
async function talk() {
  const session = open();
  await session.configure({ tools: [endCall] });
  session.hear(await spoken('Thursday is perfect for me.'));
  const { item } = await session.next('response.output_item.added');
  await session.next('response.done');
  await session.next('conversation.item.input_audio_transcription.completed');
  session.send({ type: 'conversation.item.truncate', item_id: item.id, content_index: 0, audio_end_ms: 200 });
  await session.next('conversation.item.truncated');
  session.hear(await spoken('No, that is all. Thank you and goodbye!'));
  const call = await session.next('response.function_call_arguments.done');
  await session.next('response.done');
  session.send({
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: call.call_id, output: '{}' },
  });
  session.send({ type: 'response.create' });
  await session.next('response.output_audio.delta');
  session.send({ type: 'response.cancel' });
  await session.next('response.done');
  session.send({ type: 'conversation.item.retrieve', item_id: item.id });
  session.send({ type: 'conversation.item.delete', item_id: item.id });
  await session.next('conversation.item.deleted');
  session.send({ type: 'response.cancel', event_id: 'too_late' });
  await session.next('error');
  session.close();
}

// Text, without turn detection.
async function write() {
  const session = open();
  await session.configure({ output_modalities: ['text'], max_output_tokens: 20 }, { turn_detection: null });
  session.send({
    type: 'conversation.item.create',
    previous_item_id: 'root',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: '(call connected)' }] },
  });
  session.send({ type: 'response.create', response: { conversation: 'none', instructions: 'Say ok.', metadata: { a: 'b' } } });
  await session.next('response.done');
  session.send({ type: 'input_audio_buffer.clear' });
  session.hear(await spoken('Thursday is perfect for me.'));
  session.send({ type: 'input_audio_buffer.commit' });
  await session.next('conversation.item.input_audio_transcription.completed');
  session.send({ type: 'response.create' });
  await session.next('response.done');
  session.close();
}

// Nobody speaks; then a transcription that fails, padded deltas, and the session's end.
async function wait() {
  const quirks = { openai: { transcription_fails: true, obfuscation: true, session_limit_ms: 8000 } };
  await control('scenario', { ...scenario, quirks });
  const session = open();
  await session.until(() => session.received.length > 0, 'session.created');
  await control('scenario', scenario);
  const idle = { type: 'server_vad', silence_duration_ms: 300, idle_timeout_ms: 300 };
  await session.configure({ output_modalities: ['text'] }, { turn_detection: idle });
  session.send({ type: 'response.create' });
  await session.next('input_audio_buffer.timeout_triggered');
  await session.next('conversation.item.input_audio_transcription.failed');
  await session.ended();
}

const clientTypes = [
  'conversation.item.create', 'conversation.item.delete', 'conversation.item.retrieve',
  'conversation.item.truncate', 'input_audio_buffer.append', 'input_audio_buffer.clear',
  'input_audio_buffer.commit', 'response.cancel', 'response.create', 'session.update',
];
const serverTypes = [
  'conversation.item.added', 'conversation.item.deleted', 'conversation.item.done',
  'conversation.item.input_audio_transcription.completed',
  'conversation.item.input_audio_transcription.delta',
  'conversation.item.input_audio_transcription.failed', 'conversation.item.retrieved',
  'conversation.item.truncated', 'error', 'input_audio_buffer.cleared',
  'input_audio_buffer.committed', 'input_audio_buffer.speech_started',
  'input_audio_buffer.speech_stopped', 'input_audio_buffer.timeout_triggered',
  'rate_limits.updated', 'response.content_part.added', 'response.content_part.done',
  'response.created', 'response.done', 'response.function_call_arguments.delta',
  'response.function_call_arguments.done', 'response.output_audio.delta',
  'response.output_audio.done', 'response.output_audio_transcript.delta',
  'response.output_audio_transcript.done', 'response.output_item.added',
  'response.output_item.done', 'response.output_text.delta', 'response.output_text.done',
  'session.created', 'session.updated',
];

function expectAll(events, types, valid) {
  for (const event of events) {
    assert.ok(valid(event), `${JSON.stringify(event).slice(0, 600)}\n${JSON.stringify(valid.errors)}`);
  }
  assert.deepEqual([...new Set(events.map((event) => event.type))].sort(), types);
}

test('every event of a conversation is as published, in both directions', async () => {
  await wait();
  await Promise.all([talk(), write()]);

  expectAll(sessions.flatMap((session) => session.sent), clientTypes, check.client);
  expectAll(sessions.flatMap((session) => session.received), serverTypes, check.server);
});

test('the check finds what is wrong', () => {
  const item = { type: 'message', role: 'user', content: [{ type: 'output_text', text: 'Hi' }] };
  assert.ok(!check.client({ type: 'session.update', session: { output_modalities: ['audio'] } }));
  assert.ok(!check.client({ type: 'conversation.item.create', item }));
  assert.ok(!check.client({ type: 'response.audio.cancel' }));
  const [done] = sessions[0].all('response.done');
  assert.ok(check.server(done));
  assert.ok(!check.server({ ...done, response: { ...done.response, status: 'done' } }));
  assert.ok(!check.server({ ...done, event_id: undefined }));
  assert.ok(!check.server({ ...done, type: 'response.audio.done' }));
});
