"""Ear: what the sandbox's own recording of a call shows, frame by frame of 20 ms.

The recording is made where the carrier plays and hears: G.711 mu-law, the callee left, the agent
right, from the answer on. Frame n was sent to Latchkey, and played to the callee, at n * 20 ms.
"""

from dataclasses import dataclass

FRAME = 160  # Samples, 20 ms.
FRAME_MS = 20
SILENCE = b"\xff" * FRAME  # What is heard where the carrier has nothing to play.
HEADER_BYTES = 44


def _linear(code: int) -> int:
    code = ~code & 0xFF
    magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return -magnitude if code & 0x80 else magnitude


_POWER = [_linear(code) ** 2 for code in range(256)]
_LOUD = 300 ** 2  # The sandbox's own gate: an RMS of 300 of 32768.
_LOUD_OF_FOUR = 3  # Speech has begun when so many of the last four frames were loud.


def frames(samples: bytes) -> list[bytes]:
    return [samples[i:i + FRAME] for i in range(0, len(samples) - FRAME + 1, FRAME)]


def first_sound(audio: list[bytes]) -> int:
    """The first frame that is not silence; speech from a synthesiser may begin with some."""
    return next((n for n, frame in enumerate(audio) if frame != SILENCE), 0)


@dataclass(frozen=True)
class Speech:
    """Frames of one speech of the callee's, as the STT provider's detector has them."""

    first: int  # The first loud frame.
    last: int  # The last voiced one.


class Ear:
    def __init__(self, wav: bytes):
        samples = wav[HEADER_BYTES:]
        self._callee = frames(samples[0::2])
        self._agent = frames(samples[1::2])

    def callee_speeches(self, pause_frames: int) -> list[Speech]:
        """What the callee said, divided where they paused for at least `pause_frames`."""
        found, history, first = [], 0, None
        for n, frame in enumerate(self._callee):
            loud = sum(map(_POWER.__getitem__, frame)) > _LOUD * FRAME
            history = (history << 1 | loud) & 15
            if loud and (first is None or not history & 14):
                first = n
            if history.bit_count() < _LOUD_OF_FOUR:
                continue
            if found and n - found[-1].last < pause_frames:
                found[-1] = Speech(found[-1].first, n)
            else:
                found.append(Speech(first, n))
        return found

    def agent_plays(self, frame: int) -> bool:
        return frame < len(self._agent) and self._agent[frame] != SILENCE

    def next_agent_sound(self, after: int) -> int | None:
        return next((n for n in range(after + 1, len(self._agent)) if self.agent_plays(n)), None)

    def last_agent_sound(self, begin: int, quiet_frames: int) -> int:
        """The last frame played before the agent is silent for `quiet_frames`, from `begin` on."""
        last = begin
        while (following := self.next_agent_sound(last)) is not None:
            if following - last > quiet_frames:
                break
            last = following
        return last
