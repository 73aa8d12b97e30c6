// Anthropic's own SDK against the sandbox.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';

const scenario = JSON.parse(readFileSync(process.env.SCENARIO, 'utf8'));
const accepted = scenario.keys.anthropic.find((key) => typeof key === 'string');
const client = (apiKey = accepted) =>
  new Anthropic({ apiKey, baseURL: process.env.SANDBOX_URL, maxRetries: 0 });

const thursday = {
  model: 'claude-haiku-4-5',
  max_tokens: 200,
  messages: [{ role: 'user', content: 'Thursday is perfect for me.' }],
};

// What goes wrong next, once.
async function arm(fault) {
  const answer = await fetch(`${process.env.SANDBOX_URL}/sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({ provider: 'anthropic', ...fault }),
  });
  assert.equal(answer.status, 200);
}

test('a message is what the scenario says', async () => {
  const message = await client().messages.create(thursday);
  assert.match(message.content[0].text, /^Wonderful/);
  assert.equal(message.stop_reason, 'end_turn');
  assert.ok(message.usage.output_tokens > 5);
});

test('a streamed message is what the scenario says', async () => {
  const stream = client().messages.stream(thursday);
  const message = await stream.finalMessage();
  assert.match(message.content[0].text, /^Wonderful/);
  assert.equal(message.stop_reason, 'end_turn');
});

test('a model from 5.x on thinks first', async () => {
  const stream = client().messages.stream({ ...thursday, model: 'claude-haiku-5-5' });
  const message = await stream.finalMessage();
  assert.deepEqual(message.content.map((block) => block.type), ['thinking', 'text']);
  assert.ok(message.content[0].thinking.length > 20);
  assert.ok(message.content[0].signature);
});

test('a tool is used, and its result is taken', async () => {
  const tools = [
    { name: 'end_call', description: 'Hangs up.', input_schema: { type: 'object', properties: {} } },
  ];
  const question = { role: 'user', content: 'No, that is all. Thank you and goodbye!' };
  const request = { ...thursday, tools, messages: [question] };
  const stream = client().messages.stream(request);
  const message = await stream.finalMessage();
  const use = message.content.find((block) => block.type === 'tool_use');
  assert.equal(message.stop_reason, 'tool_use');
  assert.equal(use.name, 'end_call');
  assert.deepEqual(use.input, {});

  const answered = await client().messages.create({
    ...request,
    messages: [
      question,
      { role: 'assistant', content: message.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: 'done' }] },
    ],
  });
  assert.equal(answered.type, 'message');
  await assert.rejects(
    client().messages.create({
      ...request,
      messages: [question, { role: 'assistant', content: message.content }, question],
    }),
    (error) => error instanceof Anthropic.BadRequestError && /tool_result/.test(error.message),
  );
});

test('models are listed page by page', async () => {
  const ids = [];
  for await (const model of client().models.list({ limit: 4 })) ids.push(model.id);
  assert.ok(ids.includes('claude-haiku-5-5') && ids.length > 8);
  assert.equal(new Set(ids).size, ids.length);
  const one = await client().models.retrieve('claude-haiku-5-5');
  assert.equal(one.display_name, 'Claude Haiku 5.5');
});

test('tokens are counted', async () => {
  const { model, messages } = thursday;
  const counted = await client().messages.countTokens({ model, messages });
  assert.ok(counted.input_tokens > 5);
});

test('refusals are the typed errors of the SDK', async () => {
  await assert.rejects(client('sk-ant-unknown').messages.create(thursday), (error) => {
    assert.ok(error instanceof Anthropic.AuthenticationError);
    assert.equal(error.error.error.type, 'authentication_error');
    assert.match(error.requestID, /^req_/);
    return true;
  });
  await assert.rejects(
    client().messages.create({ ...thursday, model: 'claude-2' }),
    Anthropic.NotFoundError,
  );
  await assert.rejects(
    client().messages.create({ ...thursday, messages: [] }),
    Anthropic.BadRequestError,
  );
  await arm({ status: 403 });
  await assert.rejects(client().messages.create(thursday), Anthropic.PermissionDeniedError);
  await arm({ status: 429, retry_after: 7 });
  await assert.rejects(client().messages.create(thursday), (error) => {
    assert.ok(error instanceof Anthropic.RateLimitError);
    assert.equal(error.headers.get('retry-after'), '7');
    return true;
  });
  await arm({ status: 529 });
  await assert.rejects(client().messages.create(thursday), Anthropic.InternalServerError);
  await arm({ kind: 'drop' });
  await assert.rejects(client().messages.create(thursday), Anthropic.APIConnectionError);
});

test('the SDK comes back when it is told to', async () => {
  await arm({ status: 429, retry_after: 0 });
  const patient = new Anthropic({ apiKey: accepted, baseURL: process.env.SANDBOX_URL, maxRetries: 1 });
  const message = await patient.messages.create(thursday);
  assert.equal(message.stop_reason, 'end_turn');
});

test('an error may come after 200, in the middle of a stream', async () => {
  await arm({ moment: 'mid_stream', status: 529 });
  const heard = [];
  const stream = client().messages.stream(thursday).on('text', (text) => heard.push(text));
  await assert.rejects(stream.finalMessage(), (error) => {
    assert.ok(error instanceof Anthropic.APIError);
    assert.match(error.message, /overloaded_error/);
    return true;
  });
  assert.equal(heard.join(''), 'Wonderful,');
});
