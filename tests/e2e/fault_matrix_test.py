"""Every bad day of every provider, as a call: it recovers or ends with a spoken apology, says why,
bills right, and leaves nothing behind. What must happen stands in
sandbox/scenarios/fault_matrix.json, for people."""

import os
import re
import unittest
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import fault_cells
from fault_call import FaultCall, Seen
from stage import StageCase

AT_A_TIME = 12
# What belongs to calls, of latchkey_tasks_live: their coroutines hold their sockets and timers.
OF_CALLS = re.compile(r'latchkey_tasks_live\{task="((media (call|link)|anthropic|deepgram)[^"]*)"\} '
                      r"(\S+)")


class FaultMatrixTest(StageCase):
    """LATCHKEY_FAULT_CELLS="cartesia mid_stream" runs only the cells whose name has that in it."""

    whole = False

    @classmethod
    def setUpClass(cls) -> None:
        cells, sample = fault_cells.read()
        wanted = os.environ.get("LATCHKEY_FAULT_CELLS", "")
        cls.cells = [cell for cell in cells if wanted in cell.name
                     and (cls.whole or wanted or cell.name in sample)]
        cls.script = fault_cells.scenario(cls.cells)
        super().setUpClass()

    def test_every_cell_is_as_the_matrix_says(self):
        files_before = self.open_files()

        with ThreadPoolExecutor(AT_A_TIME) as threads:
            seen = list(threads.map(lambda numbered: FaultCall(self, *numbered).run(),
                                    [(cell, i) for i, cell in enumerate(self.cells)]))

        print(self.table(seen))
        for one in seen:
            with self.subTest(cell=one.cell.name):
                self.assertFalse(one.wrong, one.complaint())
        self.eventually(lambda: not self.left_of_calls(), 15, "something of a call is left")
        # One leaked for each cell would be more than the kept connections ever are.
        for name, files in self.open_files().items():
            self.assertLessEqual(files, files_before[name] + 2 * AT_A_TIME, f"{name} leaks files")

    def table(self, seen: list[Seen]) -> str:
        head = (f"{'cell':<36} {'expected':<38} {'the record says':<30} "
                f"{'took':>7} {'billed':>6} {'silence':>7}")
        wrong = sum(bool(one.wrong) for one in seen)
        return "\n".join(["", head, *(one.summary() for one in seen),
                          f"{len(seen)} cells, {wrong} wrong"])

    def left_of_calls(self) -> dict[str, float]:
        """Coroutines of calls that still live in media."""
        port = self.suite.kitchen.http_ports["media/m1"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as page:
            text = page.read().decode()
        live = {m[1]: float(m[4]) for m in OF_CALLS.finditer(text)}
        self.assertTrue(live, "media tells of no tasks of calls; was the metric renamed?")
        return {task: count for task, count in live.items() if count}

    def open_files(self) -> dict[str, int]:
        """Sockets are files."""
        return {name: len(os.listdir(f"/proc/{self.suite.programs[name].pid}/fd"))
                for name in ("media/m1", "sandbox")}


class WholeFaultMatrixTest(FaultMatrixTest):
    whole = True


if __name__ == "__main__":
    unittest.main()
