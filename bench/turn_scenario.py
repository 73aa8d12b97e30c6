"""The scenario of bench/turn.py: providers that take exactly as long as is written here."""

from suite import scenario

ENDPOINTING_MS = 300  # What media asks Deepgram for (endpointing=300).
TURN_SILENCE_MS = 500  # What media asks OpenAI for (server_vad, silence_duration_ms=500).
FIRST_PIECE_MS = 25  # OpenAI's first 200 ms of sound, eight times as fast as they are heard.
# Their sum is no multiple of a frame: what the carrier's clock adds can then be told from the rest.
LLM_FIRST_TOKEN_MS, LLM_TOKEN_MS, TTS_FIRST_BYTE_MS, STT_FINAL_MS = 200, 10, 80, 110

FIRST_SENTENCE = "Of course. "
SHORT = FIRST_SENTENCE + "I have noted that."
LONG = (FIRST_SENTENCE + "There is a great deal that I would like to tell you about our practice, "
        "about everybody who works in it, and about all that we can do for your teeth this year.")
# The first sentence is known to be one when the word after it has begun.
TOKENS_BEFORE_SPEECH = len(FIRST_SENTENCE.split())

# All of them end clearly: with a last sound at the edge of the provider's detector, the end of the
# turn, and so its figures, would be uncertain by a message of 60 ms.
TURNS = ["Could we change it to another day", "We are away in the morning",
         "Please tell the doctor that I called", "My daughter will come with me"]
KNOWN_BY = ["could we", "we are away", "the doctor", "my daughter"]
INTERRUPTIONS = ["Wait a moment please", "That is enough for today thank you",
                 "You may stop right there", "Let me say something now"]
TALKERS = [f"+1415555011{n}" for n in range(6)]
INTERRUPTERS = [f"+1415555012{n}" for n in range(3)]
AT_A_TIME = 3
HANG_UP = {"hang_up": True, "after_ms": 1000}


def baseline_ms() -> int:
    """What the providers take between the end of the callee's turn and the first audio."""
    return (STT_FINAL_MS + LLM_FIRST_TOKEN_MS + TOKENS_BEFORE_SPEECH * LLM_TOKEN_MS +
            TTS_FIRST_BYTE_MS)


def realtime_baseline_ms() -> int:
    """The same for the realtime model, which hears, thinks and speaks."""
    return LLM_FIRST_TOKEN_MS + FIRST_PIECE_MS


def make() -> dict:
    script = scenario.read(scenario.SCENARIOS / "demo.json")
    talks = [{"say": line, "after_ms": 700} for line in TURNS]
    asks = {"say": "Tell me everything about your practice"}
    breaks_in = [{"say": line, "when": "agent_speaks", "after_ms": 1200 + 170 * n}
                 for n, line in enumerate(INTERRUPTIONS)]
    script.update({
        "name": "turn bench",
        "speech": {**script["speech"], "stt_engine": "fingerprint"},
        "latencies": {"llm_first_token": _exactly(LLM_FIRST_TOKEN_MS),
                      "llm_token": _exactly(LLM_TOKEN_MS),
                      "tts_first_byte": _exactly(TTS_FIRST_BYTE_MS),
                      "stt_final": _exactly(STT_FINAL_MS), "probe": _exactly(20)},
        "agent": [{"when": KNOWN_BY, "say": SHORT}, {"say": LONG}],
        "callees": {
            **{number: {"ring_ms": _ring_ms(n), "lines": [*talks, HANG_UP]}
               for n, number in enumerate(TALKERS)},
            **{number: {"ring_ms": _ring_ms(n), "lines": [asks, *breaks_in, HANG_UP]}
               for n, number in enumerate(INTERRUPTERS)}},
        "faults": []})
    return script


def _ring_ms(n: int) -> int:
    """Calls that run together are at different points of a turn."""
    return 300 + n % AT_A_TIME * 1130


def _exactly(milliseconds: int) -> dict:
    return {"mean_ms": milliseconds, "jitter_ms": 0}
