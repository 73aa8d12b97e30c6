// Stands between a client and a server of an API, and judges both by its OpenAPI file.
//
//   node contract_proxy.mjs SPEC UPSTREAM PORT CERT KEY JOURNAL
//
// TLS ends here; behind it `prism proxy --errors` passes every request on to UPSTREAM. Each exchange
// is a line of JOURNAL: {"method","path","status","violations":[…]}. GET /livez answers once prism
// is ready. Ends with SIGTERM.
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { fileURLToPath } from 'node:url';

const PRISM = fileURLToPath(new URL('node_modules/.bin/prism', import.meta.url));
const PRISM_ERROR = 'https://stoplight.io/prism/errors#';

const [spec, upstream, port, cert, key, journal] = process.argv.slice(2);

// The links between a list's pages are said to be absolute there, but the examples beside them, and
// all SDKs, know them as paths.
const PAGE_LINKS = ['uri', 'first_page_uri', 'next_page_uri', 'previous_page_uri'];

function withoutSlips(value) {
  if (Array.isArray(value)) return value.map(withoutSlips);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => {
    if (!PAGE_LINKS.includes(name) || inner?.format !== 'uri') return [name, withoutSlips(inner)];
    const { format, ...rest } = inner;
    return [name, rest];
  }));
}

// A list in a form is its key repeated: OpenAPI's default, which prism follows only when told.
function withListsToldOf(value) {
  if (value === null || typeof value !== 'object') return;
  const form = value['application/x-www-form-urlencoded'];
  for (const [name, property] of Object.entries(form?.schema?.properties ?? {})) {
    if (property.type !== 'array') continue;
    form.encoding = { ...form.encoding, [name]: { style: 'form', explode: true } };
  }
  for (const inner of Object.values(value)) withListsToldOf(inner);
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port: free } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return free;
}

// What prism holds against an exchange: its own answer in place of one, or its remarks on one.
function violationsIn(answer, body) {
  const remarks = answer.headers['sl-violations'];
  if (remarks) return JSON.parse(remarks);
  if (!body.includes(PRISM_ERROR)) return [];
  const told = JSON.parse(body);
  return told.validation ?? [{ message: told.title, detail: told.detail, type: told.type }];
}

function passOn(request, response, prismPort) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const inner = http.request({
      host: '127.0.0.1', port: prismPort, method: request.method, path: request.url,
      headers: { ...request.headers, host: `127.0.0.1:${prismPort}` },
    }, (answer) => {
      const body = [];
      answer.on('data', (chunk) => body.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(body);
        const violations = violationsIn(answer, text.toString());
        appendFileSync(journal, `${JSON.stringify({
          method: request.method, path: request.url, status: answer.statusCode, violations,
        })}\n`);
        const headers = { ...answer.headers, 'content-length': text.length };
        delete headers['transfer-encoding'];
        response.writeHead(answer.statusCode, headers).end(text);
      });
    });
    inner.on('error', () => response.writeHead(502).end());
    inner.end(Buffer.concat(chunks));
  });
}

async function untilListening(prismPort) {
  const reached = () => new Promise((resolve) => {
    const socket = net.connect(prismPort, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 100));
}

writeFileSync(journal, '');
const document = `${journal}.spec.json`;
const read = withoutSlips(JSON.parse(readFileSync(spec, 'utf8')));
withListsToldOf(read);
writeFileSync(document, JSON.stringify(read));
const prismPort = await freePort();
const prism = spawn(PRISM, ['proxy', '-p', String(prismPort), '-h', '127.0.0.1', '--errors',
  document, upstream], { stdio: ['ignore', 'inherit', 'inherit'] });
let ready = false;
const front = https.createServer({ cert: readFileSync(cert), key: readFileSync(key) },
  (request, response) => {
    if (request.url === '/livez') {
      response.writeHead(ready ? 200 : 503).end();
      return;
    }
    passOn(request, response, prismPort);
  }).listen(Number(port), '127.0.0.1');
const stop = () => {
  prism.kill();
  front.closeAllConnections();
  front.close();
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
prism.on('exit', (code) => process.exit(code ?? 0));
await untilListening(prismPort);
ready = true;
