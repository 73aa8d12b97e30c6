"""CallTale: one call, told while it happens, and kept for what is asked of it afterwards."""

import time

from .teller import BOLD, DIM, OFF, RED, Teller
from .tenant import Tenant
from .trouble import Trouble

CALL_SECONDS_MAX = 180


class CallTale:
    """Made when the call begins: its clock starts then."""

    def __init__(self, teller: Teller):
        self.utterances: list[dict] = []
        self.latencies: list[dict] = []
        self.end: dict = {}  # The last state, with disposition and reason.
        self.answered = 0.0  # By time.monotonic().
        self._teller = teller
        self._begin = time.monotonic()

    def follow(self, tenant: Tenant, call_id: str) -> None:
        """Tells the call to its end. Raises Trouble when it has none."""
        for event in tenant.follow(call_id, CALL_SECONDS_MAX):
            self._tell(event)
            if time.monotonic() - self._begin > CALL_SECONDS_MAX:
                raise Trouble("The call did not end in 3 minutes; see the logs.")

    def said_by(self, speaker: str) -> list[dict]:
        return [said for said in self.utterances if said["speaker"] == speaker]

    def _tell(self, event: dict) -> None:
        if "utterance" in event:
            self._tell_utterance(event["utterance"])
        elif "latency" in event:
            self.latencies.append(event["latency"])
        elif "state" in event:
            self._tell_state(event["state"])
        elif "trouble" in event:
            self._line(f"{RED}trouble{OFF} {event['trouble']['message']}")

    def _tell_utterance(self, said: dict) -> None:
        self.utterances.append(said)
        who = said["speaker"]
        broken = f"{DIM} (interrupted){OFF}" if said["interrupted"] else ""
        self._line(f"{BOLD if who == 'agent' else ''}{who:<7}{OFF} {said['text']}{broken}")

    def _tell_state(self, state: dict) -> None:
        if state["state"] == "answered":
            self.answered = time.monotonic()
        if state["state"] == "ended":
            self.end = state
        rest = ", ".join(x for x in (state["disposition"], state["reason"]) if x)
        self._line(f"{DIM}{state['state']}{': ' + rest if rest else ''}{OFF}")

    def _line(self, text: str) -> None:
        self._teller.line(f"   {DIM}{time.monotonic() - self._begin:5.1f} s{OFF}  {text}")
