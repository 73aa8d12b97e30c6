"""scripts/bench turn: what Latchkey adds between the callee's last word and the agent's first.

Brings the whole suite up with providers of fixed delays, has several conversations at a time, first
composed, then realtime ones, and reads the sandbox's own recording of each call, beside the
instance's own account of it.
"""

import json
import math
import os
import ssl
import statistics
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import turn_scenario as script
from ear import FRAME_MS, Ear, first_sound, frames
from suite import scenario
from suite.folder import fresh
from suite.suite import ROOT, Suite
from suite.tenant import Tenant
from suite.trouble import Trouble

QUIET_FRAMES = 35  # Longer than any pause within what the agent says.
# media's clock stands at the end of the frame that came last, and a stream's first frame is stamped
# 20 ms (Twilio counts chunks from one): when a stream begins, it reads 40 ms.
CLOCK_AT_STREAM_START_MS = 40
CALL_SECONDS_MAX = 120
AGENT = {"systemPrompt": "You answer the phone of Bright Smile Dental.",
         "firstMessage": "Hello this is Bright Smile Dental how can I help you?",
         "voiceId": "a0e99841-438c-4a64-b679-ae501e7d6091", "record": False}


@dataclass(frozen=True)
class Pipeline:
    """What differs between the two."""

    name: str
    number: int  # Its place among the carrier account's numbers.
    pause_ms: int  # The silence that ends a turn: a setting of the provider's.
    message_frames: int  # media collects so many frames for a message to who listens.
    baseline_ms: int  # What the providers take between the end of a turn and the first audio.

    def pause_frames(self) -> int:
        return self.pause_ms // FRAME_MS


COMPOSED = Pipeline("composed", 0, script.ENDPOINTING_MS, 3, script.baseline_ms())
REALTIME = Pipeline("realtime", 1, script.TURN_SILENCE_MS, 2, script.realtime_baseline_ms())


@dataclass
class Turn:
    """One turn of a conversation, in milliseconds. `heard` is the sum of all that follow, of
    the providers' delays and of the pause that ends a turn."""

    heard: float  # From the end of the callee's speech to the agent's first sound, at the ear.
    own: float  # Latchkey's work: what is left when all others have been taken off.
    holding: float  # The frame that ends the pause waits until its message is full.
    frame_clock: float  # The carrier plays the agent's first frame at its next tick.
    voice_lead: float  # Silence at the beginning of the synthesised speech.


@dataclass
class BargeIn:
    stop: float  # From the callee's first voiced frame to the agent's last one played.
    silence: float  # From media's decision to the same.


