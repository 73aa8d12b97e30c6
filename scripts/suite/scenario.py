"""Scenario: the sandbox's file, as far as the scripts look into it."""

import json
import re
from pathlib import Path

SCENARIOS = Path(__file__).resolve().parents[2] / "sandbox" / "scenarios"


def read(path: Path) -> dict:
    """JSON in which // comments and trailing commas are allowed."""
    text = re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*', lambda m: m[1] or "", path.read_text())
    return json.loads(re.sub(r",(\s*[}\]])", r"\1", text))


def accepted_keys(scenario: dict) -> dict[str, dict]:
    """For each provider, the body of PUT /v1/keys/{provider} with a key that the sandbox takes."""
    twilio = scenario["twilio"]
    bodies = {"twilio": {"accountSid": twilio["account_sid"], "authToken": twilio["auth_token"],
                         "phoneNumber": twilio["numbers"][0]}}
    if exotel := scenario.get("exotel"):
        bodies["exotel"] = {"sid": exotel["sid"], "apiKey": exotel["api_key"],
                            "authToken": exotel["auth_token"], "region": exotel["region"],
                            "phoneNumber": exotel["numbers"][0]}
    for provider, keys in scenario["keys"].items():
        bodies[provider] = {"apiKey": next(k for k in keys if isinstance(k, str))}
    return bodies
