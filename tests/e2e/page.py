"""Page: the curl lines of the product's page on keys of numbers, run by curl as they stand there.

Only the host, the two keys and the number differ.
"""

import json
import os
import subprocess
from pathlib import Path

TEST = """
curl -X POST https://api.example.com/v1/numbers/num_xxxxxxxxxxxx/byok/test \\
-H "Authorization: Bearer ac_live_xxxxxxxxxxxxx" \\
-H "Content-Type: application/json" \\
-d '{"apiKey": "sk-proj-..."}'
"""

SAVE = """
curl -X POST https://api.example.com/v1/numbers/num_xxxxxxxxxxxx/byok/key \\
-H "Authorization: Bearer ac_live_xxxxxxxxxxxxx" \\
-H "Content-Type: application/json" \\
-d '{"apiKey": "sk-proj-..."}'
"""

SWITCH_BACK = """
curl -X DELETE https://api.example.com/v1/numbers/num_xxxxxxxxxxxx/byok/key \\
-H "Authorization: Bearer ac_live_xxxxxxxxxxxxx"
"""


class Curl:
    """Runs such lines against one suite. What curl is told besides stands in a file of its own, so
    that the lines stay as they are."""

    def __init__(self, base_url: str, ca: Path, folder: Path):
        self._base_url = base_url
        self._home = folder / "curl"
        self._home.mkdir(exist_ok=True)
        (self._home / ".curlrc").write_text(
            f'silent\nshow-error\nmax-time = 30\ncacert = "{ca}"\nwrite-out = "\\n%{{http_code}}"\n')

    def __call__(self, lines: str, api_key: str, number_id: str, key: str = "") -> tuple[int, dict]:
        """The status and the JSON of the answer."""
        command = (lines.replace("https://api.example.com", self._base_url)
                   .replace("ac_live_xxxxxxxxxxxxx", api_key)
                   .replace("num_xxxxxxxxxxxx", number_id).replace("sk-proj-...", key))
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True,
                              timeout=40, env={**os.environ, "CURL_HOME": str(self._home)})
        body, status = done.stdout.rsplit("\n", 1)
        return int(status), json.loads(body)
