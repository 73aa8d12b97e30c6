// Twilio's own SDK against the sandbox.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { after, before, test } from 'node:test';

import twilio from 'twilio';

const scenario = JSON.parse(readFileSync(process.env.SCENARIO, 'utf8'));
const { account_sid: sid, auth_token: token, numbers } = scenario.twilio;
const TLS = path.dirname(process.env.SANDBOX_CA);
const TWIML = '<Response><Pause length="1"/></Response>';

function client(password = token) {
  const made = twilio(sid, password);
  made.api.baseUrl = process.env.SANDBOX_URL;
  return made;
}

// What the sandbox calls back: every form, with its signature, as a webhook sees it.
const callbacks = [];
let waiting = () => {};
const server = https.createServer({
  cert: readFileSync(path.join(TLS, 'sandbox.pem')), key: readFileSync(path.join(TLS, 'sandbox.key')),
}, (request, response) => {
  let body = '';
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', () => {
    callbacks.push({
      url: `https://localhost:${server.address().port}${request.url}`,
      signature: request.headers['x-twilio-signature'],
      form: Object.fromEntries(new URLSearchParams(body)),
    });
    response.writeHead(200, { 'content-type': 'text/xml' }).end(TWIML);
    waiting();
  });
});
const urlOf = (name) => `https://localhost:${server.address().port}${name}`;

// Resolves with what `find` gives as soon as it gives something, after a callback.
async function eventually(find) {
  while (!find()) await new Promise((resolve) => { waiting = resolve; });
  return find();
}

before(() => new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); }));
after(() => { server.closeAllConnections(); server.close(); });

test('the account tells its state, and its token in clear', async () => {
  const account = await client().api.v2010.accounts(sid).fetch();
  assert.equal(account.status, 'active');
  assert.equal(account.type, 'Full');
  assert.equal(account.authToken, token);
});

test('a call is created, fetched, listed and ended, and its callbacks are signed', async () => {
  const made = await client().calls.create({
    to: '+14155550106', from: numbers[0], twiml: '<Response><Pause length="60"/></Response>',
    statusCallback: urlOf('/status?call=1'),
    statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
  });
  assert.equal(made.status, 'queued');
  assert.ok(made.dateCreated instanceof Date);
  const mine = (status) => callbacks.find(
    ({ form }) => form.CallSid === made.sid && form.CallStatus === status);
  await eventually(() => mine('in-progress'));
  assert.equal((await client().calls(made.sid).fetch()).status, 'in-progress');
  const listed = await client().calls.list({ to: '+14155550106', startTimeAfter: made.dateCreated });
  assert.deepEqual(listed.map((call) => call.sid), [made.sid]);
  await client().calls(made.sid).update({ status: 'completed' });
  await eventually(() => mine('completed'));
  const ended = await client().calls(made.sid).fetch();
  assert.equal(ended.status, 'completed');
  assert.equal(ended.duration, mine('completed').form.CallDuration);
  const own = callbacks.filter(({ form }) => form.CallSid === made.sid);
  assert.deepEqual(own.map(({ form }) => form.CallStatus).sort(),
    ['completed', 'in-progress', 'initiated', 'ringing']);
  for (const { url, signature, form } of own) {
    assert.ok(twilio.validateRequest(token, signature, url, form), form.CallStatus);
    assert.ok(!twilio.validateRequest(token, signature, url, { ...form, CallDuration: '9999' }));
  }
});

test('a list of many calls comes in pages', async () => {
  const to = '+14155550103';
  const made = await Promise.all(
    [1, 2, 3, 4, 5].map(() => client().calls.create({ to, from: numbers[0], twiml: TWIML })));
  const listed = await client().calls.list({ to, pageSize: 2 });
  assert.deepEqual(new Set(listed.map((call) => call.sid)), new Set(made.map((call) => call.sid)));
});

test('a number is set up, and what calls it is asked for with a signature', async () => {
  const [number] = await client().incomingPhoneNumbers.list({ phoneNumber: numbers[0] });
  assert.equal(number.capabilities.voice, true);
  const set = await client().incomingPhoneNumbers(number.sid).update({
    voiceUrl: urlOf('/voice'), statusCallback: urlOf('/ended') });
  assert.equal(set.voiceUrl, urlOf('/voice'));
  assert.equal((await client().incomingPhoneNumbers(number.sid).fetch()).voiceUrl, urlOf('/voice'));

  const answer = await fetch(`${process.env.SANDBOX_URL}/sandbox/calls`, {
    method: 'POST', body: JSON.stringify({ from: '+14155550106', to: numbers[0] }) });
  assert.equal(answer.status, 201);
  const { sid: callSid } = await answer.json();

  const ended = await eventually(() => callbacks.find(
    ({ url, form }) => url === urlOf('/ended') && form.CallSid === callSid));
  assert.equal(ended.form.Direction, 'inbound');
  const asked = callbacks.find(({ url }) => url === urlOf('/voice'));
  assert.equal(asked.form.CallStatus, 'ringing');
  assert.ok(twilio.validateRequest(token, asked.signature, asked.url, asked.form));
  assert.equal((await client().calls(callSid).fetch()).direction, 'inbound');
});

test("errors come as the SDK's RestException, with Twilio's codes", async () => {
  const order = { to: '+14155550101', from: numbers[0], twiml: TWIML };
  const refusal = async (promise) => {
    const error = await promise.then(() => assert.fail('it was accepted'), (thrown) => thrown);
    assert.ok(error instanceof twilio.RestException, String(error));
    return [error.status, error.code];
  };
  const create = (change) => client().calls.create({ ...order, ...change });
  assert.deepEqual(await refusal(create({ from: '+14155550142' })), [400, 21210]);
  assert.deepEqual(await refusal(create({ to: '+14155' })), [400, 21211]);
  assert.deepEqual(await refusal(create({ to: '+919812345678' })), [400, 21215]);
  assert.deepEqual(await refusal(client('0'.repeat(32)).calls.create(order)), [401, 20003]);
  assert.deepEqual(await refusal(client().calls(`CA${'0'.repeat(32)}`).fetch()), [404, 20404]);
  await fetch(`${process.env.SANDBOX_URL}/sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({ provider: 'twilio', moment: 'connect', kind: 'status', status: 429,
      who: order.to }) });
  assert.deepEqual(await refusal(client().calls.create(order)), [429, 20429]);
});
