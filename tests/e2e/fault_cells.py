"""Fault cells: sandbox/scenarios/fault_matrix.json as Python reads it, and the scenario it is played in."""

from dataclasses import dataclass, field

from suite import scenario as scenario_file

FILE = scenario_file.SCENARIOS / "fault_matrix.json"
OUTCOMES = ("recovers", "apology", "ends", "fails")


@dataclass(frozen=True)
class Cell:
    """One fault, and what a call must make of it."""

    provider: str
    moment: str
    fault: str  # "slow 3000", "529 always"
    outcome: str
    reason: str = ""
    after: int = 0  # So many chances pass first.
    silence_max_ms: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        return f"{self.provider} {self.moment} {self.fault}"

    def order(self, who: str) -> dict:
        """As POST /sandbox/faults takes it, for the requests of one key or the calls to one number."""
        kind, *words = self.fault.split()
        order: dict = {"provider": self.provider, "who": who, "after": self.after,
                       "moment": self.moment, "times": 0 if "always" in words else 1}
        number = next((int(word) for word in words if word.isdigit()), 0)
        if self.moment == "hang_up":
            order |= {"moment": "connect", "after": 1}
        if kind.isdigit():
            return order | {"kind": "status", "status": int(kind)}
        if kind == "slow":
            order["delay_ms"] = number
        if kind == "close":
            order |= {"close_code": number, "reason": "the matrix"}
        return order | {"kind": kind}


def read() -> tuple[list[Cell], list[str]]:
    """All cells, and the names of those in the sample."""
    matrix = scenario_file.read(FILE)
    cells = []
    for provider, moments in matrix["cells"].items():
        for moment, faults in moments.items():
            # What is answered at connect has not begun yet; a carrier's stream begins once.
            early = moment == "connect" or (provider, moment) == ("twilio", "first_byte")
            after = 0 if early else matrix["after"].get(provider, 0)
            for fault, expected in faults.items():
                outcome, _, reason = expected.partition(" ")
                assert outcome in OUTCOMES, f"{provider} {moment} {fault}: {outcome}?"
                cells.append(Cell(provider, moment, fault, outcome, reason, after,
                                  matrix["silence_max_ms"].get(outcome, 0)))
    unknown = set(matrix["sample"]) - {cell.name for cell in cells}
    assert not unknown, f"the sample names cells that are not there: {sorted(unknown)}"
    return cells, matrix["sample"]


def callee_of(index: int) -> str:
    """The number that the cell calls."""
    return f"+1415557{index:04d}"


def caller_of(index: int) -> str:
    """The number that it calls from: the platform knows a number once."""
    return f"+1415556{index:04d}"


def key_of(cell: Cell, index: int) -> str:
    """The key of the cell's own tenant at the provider that fails."""
    return {"anthropic": f"sk-ant-api03-sandbox-matrix-key-{index:022d}M",
            "cartesia": f"sk_car_sandbox0matrix{index:08d}M",
            "deepgram": f"5a4d0b0c{index:031d}d"}[cell.provider]


def scenario(cells: list[Cell]) -> dict:
    """The demo's, short, with a key and a number for each cell."""
    base = scenario_file.read(scenario_file.SCENARIOS / "demo.json")
    # One voice's lines are known by their sound: much cheaper than listening to each.
    base["speech"]["stt_engine"] = "fingerprint"
    base["agent"] = [
        {"when": ["another day"], "say": "Of course. I can offer you Thursday. Does that suit you?"},
        {"when": ["thursday is perfect"],
         "say": "Wonderful, then it is Thursday. Thank you and goodbye!", "end_call": True},
        {"when": ["goodbye"], "say": "Thank you, too. Goodbye!", "end_call": True},
        {"say": "I am sorry, I did not catch that. Would you say it once more, please?"},
    ]
    # The last line is for a turn that was apologised for.
    lines = ["Could we change it to another day?", "Thursday is perfect for me.",
             "Yes, thank you and goodbye!"]
    base["callees"] = {"*": {"ring_ms": 1200, "lines": [{"say": line} for line in lines]}}
    base["twilio"]["numbers"] += [caller_of(i) for i in range(len(cells))]
    for i, cell in enumerate(cells):
        if cell.provider != "twilio":
            base["keys"][cell.provider].append(key_of(cell, i))
    return base
