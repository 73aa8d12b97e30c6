"""Every kind of person on the phone, several at a time: what a user would expect of each call."""

import unittest

from stage import StageCase
from suite import scenario as scenario_file

POLITE, INTERRUPTS, SILENT, STREET, TELEVISION, MURMURS, OVER_GREETING, THINKS, SLOW, KEYS = (
    f"+141555502{n:02}" for n in range(1, 11))
MACHINE, BUSY, NO_ANSWER, REJECTS, UNKNOWN, OWN_WORD, AGENTS_WORD = (
    f"+141555502{n:02}" for n in range(11, 18))


class PeopleTest(StageCase):
    script = scenario_file.read(scenario_file.SCENARIOS / "people.json")

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        try:
            cls.calls = cls().call_all(POLITE, INTERRUPTS, STREET, TELEVISION, MURMURS,
                                       OVER_GREETING, THINKS, SLOW, KEYS, MACHINE, BUSY, NO_ANSWER,
                                       REJECTS, UNKNOWN, OWN_WORD, AGENTS_WORD)
        except BaseException:
            cls.doClassCleanups()
            raise

    def call_all(self, *people: str) -> dict[str, dict]:
        """By number: the call's record when it has ended, with its transcript and its bill."""
        tenant, number = self.ready_tenant("people", concurrent_calls_max=20)
        placed = {person: self.call(tenant, number, person)["id"] for person in people}
        calls = {person: self.ended(tenant, call, 90) for person, call in placed.items()}
        for call in calls.values():
            call["bill"] = self.bill(tenant, call["id"])
            call["transcript"] = tenant.get(f"/v1/calls/{call['id']}/transcript")
        return calls

    def callee(self, person: str) -> str:
        return self.said(self.calls[person]["transcript"], "callee").lower()

    def agent(self, person: str) -> str:
        return self.said(self.calls[person]["transcript"], "agent").lower()

    def interrupted(self, person: str) -> list[dict]:
        return [u for u in self.calls[person]["transcript"]["utterances"] if u["interrupted"]]

    def ear(self, person: str) -> dict:
        return self.at_the_callees_ear(self.calls[person]["carrierCallId"])

    def test_who_talks_is_understood_and_the_agent_ends_the_call(self):
        for person in (POLITE, INTERRUPTS, STREET, TELEVISION, MURMURS, OVER_GREETING, THINKS, SLOW,
                       KEYS, MACHINE):
            with self.subTest(person=person):
                call = self.calls[person]
                self.assertEqual(call["disposition"].lower(), "completed", call)
                self.assertEqual(call["reason"], "agent_hung_up", call)
                self.assertIn("goodbye", self.agent(person))
                self.assertEqual(call["transcript"]["troubles"], [])
        for person in (POLITE, INTERRUPTS, STREET, MURMURS):
            with self.subTest(person=person):
                self.assertIn("another day", self.callee(person))
                self.assertIn("of course. i can offer you", self.agent(person))

    def test_who_interrupts_has_the_floor(self):
        self.assertEqual(len(self.interrupted(INTERRUPTS)), 1)
        self.assertEqual(len(self.ear(INTERRUPTS)["barge_in_ms"]), 1)
        self.assertNotIn("which one suits you", self.agent(INTERRUPTS))
        for person in (POLITE, STREET):
            self.assertIn("which one suits you", self.agent(person))

    def test_who_murmurs_hears_the_agent_out(self):
        self.assertIn("which one suits you", self.agent(MURMURS))
        self.assertNotIn("mhm", self.callee(MURMURS))
        asides = [s for s in self.ear(MURMURS)["speech"] if s["who"] == "aside"]
        self.assertTrue(asides)

    def test_noise_is_no_turn(self):
        for person in (STREET, TELEVISION):
            with self.subTest(person=person):
                self.assertNotIn("did not catch that", self.agent(person))

    def test_who_takes_no_call_is_named_and_costs_nothing(self):
        for person, disposition in ((BUSY, "busy"), (NO_ANSWER, "no_answer"), (REJECTS, "busy"),
                                    (UNKNOWN, "failed")):
            with self.subTest(person=person):
                call = self.calls[person]
                self.assertEqual(call["disposition"].lower(), disposition, call)
                self.assertEqual(call["answeredSeconds"], 0)
                self.assertEqual(call["bill"]["cost"]["amount"], "0.00")

    def test_who_hangs_up_ends_the_call(self):
        for person in (OWN_WORD, AGENTS_WORD):
            with self.subTest(person=person):
                call = self.calls[person]
                self.assertEqual(call["disposition"].lower(), "completed", call)
                self.assertEqual(call["reason"], "callee_hung_up", call)

    def test_every_call_is_billed_once_for_what_the_carrier_counted(self):
        logged = {c["sid"]: c for c in self.sandbox("GET", "/sandbox/calls")}
        for person, call in self.calls.items():
            with self.subTest(person=person):
                self.assertEqual(call["bill"]["billedSeconds"],
                                 logged[call["carrierCallId"]]["billed_seconds"])

    def test_the_agent_knows_only_what_was_really_played(self):
        """The judge of heard-truth: no word of the transcript after the last sample that was played."""
        for person in (INTERRUPTS, AGENTS_WORD, OWN_WORD):
            with self.subTest(person=person):
                call = self.calls[person]
                heard = self.sandbox("GET", f"/sandbox/calls/{call['carrierCallId']}/heard")
                self.assertTrue(heard["complete"])
                self.assertEqual(sum(s["samples"] for s in heard["spans"]), heard["played"])
                self.assertLessEqual(heard["played"], heard["samples"])


if __name__ == "__main__":
    unittest.main()