class Call:
    """A finished call: the sandbox's recording, media's transcript, and how their clocks relate."""

    def __init__(self, ear: Ear, transcript: dict, lead_frames: dict[str, int],
                 pipeline: Pipeline = COMPOSED):
        self.ear = ear
        self.pipeline = pipeline
        self.troubles = transcript["troubles"]
        self.agent = [u for u in transcript["utterances"] if u["speaker"] == "agent"]
        self.starts, self.leads = [], []
        after = -1
        for said in self.agent:
            start = ear.next_agent_sound(after)
            if start is None:
                raise Trouble("The transcript tells of more than the callee has heard.")
            self.starts.append(start)
            self.leads.append(next((n for text, n in lead_frames.items()
                                    if said["text"].startswith(text.strip()[:8])), 0))
            after = ear.last_agent_sound(start, QUIET_FRAMES)
        # Where media's clock reads zero, in the ear's time. Each first frame waited between 0 and
        # 20 ms for the carrier's tick, and streams begin at a tick. The greeting is sent before the
        # carrier's first frame has set the clock.
        waits = [(start - lead) * FRAME_MS - said["startMs"]
                 for said, start, lead in zip(self.agent, self.starts, self.leads)][1:]
        self._zero = FRAME_MS * round((statistics.median(waits) - FRAME_MS / 2) / FRAME_MS)

    def turns(self) -> list[Turn]:
        found = []
        for speech in self.ear.callee_speeches(self.pipeline.pause_frames()):
            replies = [n for n, start in enumerate(self.starts) if start > speech.last]
            if replies and not self.ear.agent_plays(speech.last):
                found.append(self._turn(speech.last, replies[0]))
        return found

    def _turn(self, last_voiced: int, reply: int) -> Turn:
        pause_over = last_voiced + self.pipeline.pause_frames()  # This frame ends the pause.
        stream_begin = (self._zero + CLOCK_AT_STREAM_START_MS) // FRAME_MS
        message_frames = self.pipeline.message_frames
        place = (pause_over - stream_begin) % message_frames
        holding = (message_frames - 1 - place) * FRAME_MS
        sent = self._zero + self.agent[reply]["startMs"]
        first_frame = (self.starts[reply] - self.leads[reply]) * FRAME_MS
        return Turn(heard=(self.starts[reply] - last_voiced - 1) * FRAME_MS,
                    own=sent - pause_over * FRAME_MS - holding - self.pipeline.baseline_ms,
                    holding=holding, frame_clock=first_frame - sent,
                    voice_lead=self.leads[reply] * FRAME_MS)

    def barge_ins(self) -> list[BargeIn]:
        found = []
        for said, start in zip(self.agent, self.starts):
            if not said["interrupted"]:
                continue
            decided = self._zero + said["endMs"]
            last = self.ear.last_agent_sound(start, QUIET_FRAMES)
            speech = next((s for s in self.ear.callee_speeches(self.pipeline.pause_frames())
                           if start < s.first <= last), None)
            if speech is not None:
                found.append(BargeIn(stop=(last + 1 - speech.first) * FRAME_MS,
                                     silence=(last + 1) * FRAME_MS - decided))
        return found


class Bench:
    """The suite, one tenant with a number for each pipeline, and the sandbox's side door."""

    def __init__(self, suite: Suite, keys: dict[str, dict], e164s: list[str]):
        self._suite = suite
        self._keys = keys
        self._tls = ssl.create_default_context(cafile=str(suite.authority.ca))
        self._tenant: Tenant = suite.make_tenant("turn bench")
        for provider, body in keys.items():
            self._tenant.put(f"/v1/keys/{provider}", body)
        self._tenant.put("/v1/onboarding/mode", {"mode": "byok"})
        self._tenant.post("/v1/onboarding/complete")
        self._numbers = {
            pipeline: self._tenant.post("/v1/numbers", {
                "e164": e164s[pipeline.number], "carrier": "twilio",
                "agent": {**AGENT, "pipeline": pipeline.name}})["id"]
            for pipeline in (COMPOSED, REALTIME)}
        # Spoken once now, so that no turn waits for the sandbox's synthesiser.
        self._leads = {text: first_sound(frames(self._speak(text)))
                       for text in (AGENT["firstMessage"], script.FIRST_SENTENCE)}
        for text in (script.SHORT, script.LONG):
            self._speak(text)
            self._speak(text.removeprefix(script.FIRST_SENTENCE))

    def run_calls(self, pipeline: Pipeline, callees: list[str]) -> list[Call]:
        with ThreadPoolExecutor(script.AT_A_TIME) as threads:
            transcripts = dict(zip(callees, threads.map(
                lambda to: self._run_call(pipeline, to), callees)))
        told = {call["to"]: call for call in json.loads(self._sandbox("/sandbox/calls"))}
        heard = {to: self._sandbox(f"/sandbox/calls/{told[to]['sid']}.wav") for to in callees}
        for to in callees:  # To look into, afterwards.
            name = self._suite.folder / f"{pipeline.name}{to}"
            name.with_suffix(".wav").write_bytes(heard[to])
            name.with_suffix(".json").write_text(json.dumps(transcripts[to], indent=1))
        return [Call(Ear(heard[to]), transcripts[to], self._leads, pipeline) for to in callees]

    def _run_call(self, pipeline: Pipeline, to: str) -> dict:
        placed = self._tenant.place_call(self._numbers[pipeline], to, f"{pipeline.name}-{to}")
        end = time.monotonic() + CALL_SECONDS_MAX
        while self._tenant.get(f"/v1/calls/{placed['id']}")["state"].lower() != "ended":
            if time.monotonic() > end:
                raise Trouble(f"The call to {to} did not end within {CALL_SECONDS_MAX} s.")
            time.sleep(0.5)
        time.sleep(0.5)  # The transcript is written in batches of 200 ms.
        return self._tenant.get(f"/v1/calls/{placed['id']}/transcript")

    def _speak(self, text: str) -> bytes:
        return self._sandbox("/tts/bytes", {
            "model_id": "sonic-3", "transcript": text, "language": "en",
            "voice": {"mode": "id", "id": AGENT["voiceId"]},
            "output_format": {"container": "raw", "encoding": "pcm_mulaw", "sample_rate": 8000}})

    def _sandbox(self, path: str, body: dict | None = None) -> bytes:
        request = urllib.request.Request(self._suite.kitchen.sandbox_url + path)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
            request.add_header("Cartesia-Version", "2025-04-16")
            request.add_header("Authorization", f"Bearer {self._keys['cartesia']['apiKey']}")
        with urllib.request.urlopen(request, timeout=30, context=self._tls) as answer:
            return answer.read()


