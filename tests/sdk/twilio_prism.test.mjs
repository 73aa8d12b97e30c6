// Twilio's own OpenAPI file looks at what its SDK and the sandbox say to each other.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { after, test } from 'node:test';

import twilio from 'twilio';

const SPEC = new URL(
  'node_modules/@twilio-alpha/mcp/twilio-oai/spec/json/twilio_api_v2010.json', import.meta.url);
const scenario = JSON.parse(readFileSync(process.env.SCENARIO, 'utf8'));
const { account_sid: sid, auth_token: token, numbers } = scenario.twilio;
const TLS = path.dirname(process.env.SANDBOX_CA);
const leaf = { cert: path.join(TLS, 'sandbox.pem'), key: path.join(TLS, 'sandbox.key') };
const proxies = [];

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

// A judge in front of `upstream`, and the SDK pointed at it.
async function judged(upstream, name) {
  const port = await freePort();
  const journal = path.join(TLS, `${name}.jsonl`);
  proxies.push(spawn(process.execPath, ['contract_proxy.mjs', SPEC.pathname, upstream, String(port),
    leaf.cert, leaf.key, journal], { stdio: 'ignore' }));
  const url = `https://localhost:${port}`;
  const ready = async () => (await fetch(`${url}/livez`).catch(() => null))?.status === 200;
  while (!(await ready())) await new Promise((resolve) => { setTimeout(resolve, 200); });
  const client = twilio(sid, token);
  client.api.baseUrl = url;
  const exchanges = () => readFileSync(journal, 'utf8').trim().split('\n').filter(Boolean)
    .map((line) => JSON.parse(line));
  return { client, exchanges };
}

after(() => { for (const proxy of proxies) proxy.kill(); });

test('what the SDK and the sandbox say is as Twilio publishes it', async () => {
  const { client, exchanges } = await judged(process.env.SANDBOX_URL, 'exchanges');

  await client.api.v2010.accounts(sid).fetch();
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: numbers[0], limit: 1 });
  await client.incomingPhoneNumbers(number.sid).update({ voiceUrl: 'https://a.example/voice' });
  await client.incomingPhoneNumbers(number.sid).fetch();
  const call = await client.calls.create({
    to: '+14155550106', from: numbers[0], twiml: '<Response><Pause length="60"/></Response>',
    statusCallback: 'https://localhost:1/cb', statusCallbackEvent: ['initiated', 'completed'],
    timeout: 30, timeLimit: 600 });
  await client.calls(call.sid).fetch();
  await client.calls.list({ to: '+14155550106', pageSize: 1, limit: 3 });
  await client.calls(call.sid).update({ status: 'completed' });

  const seen = exchanges();
  assert.ok(seen.length >= 8);
  assert.deepEqual(seen.flatMap(({ violations }) => violations), []);
});

test('the judge sees what is broken: an answer, and a request', async () => {
  // Says what the sandbox says, but for the SIDs of calls.
  const liar = https.createServer(
    { cert: readFileSync(leaf.cert), key: readFileSync(leaf.key) }, async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const answer = await fetch(process.env.SANDBOX_URL + request.url, {
        method: request.method, body: body || undefined,
        headers: { authorization: request.headers.authorization,
          'content-type': 'application/x-www-form-urlencoded' } });
      const text = (await answer.text()).replaceAll(/"CA[0-9a-f]{32}"/g, '"CA-broken"');
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    });
  await new Promise((resolve) => { liar.listen(0, '127.0.0.1', resolve); });
  const { client, exchanges } = await judged(`https://localhost:${liar.address().port}`, 'broken');
  const order = { to: '+14155550103', from: numbers[0], twiml: '<Response/>' };

  await assert.rejects(client.calls.create(order));
  await assert.rejects(client.calls.create({ ...order, timeout: 'soon' }));

  const [answer, request] = exchanges();
  assert.match(JSON.stringify(answer.violations), /sid/);
  assert.match(JSON.stringify(request.violations), /Timeout|timeout/);
  liar.closeAllConnections();
  liar.close();
});
