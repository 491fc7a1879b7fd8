"""Codes of patients' pages, made by the book and not by the product: HKDF (RFC 5869), HMAC (RFC 2104), Crockford's Base 32."""

import hmac

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LOW, HIGH = 18, 17


def sha256(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, "sha256").digest()


def derived(secret: bytes, purpose: str) -> bytes:
    """The first block of HKDF without salt."""
    return sha256(sha256(b"\0" * 32, secret), purpose.encode() + b"\x01")


def hidden(key: bytes, number: int) -> int:
    """Six rounds of a Feistel network over 17 and 18 bits."""
    high, low = number >> LOW, number & ((1 << LOW) - 1)
    for turn in range(6):
        half = high if turn % 2 == 0 else low
        mixed = int.from_bytes(sha256(key, bytes([turn]) + half.to_bytes(8, "big"))[:4], "big")
        if turn % 2 == 0:
            low ^= mixed & ((1 << LOW) - 1)
        else:
            high ^= mixed & ((1 << HIGH) - 1)
    return high << LOW | low


def spelled(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * (length - 1 - place) & 31] for place in range(length))


def code(program, appointment: dict) -> str:
    """The code of an appointment for its patient, by the installation's key file."""
    secret = bytes.fromhex(program.key_file.read_text())
    number, patient = int(appointment["id"]), int(appointment["patientId"])
    name = hidden(derived(secret, "vortag patient links: names"), number)
    ids = number.to_bytes(8, "big") + patient.to_bytes(8, "big")
    mark = sha256(derived(secret, "vortag patient links: marks"), ids)[:5]
    return spelled(name, 7) + spelled(int.from_bytes(mark, "big"), 8)
