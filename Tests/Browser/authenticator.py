"""An authenticator app, and the camera in front of it: TOTP by its own reading of RFC 6238, QR codes by zbar."""

import base64
import ctypes
import hashlib
import hmac
import struct
import time


def code(secret: str, steps: int = 0) -> str:
    """The code of now, or of so many steps of 30 seconds later. `secret` is base32."""
    key = base64.b32decode(secret.replace(" ", "") + "=" * (-len(secret.replace(" ", "")) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def wrong_code(secret: str) -> str:
    """Six digits that no clock near ours shows."""
    near = {code(secret, steps) for steps in range(-3, 4)}
    return next(text for text in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
                if text not in near)


def read_qr(page, locator) -> str:
    """What a camera reads from the QR code that an element shows, as the browser draws it."""
    picture = base64.b64encode(locator.screenshot()).decode()
    # An empty page decodes the picture: the page under test loads nothing foreign.
    canvas = page.context.new_page()
    width, height, grey = canvas.evaluate(
        """async (data) => {
            const image = new Image();
            image.src = "data:image/png;base64," + data;
            await image.decode();
            const canvas = document.createElement("canvas");
            canvas.width = image.width;
            canvas.height = image.height;
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            const pixels = context.getImageData(0, 0, image.width, image.height).data;
            const grey = [];
            for (let i = 0; i < pixels.length; i += 4) grey.push((pixels[i] + pixels[i + 1] + pixels[i + 2]) / 3 | 0);
            return [image.width, image.height, grey];
        }""",
        picture,
    )
    canvas.close()
    return _scan(width, height, bytes(grey))


def _scan(width: int, height: int, grey: bytes) -> str:
    zbar = ctypes.CDLL("libzbar.so.0")
    pointer = ctypes.c_void_p
    for name in ("zbar_image_scanner_create", "zbar_image_create", "zbar_image_first_symbol"):
        getattr(zbar, name).restype = pointer
    zbar.zbar_symbol_get_data.restype = ctypes.c_char_p
    zbar.zbar_image_set_data.argtypes = [pointer, ctypes.c_char_p, ctypes.c_ulong, pointer]
    scanner, image = pointer(zbar.zbar_image_scanner_create()), pointer(zbar.zbar_image_create())
    zbar.zbar_image_scanner_set_config(scanner, 0, 0, 1)
    # The four letters of a format stand in one number: Y800 is one byte of grey a pixel.
    zbar.zbar_image_set_format(image, int.from_bytes(b"Y800", "little"))
    zbar.zbar_image_set_size(image, width, height)
    zbar.zbar_image_set_data(image, grey, len(grey), None)
    try:
        assert zbar.zbar_scan_image(scanner, image) == 1, "no camera reads this picture"
        return zbar.zbar_symbol_get_data(pointer(zbar.zbar_image_first_symbol(image))).decode()
    finally:
        zbar.zbar_image_destroy(image)
        zbar.zbar_image_scanner_destroy(scanner)
