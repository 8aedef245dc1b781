"""What people may type about their account."""

from __future__ import annotations

import datetime as dt

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    PasswordField,
    StringField,
    SubmitField,
    ValidationError,
)
from wtforms.validators import DataRequired, EqualTo, Length, Optional

from app.accounts import passwords, pictures
from app.accounts.service import normalise_email

EARLIEST_BIRTH = dt.date(1900, 1, 1)

PASSWORD_LENGTH = Length(
    passwords.MIN_LENGTH,
    passwords.MAX_LENGTH,
    message=f"Use {passwords.MIN_LENGTH} to {passwords.MAX_LENGTH} characters.",
)
# Nothing longer is hashed, whoever sends it.
BOUNDED = Length(max=passwords.MAX_LENGTH, message="This is longer than any password here.")
SAME = "The two passwords differ."


def required(what: str) -> DataRequired:
    """Return a validator whose message names what is missing."""
    return DataRequired(f"Enter {what}.")


def one_line(_form: FlaskForm, field: Field) -> None:
    """Refuse characters that cannot be seen, and a text of spaces."""
    if not field.data.strip() or not field.data.isprintable():
        raise ValidationError("Use letters, digits and signs that can be seen.")


def strip(text: str | None) -> str | None:
    """Return `text` without spaces around it."""
    return text.strip() if text else text


def current_password() -> PasswordField:
    """Return a field for the password of somebody who has an account."""
    validators = [required("your password"), BOUNDED]
    return PasswordField("Your password", validators, render_kw={"autocomplete": "current-password"})


def new_password(label: str) -> PasswordField:
    """Return a field for a password that somebody chooses."""
    return PasswordField(
        label,
        [required("a password"), PASSWORD_LENGTH],
        description=f"At least {passwords.MIN_LENGTH} characters. A few unusual words are a good password.",
        render_kw={"autocomplete": "new-password"},
    )


def repeated(other: str) -> PasswordField:
    """Return a field that must hold the same as the field `other`: there is no way to reset a mistyped one."""
    validators = [required("the password again"), EqualTo(other, SAME)]
    return PasswordField("The same password again", validators, render_kw={"autocomplete": "new-password"})


def display_name() -> StringField:
    """Return a field for the name that others see."""
    return StringField(
        "Your name",
        [required("a name"), Length(max=100, message="Use at most 100 characters."), one_line],
        filters=[strip],
        description="As others should see it.",
        render_kw={"autocomplete": "name"},
    )


class SignUpForm(FlaskForm):
    """A new account."""

    email = EmailField(
        "E-mail address",
        [required("your e-mail address"), Length(max=254, message="Use at most 254 characters.")],
        filters=[strip],
        render_kw={"autocomplete": "email"},
    )
    display_name = display_name()
    password = new_password("Password")
    repeat = repeated("password")
    submit = SubmitField("Sign up")

    def validate_email(self, field: Field) -> None:
        """Refuse what is no e-mail address. Whether it is taken is not asked here, nor told anywhere."""
        if normalise_email(field.data) is None:
            raise ValidationError("This is not an e-mail address. It looks like name@example.org.")


class LogInForm(FlaskForm):
    """A log-in."""

    email = EmailField(
        "E-mail address",
        [required("your e-mail address")],
        filters=[strip],
        render_kw={"autocomplete": "username"},
    )
    password = current_password()
    keep = BooleanField("Keep me logged in on this device")
    submit = SubmitField("Log in")


class ProfileForm(FlaskForm):
    """The profile. After validation `picture_data` holds the new picture, decoded and written anew, or `None`."""

    picture_data: bytes | None = None

    display_name = display_name()
    birth_date = DateField(
        "Birth date",
        [Optional()],
        description="Not shown to anybody else. May stay empty.",
        render_kw={"autocomplete": "bday", "min": EARLIEST_BIRTH.isoformat()},
    )
    picture = FileField(
        "New picture",
        description="PNG, JPEG or WebP, up to 5 MB. Where and with what it was taken is removed.",
        render_kw={"accept": "image/png,image/jpeg,image/webp"},
    )
    remove_picture = BooleanField("Remove my picture")
    submit = SubmitField("Save")

    def validate_birth_date(self, field: Field) -> None:
        """Refuse a birth date in the future or before 1900."""
        if field.data and field.data > dt.datetime.now(dt.UTC).date():
            raise ValidationError("This day is in the future.")
        if field.data and field.data < EARLIEST_BIRTH:
            raise ValidationError("This day is before 1900.")

    def validate_picture(self, field: Field) -> None:
        """Decode the picture, if one was sent."""
        if field.data:
            try:
                self.picture_data = pictures.read(field.data.stream)
            except pictures.PictureError as error:
                raise ValidationError(str(error)) from error


class PasswordForm(FlaskForm):
    """A change of password."""

    old = current_password()
    new = new_password("New password")
    repeat = repeated("new")
    submit = SubmitField("Change password")


class DeleteForm(FlaskForm):
    """The end of an account."""

    password = current_password()
    submit = SubmitField("Delete my account")
