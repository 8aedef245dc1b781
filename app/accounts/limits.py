"""How often may be tried, and by whom.

Attempts are counted by the address they come from, and failed log-ins also by the account they aim at, so that many
addresses together cannot guess one password. The numbers are settings: `LOG_IN_LIMIT_PER_ADDRESS`,
`LOG_IN_FAILURES_PER_ACCOUNT`, `SIGN_UP_LIMIT_PER_ADDRESS`.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable

from flask import Response, current_app, request
from flask_login import current_user

from app.accounts.service import normalise_email
from extensions import limiter


def setting(name: str) -> Callable[[], str]:
    """Return a function that gives the current application's setting `name`."""
    return lambda: str(current_app.config[name])


def network() -> str:
    """Return the address of the client; of an IPv6 address the first half, as one client owns all of the rest."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def named_account() -> str:
    """Return a key for the account that a log-in names, whether or not there is one."""
    return _digest(normalise_email(request.form.get("email", "")) or request.form.get("email", "")[:254])


def own_account() -> str:
    """Return a key for the account that is logged in."""
    return _digest(str(current_user.get_id()).partition(".")[0])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_refused(response: Response) -> bool:
    """Tell whether the form was refused; only then does the attempt count against the account."""
    return response.status_code == 422


log_in_by_address = limiter.limit(setting("LOG_IN_LIMIT_PER_ADDRESS"), key_func=network, methods=["POST"])
log_in_by_account = limiter.limit(
    setting("LOG_IN_FAILURES_PER_ACCOUNT"), key_func=named_account, methods=["POST"], deduct_when=is_refused
)
sign_up_by_address = limiter.limit(setting("SIGN_UP_LIMIT_PER_ADDRESS"), key_func=network, methods=["POST"])
password_by_account = limiter.limit(
    setting("LOG_IN_FAILURES_PER_ACCOUNT"), key_func=own_account, methods=["POST"], deduct_when=is_refused
)
