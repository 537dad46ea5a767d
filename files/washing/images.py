"""Pictures: only the points are copied, into a new picture; place, camera, comments stay behind."""

import io
import warnings

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from files.kinds import Media, RefusedError

MAX_PIXELS = 40_000_000
QUALITY = 88
# What a picture of this type is read as, and written as.
FORMATS = {
    Media.JPEG: ("JPEG", "JPEG"),
    Media.PNG: ("PNG", "PNG"),
    Media.WEBP: ("WEBP", "WEBP"),
    Media.HEIC: ("HEIF", "JPEG"),
}
WITHOUT_COLOUR = {"1", "L", "I;16", "I"}


def wash_image(content: bytes, media: Media) -> bytes:
    """The same picture, upright, without anything else. Raises RefusedError."""
    # Twice the limit and more is an error by itself; up to there only a warning.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    read, write = FORMATS[media]
    if read == "HEIF":
        pillow_heif.register_heif_opener()
    try:
        with Image.open(io.BytesIO(content), formats=[read]) as picture:
            return _copy(picture, write)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise RefusedError("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise RefusedError("broken") from error


def _copy(picture: Image.Image, form: str) -> bytes:
    if picture.width * picture.height > MAX_PIXELS:
        raise RefusedError("too_many_pixels")
    if getattr(picture, "is_animated", False) and form != "JPEG":
        raise RefusedError("moving")
    upright = ImageOps.exif_transpose(picture)
    plain = upright.convert(_mode(upright, form))
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    target = io.BytesIO()
    fresh.save(target, form, quality=QUALITY)
    return target.getvalue()


def _mode(picture: Image.Image, form: str) -> str:
    if picture.mode in WITHOUT_COLOUR:
        return "L"
    return "RGBA" if picture.has_transparency_data and form != "JPEG" else "RGB"
