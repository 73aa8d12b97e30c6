"""Recording: what is on a call's WAV file: G.711 mu-law, 8 kHz, callee left, agent right."""

import struct
from dataclasses import dataclass

WAVE_FORMAT_MULAW = 7


def _linear(code: int) -> int:
    """ITU-T G.711, mu-law: one byte to 14 bits of amplitude, here scaled to 16."""
    code = ~code & 0xFF
    magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return -magnitude if code & 0x80 else magnitude


_LINEAR = [_linear(code) for code in range(256)]
# Above line noise, well below quiet speech.
_LOUD = 500


@dataclass(frozen=True)
class Recording:
    seconds: float
    callee_speech_seconds: float
    agent_speech_seconds: float


def read(data: bytes) -> Recording:
    """Raises ValueError when this is not such a file."""
    samples = _samples(data)
    return Recording(len(samples) / 16000, _speech(samples[0::2]), _speech(samples[1::2]))


def agent_samples(data: bytes) -> list[int]:
    """The agent's side, as 16-bit samples. Raises as read()."""
    return [_LINEAR[code] for code in _samples(data)[1::2]]


def _samples(data: bytes) -> bytes:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    at, form, samples = 12, None, b""
    while at + 8 <= len(data):
        name, size = data[at:at + 4], struct.unpack("<I", data[at + 4:at + 8])[0]
        if name == b"fmt ":
            form = struct.unpack("<HHI", data[at + 8:at + 16])
        elif name == b"data":
            samples = data[at + 8:at + 8 + size]
        at += 8 + size + size % 2
    if form != (WAVE_FORMAT_MULAW, 2, 8000):
        raise ValueError(f"not stereo mu-law at 8 kHz: {form}")
    return samples


def _speech(channel: bytes, frame: int = 160) -> float:
    """Seconds of 20 ms frames in which somebody speaks."""
    frames = (channel[i:i + frame] for i in range(0, len(channel) - frame + 1, frame))
    return sum(sum(abs(_LINEAR[c]) for c in f) / frame > _LOUD for f in frames) * 0.02
