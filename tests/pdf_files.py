"""PDF files for tests: read, taken apart, and put together wrongly."""

import io
import subprocess

import pikepdf


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def saved(file: pikepdf.Pdf, **options) -> bytes:
    data = io.BytesIO()
    file.save(data, **options)
    return data.getvalue()


def unpacked(pdf: bytes) -> bytes:
    """The file with all its streams in clear, to look for words in it."""
    with opened(pdf) as file:
        return saved(file, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)


def text_of(pdf: bytes) -> str:
    """What poppler reads in the file, spaces and line ends made one."""
    command = ["pdftotext", "-layout", "-", "-"]
    words = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(words.split())
