"""Bill: what a call has cost, as its tenant reads it."""

from decimal import Decimal

from .patience import wait_for
from .tenant import Tenant
from .teller import BOLD, OFF

SECONDS_MAX = 20


def wait_for_bill(tenant: Tenant, call_id: str) -> dict:
    """The call's usage event. Raises Trouble when there is none."""
    return wait_for(lambda: tenant.get(f"/v1/usage?callId={call_id}")["events"], SECONDS_MAX,
                    "The call was not billed")[0]


def rate(usage: dict) -> Decimal:
    """Of a minute."""
    return Decimal(usage["ratePerMinute"]["amount"])


def told(usage: dict) -> str:
    """For example "37 s at 0.10 USD a minute = 0.061667 USD"."""
    per_minute, cost = usage["ratePerMinute"], usage["cost"]
    return (f"{usage['billedSeconds']} s at {per_minute['amount']} {per_minute['currency']} "
            f"a minute = {BOLD}{cost['amount']} {cost['currency']}{OFF}")
