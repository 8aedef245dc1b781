"""Addresses and pages of accounts."""

from __future__ import annotations

import time

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask import send_from_directory as send
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from flask_wtf import FlaskForm

from app.accounts import limits, pictures, service, sessions
from app.accounts.forms import DeleteForm, LogInForm, PasswordForm, ProfileForm, SignUpForm
from app.errors import redisplays_form

accounts = Blueprint("accounts", __name__)

SIGNED_UP = (
    "You can now log in with your e-mail address and password. "
    "If you already had an account, it is unchanged: log in with the password you had."
)
NOT_RECOGNISED = "There is no account with this e-mail address and password."
WRONG_PASSWORD = "This is not your password."  # noqa: S105  (a message)


@accounts.route("/sign-up", methods=["GET", "POST"])
@redisplays_form
@limits.sign_up_by_address
def sign_up() -> ResponseReturnValue:
    """Create an account.

    The answer is the same, in text and time, whether or not the address has an account. Nobody is logged in by it:
    that alone would tell.
    """
    started = time.monotonic()
    form = SignUpForm()
    if not form.validate_on_submit():
        return _form_page("accounts/sign_up.html", form)
    try:
        service.sign_up(form.email.data, form.password.data, form.display_name.data)
    except service.EmailTaken:
        current_app.logger.info("A sign-up named an e-mail address that already has an account.")
    _wait_for_slot(started)
    flash(SIGNED_UP, "info")
    return redirect(url_for("accounts.log_in"), 303)


@accounts.route("/log-in", methods=["GET", "POST"])
@redisplays_form
@limits.log_in_by_address
@limits.log_in_by_account
def log_in() -> ResponseReturnValue:
    """Log in, and go on to the page that asked for it."""
    target = sessions.safe_next(request.args.get("next")) or url_for("accounts.profile")
    if current_user.is_authenticated:
        return redirect(target, 303)
    form = LogInForm()
    if form.validate_on_submit():
        try:
            sessions.begin(service.log_in(form.email.data, form.password.data), keep=form.keep.data)
        except service.WrongPassword:
            form.form_errors.append(NOT_RECOGNISED)
        else:
            return redirect(target, 303)
    return _form_page("accounts/log_in.html", form)


@accounts.post("/log-out")
def log_out() -> ResponseReturnValue:
    """Log out."""
    sessions.end()
    flash("You are logged out.", "info")
    return redirect(url_for("pages.index"), 303)


@accounts.route("/profile", methods=["GET", "POST"])
@redisplays_form
@login_required
def profile() -> ResponseReturnValue:
    """Show and edit the own profile."""
    form = ProfileForm(obj=None if request.method == "POST" else current_user)
    if not form.validate_on_submit():
        return _form_page("accounts/profile.html", form)
    change = service.ProfileChange(
        form.display_name.data, form.birth_date.data, form.picture_data, form.remove_picture.data
    )
    service.update_profile(current_user, change)
    flash("Your profile is saved.", "success")
    return redirect(url_for("accounts.profile"), 303)


@accounts.get("/profile/picture/<name>")
@login_required
def picture(name: str) -> ResponseReturnValue:
    """Send the own picture. A new picture has a new name, so that the browser may keep it."""
    if name != current_user.profile_picture:
        abort(404)
    response = send(pictures.folder(), name, mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@accounts.route("/account/password", methods=["GET", "POST"])
@redisplays_form
@limits.password_by_account
@login_required
def change_password() -> ResponseReturnValue:
    """Change the password. Every other browser is logged out by it."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            service.change_password(current_user, form.old.data, form.new.data)
        except service.WrongPassword:
            form.old.errors = [WRONG_PASSWORD]
        else:
            sessions.renew(current_user)
            flash("Your password is changed. Other browsers are logged out.", "success")
            return redirect(url_for("accounts.profile"), 303)
    return _form_page("accounts/change_password.html", form)


@accounts.route("/account/delete", methods=["GET", "POST"])
@redisplays_form
@limits.password_by_account
@login_required
def delete() -> ResponseReturnValue:
    """Delete the account and its picture."""
    form = DeleteForm()
    if form.validate_on_submit():
        try:
            service.delete(current_user, form.password.data)
        except service.WrongPassword:
            form.password.errors = [WRONG_PASSWORD]
        else:
            sessions.end()
            flash("Your account and your picture are deleted.", "info")
            return redirect(url_for("pages.index"), 303)
    return _form_page("accounts/delete.html", form)


@accounts.errorhandler(service.AccountGone)
def account_gone(_error: service.AccountGone) -> ResponseReturnValue:
    """Log out whoever sends a form of an account that was deleted in another tab a moment before."""
    sessions.end()
    flash("This account does not exist any more.", "info")
    return redirect(url_for("pages.index"), 303)


def _form_page(template: str, form: FlaskForm) -> ResponseReturnValue:
    """Show a form: as it is at first, or with what was wrong with it."""
    return render_template(template, form=form), 422 if form.is_submitted() else 200


def _wait_for_slot(started: float) -> None:
    slot = current_app.config["SIGN_UP_SLOT_SECONDS"]
    if slot:
        time.sleep(-(time.monotonic() - started) % slot)
