"""QR codes as SVG: sharp in print, and small."""

import zxingcpp


def svg(text: str) -> str:
    """An SVG of the code for `text` (at most about 2,900 bytes), with its quiet zone."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    return str(zxingcpp.write_barcode_to_svg(barcode, add_quiet_zones=True))
