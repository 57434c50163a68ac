"""QR codes as pictures that need no file and no script."""

import base64
import io

import qrcode
from qrcode.image.svg import SvgPathImage


def picture(text: str) -> str:
    """Return a QR code of the text as the address of a picture (data:), black on white with its quiet zone."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    file = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(file)
    return f"data:image/svg+xml;base64,{base64.b64encode(file.getvalue()).decode()}"
