const CALLS_EVERY_MS = 400;
const REQUESTS_EVERY_MS = 2000;
const REQUESTS_SHOWN = 40;
const FAILED = ['busy', 'failed', 'no-answer', 'canceled'];

const $ = (id) => document.getElementById(id);
const listener = new Listener();
const rows = new Map();  // By the call's sid.

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function latency(call) {
  if (call.barge_in_ms?.length) return `stopped in ${median(call.barge_in_ms)} ms`;
  if (call.voice_to_voice_ms?.length) return `answers in ${median(call.voice_to_voice_ms)} ms`;
  if (call.first_word_ms !== undefined) return `first word ${call.first_word_ms} ms`;
  return call.error || '';
}

function rowOf(sid) {
  if (rows.has(sid)) return rows.get(sid);
  const row = $('call').content.firstElementChild.cloneNode(true);
  row.querySelector('.listen').addEventListener('click', () => {
    if (listener.sid === sid) return listener.stop();
    listener.play(sid, !row.classList.contains('over'), refreshCalls);
    refreshCalls();
  });
  rows.set(sid, row);
  return row;
}

function show(call) {
  const row = rowOf(call.sid);
  const part = (name) => row.querySelector(`.${name}`);
  row.classList.toggle('over', call.over);
  part('number').textContent = call.person;
  part('about').textContent = call.about || `${call.direction}, ${call.carrier}`;
  part('about').title = call.sid;
  part('state').textContent = call.state;
  part('state').className = 'state' + (call.state === 'in-progress' ? ' running' : '') +
    (FAILED.includes(call.state) ? ' failed' : '');
  part('agent').classList.toggle('speaks', call.speaks === 'agent');
  part('callee').classList.toggle('speaks', call.speaks === 'callee' || call.speaks === 'aside');
  part('talked').textContent = call.talked_ms ? clock(call.talked_ms) : '';
  part('latency').textContent = latency(call);
  const button = part('listen');
  const playing = listener.sid === call.sid;
  button.hidden = !call.can_listen && !playing;
  button.textContent = playing ? 'Stop' : call.over ? 'Play' : 'Listen';
  button.classList.toggle('playing', playing);
  return row;
}

async function refreshCalls() {
  const live = await (await fetch('/sandbox/live')).json();
  $('scenario').textContent = live.scenario;
  $('live').textContent = live.load.calls;
  $('placed').textContent = live.calls_placed;
  $('late').textContent =
    live.load.frames_sent ? `${(live.load.lateness_us.p99 / 1000).toFixed(1)} ms` : '–';
  $('no-calls').hidden = live.calls.length > 0;
  const wanted = live.calls.map(show);
  const list = $('calls');
  wanted.forEach((row, i) => {
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] ?? null);
  });
  while (list.children.length > wanted.length) list.lastElementChild.remove();
}

async function refreshRequests() {
  const requests = await (await fetch('/sandbox/requests')).json();
  $('no-requests').hidden = requests.length > 0;
  $('requests').replaceChildren(...requests.slice(-REQUESTS_SHOWN).reverse().map((request) => {
    const item = document.createElement('li');
    const name = document.createElement('b');
    const entry = document.createElement('code');
    name.textContent = request.provider;
    entry.textContent = JSON.stringify(request.entry);
    item.append(name, entry);
    return item;
  }));
}

// Only what the chosen kind of fault has is asked for.
function fitForm() {
  const kind = $('fault').elements.kind.value;
  for (const label of $('fault').querySelectorAll('[data-for]')) {
    label.hidden = label.dataset.for !== kind;
  }
}

async function addFault(event) {
  event.preventDefault();
  const form = $('fault');
  const fault = {};
  for (const field of form.elements) {
    if (!field.name || field.closest('label').hidden) continue;
    fault[field.name] = field.type === 'number' ? Number(field.value) : field.value;
  }
  const answer = await fetch('/sandbox/faults', { method: 'POST', body: JSON.stringify(fault) });
  const text = (await answer.text()).trim();
  $('fault-told').textContent = answer.ok ? 'It waits for its moment.' : text;
  $('fault-told').classList.toggle('bad', !answer.ok);
}

// Never two at a time; a sandbox that is restarted is found again.
function forever(refresh, every) {
  const again = async () => {
    try {
      if (!document.hidden) await refresh();
    } catch (error) {
      console.warn(error);
    }
    setTimeout(again, every);
  };
  again();
}

$('fault').addEventListener('submit', addFault);
$('fault').elements.kind.addEventListener('change', fitForm);
fitForm();
forever(refreshCalls, CALLS_EVERY_MS);
forever(refreshRequests, REQUESTS_EVERY_MS);
