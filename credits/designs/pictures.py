"""Pictures on papers: PNG or JPEG, checked by what they are and not by their names, kept without their metadata."""

import io
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

FORMATS = ("PNG", "JPEG")
SIZE_MAX_BYTES = 512 * 1024  # a paper has 150 KB, ten thousand of them carry the picture each
SIDE_MIN_PX, SIDE_MAX_PX = 200, 1600  # 42 mm at 120 and at 960 dots an inch
PRIVATE = "private"


def private_pictures() -> Storage:
    """Return where the templates' pictures lie: beside the papers, never under MEDIA."""
    if PRIVATE in settings.STORAGES:
        return storages[PRIVATE]
    return FileSystemStorage(location=settings.DATA_DIR / PRIVATE, base_url=None)


def require_picture(file: Any) -> None:
    """Raise ValidationError unless there is no file, or it is a picture of a size that fits a paper."""
    if not file:
        return
    if file.size > SIZE_MAX_BYTES:
        raise ValidationError(_("The picture is larger than 512 KB. Save it smaller."), code="picture-too-large")
    png_of(file)


def png_of(file: Any) -> bytes:
    """Return the picture as a plain PNG, or b"" without a file; ValidationError when it is none of ours."""
    if not file:
        return b""
    with file.open("rb") as opened:
        data = opened.read(SIZE_MAX_BYTES + 1)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if not all(SIDE_MIN_PX <= side <= SIDE_MAX_PX for side in picture.size):
                raise ValidationError(
                    _("The picture has %(width)s × %(height)s dots. Both sides need 200 to 1600.")
                    % {"width": picture.width, "height": picture.height},
                    code="picture-size",
                )
            plain = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValidationError(_("Choose a PNG or JPEG picture."), code="not-a-picture") from error
    kept = io.BytesIO()
    plain.save(kept, "PNG", optimize=True)
    return kept.getvalue()
