"""Makes the pictures that people send, and what is none."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(40)


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 300), *, mode: str = "RGB", **options) -> bytes:
    """A picture whose left half is red, the rest green."""
    image = Image.new("RGB", size, "green")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    file = io.BytesIO()
    image.convert(mode).save(file, kind, **options)
    return file.getvalue()


def photo_of_a_phone() -> bytes:
    """Taken upright, so stored lying with a note to turn it; with place and maker."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Beispielphone"
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (52.0, 16.0, 40.0)
    return picture(exif=exif)


def bomb(width: int, height: int) -> bytes:
    """A PNG of some kilobytes that unpacks to width × height pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer, row = zlib.compressobj(9), bytes(1 + width // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def upload(data: bytes | None = None, name: str = "bild.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if data is None else data)
