"""The page for each error.

Where the token of a form has expired, the form comes back as it was typed: its view runs once more, finds the same
bad token when it validates the form, and shows the form with a fresh one. Only views marked with `redisplays_form`
are run, because only they refuse the form themselves.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, flash, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from wtforms import ValidationError

from extensions import db, limiter

View = TypeVar("View", bound=Callable[..., Any])

TEXTS = {
    400: ("That did not work", "The browser sent something that this site does not understand."),
    403: ("Not allowed", "You may not see this page."),
    404: ("Not found", "There is no page at this address. It may have moved, or the address has a typo."),
    405: ("That did not work", "This page cannot be used in that way."),
    413: ("Too large", "What you sent is too large. A picture may have up to 5 MB. Nothing was changed."),
    429: ("Too many attempts", "Please wait a while, then try again. Nothing was changed."),
    500: (
        "Something went wrong",
        "The fault is on our side and has been written down. Please try again later.",
    ),
}

EXPIRED = (
    "The page had been open for too long, or your browser did not send its cookies or name the page before. "
    "Nothing was changed. Please check the form and send it again."
)


def init_app(app: Flask) -> None:
    """Show these pages for the errors of `app`."""
    app.register_error_handler(CSRFError, _expired_token)
    for code in TEXTS:
        app.register_error_handler(code, _error_page)


def redisplays_form(view: View) -> View:
    """Mark a view that validates a `FlaskForm` on POST and shows the form again if that fails."""
    view.redisplays_form = True  # type: ignore[attr-defined]
    return view


def _expired_token(error: CSRFError) -> ResponseReturnValue:
    view = current_app.view_functions[request.endpoint or ""]
    if not getattr(view, "redisplays_form", False) or _token_is_good():
        return render_template("error.html", code=400, title="Please try again", text=EXPIRED), 400
    flash(EXPIRED, "error")
    response = make_response(current_app.ensure_sync(view)(**(request.view_args or {})))
    response.status_code = 400 if response.status_code == 422 else response.status_code
    return response


def _token_is_good() -> bool:
    """Tell whether something else was wrong, such as the page that the form came from: the view would take it."""
    try:
        validate_csrf(request.form.get(current_app.config["WTF_CSRF_FIELD_NAME"]))
    except ValidationError:
        return False
    return True


def _error_page(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    title, text = TEXTS[code]
    if code == 500:
        # The page asks who is logged in, which a session in the middle of a failed transaction cannot answer.
        db.session.rollback()
    response = make_response(render_template("error.html", code=code, title=title, text=text), code)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.valid_methods or ())
    if code == 429 and limiter.current_limit:
        response.headers["Retry-After"] = str(max(1, limiter.current_limit.reset_at - int(time.time())))
    return response
