from __future__ import annotations

import io
import struct
import warnings
import zlib

import pytest
from PIL import Image, ImageCms

from app.accounts import pictures
from main import create_app


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(pictures.read(io.BytesIO(data))))
    image.load()
    return image


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + rows + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_read_gives_a_webp_of_at_most_512_pixels(make_picture, kind):
    image = opened(make_picture((2000, 1000), kind))
    assert (image.format, image.size) == ("WEBP", (512, 256))


def test_read_does_not_enlarge(make_picture):
    assert opened(make_picture((40, 30))).size == (40, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_read_takes_every_kind_of_colour(make_picture, mode):
    assert opened(make_picture(mode=mode)).mode in {"RGB", "RGBA"}


def test_read_takes_the_colours_of_print(make_picture):
    assert opened(make_picture(kind="JPEG", mode="CMYK")).mode == "RGB"


def test_read_keeps_transparency():
    output = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(output, "PNG")
    assert opened(output.getvalue()).getpixel((0, 0))[3] == 0


def test_read_takes_the_first_frame_of_a_moving_picture():
    output = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(output, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    image = opened(output.getvalue())
    assert getattr(image, "n_frames", 1) == 1
    assert image.getpixel((4, 4))[0] > 200


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_read_turns_the_picture_upright_and_strips_metadata(make_picture, kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[1] = "N"  # a place
    data = make_picture((40, 20), kind, exif=exif)
    assert b"Secret Camera" in data
    image = opened(data)
    assert image.size == (20, 40)
    assert not image.getexif()
    assert b"Secret Camera" not in pictures.read(io.BytesIO(data))


def test_read_drops_what_was_appended(make_picture):
    assert b"<script>" not in pictures.read(io.BytesIO(make_picture() + b"<script>alert(1)</script>"))


def test_read_converts_the_colours_of_a_profile_and_drops_it(make_picture):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = opened(make_picture(kind="JPEG", icc_profile=profile))
    assert "icc_profile" not in image.info
    assert image.getpixel((5, 5))[0] > 240


def test_read_lives_with_a_broken_colour_profile(make_picture):
    assert opened(make_picture(icc_profile=b"nonsense")).size == (40, 30)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_read_refuses_other_formats_whatever_the_name_says(make_picture, kind):
    with pytest.raises(pictures.PictureError, match="not a PNG, JPEG or WebP"):
        pictures.read(io.BytesIO(make_picture(kind=kind)))


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBP"],
)
def test_read_refuses_what_is_no_picture(data):
    with pytest.raises(pictures.PictureError, match="not a PNG, JPEG or WebP"):
        pictures.read(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_read_refuses_a_picture_that_ends_too_early(kind, part):
    output = io.BytesIO()
    Image.effect_noise((200, 200), 90).convert("RGB").save(output, kind)
    data = output.getvalue()
    with pytest.raises(pictures.PictureError, match="damaged"):
        pictures.read(io.BytesIO(data[: int(len(data) * part)]))


def test_read_refuses_more_than_five_megabytes():
    with pytest.raises(pictures.PictureError, match="larger than 5 MB"):
        pictures.read(io.BytesIO(b"\0" * (pictures.MAX_BYTES + 1)))


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_read_refuses_a_small_file_that_unfolds_into_millions_of_pixels(side):
    with warnings.catch_warnings():
        # As on the site, where a warning does not stop Pillow.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with pytest.raises(pictures.PictureError, match="50 million pixels"):
            pictures.read(io.BytesIO(png_that_claims(side, side)))


def test_picture_folder_is_in_the_instance_folder_unless_it_is_set(tmp_path):
    app = create_app({"TESTING": True})
    with app.app_context():
        assert str(pictures.folder()) == f"{app.instance_path}/pictures"
    app.config["UPLOAD_FOLDER"] = str(tmp_path)
    with app.app_context():
        assert pictures.folder() == tmp_path


def test_save_takes_a_new_random_name_each_time(tmp_path):
    app = create_app({"TESTING": True, "UPLOAD_FOLDER": str(tmp_path)})
    with app.app_context():
        names = {pictures.save(b"one") for _ in range(5)}
    assert len(names) == 5
    assert {len(name) for name in names} == {len("0" * 32 + ".webp")}


def test_remove_lives_with_a_file_that_cannot_be_removed(tmp_path, caplog):
    app = create_app({"TESTING": True, "UPLOAD_FOLDER": str(tmp_path)})
    (tmp_path / "folder").mkdir()
    with app.app_context():
        pictures.remove("folder")
        pictures.remove("missing")
        pictures.remove(None)
    assert "The picture folder could not be removed" in caplog.text
