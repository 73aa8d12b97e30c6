// OpenAI's own SDK against the sandbox: models by REST, and Realtime sessions.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { client, control, endCall, keyOf, model, scenario, Session, spoken } from './realtime_session.mjs';

const line = 'Thursday is perfect for me.';

test('models are listed and retrieved', async () => {
  const models = [];
  for await (const one of client().models.list()) models.push(one);
  assert.ok(models.some((one) => one.id === model && one.object === 'model'));
  assert.equal(models.find((one) => one.id === 'gpt-realtime').shutdown_date, '2027-01-20');
  assert.equal((await client().models.retrieve(model)).id, model);
});

test('refusals by REST have the status and the code of the documents', async () => {
  const refusal = (apiKey, name = model) =>
    client(apiKey).models.retrieve(name).then(() => null, ({ status, code }) => ({ status, code }));

  assert.deepEqual(await refusal('sk-proj-nobody'), { status: 401, code: 'invalid_api_key' });
  assert.deepEqual(await refusal(undefined, 'gpt-9'), { status: 404, code: 'model_not_found' });
  assert.deepEqual(await refusal(keyOf('model_not_found')),
    { status: 403, code: 'model_not_found' });
  assert.deepEqual(await refusal(keyOf('insufficient_scope')),
    { status: 403, code: 'insufficient_scope' });
  assert.deepEqual(await refusal(keyOf('rate_limit_exceeded')),
    { status: 429, code: 'rate_limit_exceeded' });
  assert.equal(await refusal(keyOf('insufficient_quota')), null); // The list is free.
});

test('a spoken turn is heard, transcribed and answered in speech', async () => {
  const session = new Session();
  await session.configure();
  session.hear(await spoken(line));
  const done = await session.next('response.done');
  const heard = await session.next('conversation.item.input_audio_transcription.completed');
  await session.next('rate_limits.updated');
  session.close();

  assert.equal(heard.transcript, line);
  assert.match(done.response.output[0].content[0].transcript, /^Wonderful, .* for you\?$/);
  const audio = Buffer.concat(session.all('response.output_audio.delta')
    .map((event) => Buffer.from(event.delta, 'base64')));
  const expected = await spoken(done.response.output[0].content[0].transcript);
  assert.ok(audio.equals(expected), 'it is real speech: what the same voice says elsewhere');
  assert.equal(session.all('response.output_audio_transcript.delta')
    .map((event) => event.delta).join(''), done.response.output[0].content[0].transcript);
  const { usage } = done.response;
  assert.equal(usage.total_tokens, usage.input_tokens + usage.output_tokens);
  assert.equal(usage.output_token_details.audio_tokens, Math.floor(audio.length / 8 / 50));
});

test('barge-in cancels the reply, and the client truncates to what was played', async () => {
  const session = new Session();
  await session.configure();
  const audio = await spoken(line);
  session.hear(audio);
  const { item } = await session.next('response.output_item.added');
  await session.next('response.output_audio.delta');
  session.hear(audio);
  const done = await session.next('response.done');
  session.send({ type: 'conversation.item.truncate', item_id: item.id, content_index: 0, audio_end_ms: 150 });
  const truncated = await session.next('conversation.item.truncated');
  session.send({ type: 'conversation.item.truncate', item_id: item.id, content_index: 0, audio_end_ms: 151 });
  const { error } = await session.next('error');
  const again = await session.next('response.done');
  session.close();

  assert.equal(done.response.status, 'cancelled');
  assert.equal(done.response.status_details.reason, 'turn_detected');
  assert.equal(truncated.audio_end_ms, 150);
  assert.match(error.message, /already shorter than/);
  assert.equal(again.response.status, 'completed');
});

test('a client cancels a response', async () => {
  const session = new Session();
  await session.configure();
  session.send({ type: 'response.create', response: { instructions: `Say exactly: "${line}"` } });
  await session.next('response.output_audio.delta');
  session.send({ type: 'response.cancel' });
  const done = await session.next('response.done');
  session.send({ type: 'response.cancel', event_id: 'too_late' });
  const { error } = await session.next('error');
  session.close();

  assert.equal(done.response.status_details.reason, 'client_cancelled');
  assert.equal(error.code, 'response_cancel_not_active');
  assert.equal(error.event_id, 'too_late');
});

test('semantic_vad, and a tool call whose output goes on', async () => {
  const session = new Session();
  await session.configure({ tools: [endCall] },
    { turn_detection: { type: 'semantic_vad', eagerness: 'high' } });
  session.hear(await spoken('No, that is all. Thank you and goodbye!'), 4000);
  const call = await session.next('response.function_call_arguments.done');
  await session.next('response.done');
  session.send({
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: call.call_id, output: '{"ok":true}' },
  });
  session.send({ type: 'response.create' });
  const done = await session.next('response.done');
  session.close();

  assert.equal(call.name, 'end_call');
  assert.ok(JSON.parse(call.arguments));
  assert.equal(done.response.status, 'completed');
});

test('without turn detection the client commits; 24 kHz PCM works too', async () => {
  const session = new Session();
  const pcm = { type: 'audio/pcm', rate: 24000 };
  await session.configure({ output_modalities: ['text'] }, { format: pcm, turn_detection: null });
  session.send({ type: 'input_audio_buffer.commit' });
  const { error } = await session.next('error');
  session.send({ type: 'input_audio_buffer.append', audio: Buffer.alloc(48_000).toString('base64') });
  session.send({ type: 'input_audio_buffer.commit' });
  await session.next('input_audio_buffer.committed');
  session.send({ type: 'response.create' });
  const done = await session.next('response.done');
  session.close();

  assert.equal(error.code, 'input_audio_buffer_commit_empty');
  assert.equal(done.response.output[0].content[0].text, 'I am sorry, I did not catch that.');
});

test('what is wrong with a key or a model shows inside of the session', async () => {
  const end = async (how) => {
    const session = new Session(how);
    const { code } = await session.ended();
    return [session.received[0].error.code, code];
  };
  const beta = { headers: { 'OpenAI-Beta': 'realtime=v1' } };

  assert.deepEqual(await end({ apiKey: 'sk-proj-nobody' }), ['invalid_api_key', 3000]);
  assert.deepEqual(await end({ options: beta }), ['beta_api_shape_disabled', 4000]);
  assert.deepEqual(await end({ name: 'gpt-5.5' }), ['invalid_model', 4000]);
  assert.deepEqual(await end({ apiKey: keyOf('model_not_found') }), ['model_not_found', 4004]);
  assert.deepEqual(await end({ apiKey: keyOf('insufficient_quota') }), ['insufficient_quota', 1013]);
});

test('or in the response, where the scenario says so', async () => {
  const quirks = { openai: { model_denied: 'failed_response', no_credit: 'failed_response', session_limit_ms: 5000 } };
  await control('scenario', { ...scenario, quirks });
  try {
    const failure = async (code) => {
      const session = new Session({ apiKey: keyOf(code) });
      await session.configure({ output_modalities: ['text'] });
      session.send({ type: 'response.create' });
      const { response } = await session.next('response.done');
      const { code: closed } = await session.ended(); // At its limit.
      assert.equal((await session.next('error')).error.code, 'session_expired');
      return [response.status, response.status_details.error.code, closed];
    };
    const codes = ['model_not_found', 'insufficient_quota', 'rate_limit_exceeded'];
    const failures = await Promise.all(codes.map(failure));
    assert.deepEqual(failures, codes.map((code) => ['failed', code, 1001]));
  } finally {
    await control('scenario', scenario);
  }
});