def quantile(values: list[float], p: float) -> float:
    if not values:
        return math.nan
    return sorted(values)[min(len(values) - 1, math.floor(p * len(values)))]


def report(pipeline: Pipeline, calls: list[Call]) -> int:
    def show(figure: str, value: object) -> None:
        print(f"turn.{pipeline.name}.{figure}: {value}", flush=True)

    def show_quantiles(figure: str, values: list[float]) -> None:
        show(f"{figure}_p50_ms", f"{quantile(values, 0.50):.0f}")
        show(f"{figure}_p99_ms", f"{quantile(values, 0.99):.0f}")

    turns = [turn for call in calls for turn in call.turns()]
    barge_ins = [barge_in for call in calls for barge_in in call.barge_ins()]
    troubles = [trouble for call in calls for trouble in call.troubles]
    show("turns", len(turns))
    show("baseline_ms", f"{pipeline.baseline_ms} (the providers' scripted delays)")
    show("endpointing_ms", f"{pipeline.pause_ms} (a setting of the provider's)")
    for name in ("heard", "own", "holding", "frame_clock", "voice_lead"):
        figure = "own_share" if name == "own" else name
        show_quantiles(figure, [getattr(turn, name) for turn in turns])
    show("barge_ins", len(barge_ins))
    show_quantiles("barge_in_stop", [b.stop for b in barge_ins])
    show_quantiles("decision_to_silence", [b.silence for b in barge_ins])
    show("troubles", len(troubles))
    planned = len(script.TALKERS) * len(script.TURNS)
    breaks = len(script.INTERRUPTERS) * len(script.INTERRUPTIONS)
    if len(turns) < planned or len(barge_ins) < breaks or troubles:
        show("void", f"{planned} turns, {breaks} interruptions and no trouble were planned")
        return 1
    return 0


def main() -> int:
    folder = fresh(ROOT / "run", "bench-turn")
    played = script.make()
    path = folder / "scenario.json"
    path.write_text(json.dumps(played))
    binaries = Path(os.environ.get("LATCHKEY_BIN", ROOT / "build" / "release" / "bin"))
    try:
        with Suite(folder, binaries, path) as suite:
            bench = Bench(suite, scenario.accepted_keys(played), played["twilio"]["numbers"])
            wrong = 0
            for pipeline in (COMPOSED, REALTIME):
                calls = bench.run_calls(pipeline, [*script.TALKERS, *script.INTERRUPTERS])
                wrong = max(wrong, report(pipeline, calls))
    except Trouble as trouble:
        print(f"turn.void: {trouble}", file=sys.stderr)
        return 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
