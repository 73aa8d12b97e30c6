// Anthropic's own SDK against the sandbox.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';

const scenario = JSON.parse(readFileSync(process.env.SCENARIO, 'utf8'));
const accepted = scenario.keys.anthropic.find((key) => typeof key === 'string');
const client = (apiKey = accepted) =>
  new Anthropic({ apiKey, baseURL: process.env.SANDBOX_URL, maxRetries: 0 });

test('a streamed message is what the scenario says', async () => {
  const stream = client().messages.stream({
    model: 'claude-haiku-4-5',
    max_tokens: 200,
    messages: [{ role: 'user', content: 'Thursday is perfect for me.' }],
  });
  const message = await stream.finalMessage();
  assert.match(message.content[0].text, /^Wonderful/);
  assert.equal(message.stop_reason, 'end_turn');
});
