"""QR codes as pictures that need no file and no script."""

import base64
import io


def picture(text: str) -> str:
    """Return a QR code of the text as the address of a picture (data:), black on white with its quiet zone."""
    from qrcode.image.svg import SvgPathImage  # noqa: PLC0415 - see _drawn

    return f"data:image/svg+xml;base64,{_drawn(text, SvgPathImage)}"


def picture_for_print(text: str) -> str:
    """Return the same as PNG, the one kind of picture that a PDF of ours takes in its text; ten pixels a module."""
    from qrcode.image.pil import PilImage  # noqa: PLC0415 - see _drawn

    return f"data:image/png;base64,{_drawn(text, PilImage)}"


def _drawn(text: str, factory: type) -> str:
    import qrcode  # noqa: PLC0415 - 4 MiB of memory, which only a process that draws such a code shall need

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    file = io.BytesIO()
    code.make_image(image_factory=factory).save(file)
    return base64.b64encode(file.getvalue()).decode()
