"""Profile pictures as files.

A picture is believed only after it was decoded in full. It is then written anew, at most 512 pixels wide and high,
as WebP: nothing of the file that was sent is kept, neither its name nor its place and camera nor anything appended.
"""

from __future__ import annotations

import io
import secrets
import struct
from pathlib import Path
from typing import BinaryIO

from flask import current_app
from PIL import Image, ImageCms, ImageOps

MAX_BYTES = 5 * 1024 * 1024
MAX_SIDE = 512
# The largest sensors of telephones make 50 million pixels. Decoded, that is 150 MB of memory for one request.
MAX_PIXELS = 50_000_000
FORMATS = ("PNG", "JPEG", "WEBP")

# What Pillow raises for files that are damaged or made to do damage, beyond its own errors.
DAMAGED = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error)
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class PictureError(ValueError):
    """The picture was refused. The message is for the person who sent it."""


def folder() -> Path:
    """Return where the current application keeps pictures: `UPLOAD_FOLDER`, else in the instance folder."""
    configured = current_app.config["UPLOAD_FOLDER"]
    return Path(current_app.instance_path, configured or "pictures")


def read(stream: BinaryIO) -> bytes:
    """Return the picture in `stream`, decoded and written anew.

    :raises PictureError: if it is too large, no PNG, JPEG or WebP, or damaged.
    """
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PictureError("The picture is larger than 5 MB. Choose a smaller one.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            return _encode(_shrink(image))
    except PictureError:
        raise
    except BOMB as error:
        raise _too_many_pixels() from error
    except DAMAGED as error:
        message = "This is not a PNG, JPEG or WebP picture, or it is damaged. Choose another one."
        raise PictureError(message) from error


def save(data: bytes) -> str:
    """Write a picture that `read` returned under a random name. Return the name."""
    name = f"{secrets.token_hex(16)}.webp"
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / name).open("xb") as file:
        file.write(data)
    return name


def stored(*, before: float) -> set[str]:
    """Return the names of the pictures that were written before a moment.

    :param before: seconds since the epoch.
    """
    return {file.name for file in folder().glob("*.webp") if file.stat().st_mtime < before}


def remove(name: str | None) -> None:
    """Remove the picture `name` if there is one. A file that cannot be removed is logged, not an error."""
    if name is None:
        return
    try:
        (folder() / name).unlink(missing_ok=True)
    except OSError as error:
        current_app.logger.warning("The picture %s could not be removed: %s", name, error)


def _shrink(image: Image.Image) -> Image.Image:
    """Decode `image` and return it upright, in sRGB, without metadata and within `MAX_SIDE`."""
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    image.draft("RGB", (2 * MAX_SIDE, 2 * MAX_SIDE))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    return _to_srgb(upright)


def _to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if not profile or image.mode not in {"RGB", "RGBA"}:
        return plain
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), inPlace=True)
    except (ImageCms.PyCMSError, OSError):
        return plain  # a broken profile costs the colours a little, not the picture
    return plain


def _encode(image: Image.Image) -> bytes:
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    output = io.BytesIO()
    clean.save(output, format="WEBP", quality=85)
    return output.getvalue()


def _too_many_pixels() -> PictureError:
    return PictureError("The picture has more than 50 million pixels. Choose a smaller one.")
