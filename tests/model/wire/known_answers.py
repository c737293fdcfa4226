#!/usr/bin/env python3
"""The bytes that two cards of a small scheme must exchange, computed without the model.

Prints the rows of the table in test_known_answers.c. Only the standard library is used;
the ciphers are written down here from their RFCs, slow and plain.

    python3 tests/model/known_answers.py
"""
import hashlib

# ---- ChaCha20, HChaCha20, Poly1305 (RFC 8439, draft-irtf-cfrg-xchacha) ---------------

M32 = 0xFFFFFFFF


def rotl(x, n):
    return ((x << n) | (x >> (32 - n))) & M32


def quarter(s, a, b, c, d):
    s[a] = (s[a] + s[b]) & M32
    s[d] = rotl(s[d] ^ s[a], 16)
    s[c] = (s[c] + s[d]) & M32
    s[b] = rotl(s[b] ^ s[c], 12)
    s[a] = (s[a] + s[b]) & M32
    s[d] = rotl(s[d] ^ s[a], 8)
    s[c] = (s[c] + s[d]) & M32
    s[b] = rotl(s[b] ^ s[c], 7)


def words(data):
    return [int.from_bytes(data[i:i + 4], "little") for i in range(0, len(data), 4)]


def unwords(values):
    return b"".join(v.to_bytes(4, "little") for v in values)


def rounds(key, last_row):
    """The state before and after twenty rounds; last_row: counter and nonce, 16 bytes."""
    before = words(b"expand 32-byte k" + key + last_row)
    state = before[:]
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            quarter(state, a, b, c, d)
    return before, state


def chacha_block(key, last_row):
    before, after = rounds(key, last_row)
    return unwords((a + b) & M32 for a, b in zip(before, after))


def hchacha(key, nonce16):
    _, after = rounds(key, nonce16)
    return unwords(after[:4] + after[12:])


def chacha_ietf(key, nonce12, counter, n):
    stream = b""
    while len(stream) < n:
        stream += chacha_block(key, counter.to_bytes(4, "little") + nonce12)
        counter += 1
    return stream[:n]


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    s = int.from_bytes(key[16:], "little")
    total = 0
    for i in range(0, len(message), 16):
        total = (total + int.from_bytes(message[i:i + 16] + b"\x01", "little")) * r % (2**130 - 5)
    return ((total + s) % 2**128).to_bytes(16, "little")


def xaead_seal(key, nonce24, text):
    """XChaCha20-Poly1305 without additional data: ciphertext, then tag."""
    subkey = hchacha(key, nonce24[:16])
    nonce12 = bytes(4) + nonce24[16:]
    box = xor(text, chacha_ietf(subkey, nonce12, 1, len(text)))
    padded = box + bytes(-len(box) % 16)
    lengths = (0).to_bytes(8, "little") + len(box).to_bytes(8, "little")
    return box + poly1305(chacha_ietf(subkey, nonce12, 0, 32), padded + lengths)


# ---- X25519 (RFC 7748) ----------------------------------------------------------------

P = 2**255 - 19


def x25519(scalar, point):
    k = bytearray(scalar)
    k[0] &= 248
    k[31] = (k[31] & 127) | 64
    k = int.from_bytes(k, "little")
    x1 = int.from_bytes(point, "little") % 2**255
    x2, z2, x3, z3 = 1, 0, x1, 1
    for t in reversed(range(255)):
        bit = k >> t & 1
        if bit:
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
        if bit:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def x25519_base(scalar):
    return x25519(scalar, (9).to_bytes(32, "little"))


# ---- Ed25519 (RFC 8032), affine coordinates -------------------------------------------

L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BY = 4 * pow(5, P - 2, P) % P


def recover_x(y):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    return x if x % 2 == 0 else P - x


BASE = (recover_x(BY), BY, 1, recover_x(BY) * BY % P)


def add(p, q):
    """Extended coordinates, RFC 8032 section 5.1.4."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(k, p):
    total = (0, 1, 1, 0)
    while k > 0:
        if k & 1:
            total = add(total, p)
        p = add(p, p)
        k >>= 1
    return total


def compress(p):
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def expand(seed):
    h = hashlib.sha512(seed).digest()
    a = bytearray(h[:32])
    a[0] &= 248
    a[31] = (a[31] & 127) | 64
    return int.from_bytes(a, "little"), h[32:]


def ed25519_public(seed):
    return compress(times(expand(seed)[0], BASE))


def ed25519_sign(seed, message):
    a, prefix = expand(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    point = compress(times(r, BASE))
    k = hashlib.sha512(point + ed25519_public(seed) + message).digest()
    s = (r + int.from_bytes(k, "little") * a) % L
    return point + s.to_bytes(32, "little")


# ---- The scheme -----------------------------------------------------------------------

def blake2b(data, n, key=b""):
    return hashlib.blake2b(data, digest_size=n, key=key).digest()


def seed_of(text):
    return text.encode().ljust(32, b"\0")


RING_SEED = seed_of("seed of the honest keys")
AUTHORITY_SEED = seed_of("seed of the authority")
CARD_SEED = seed_of("seed of the cards")
ENTROPY_KEY = seed_of("stream of the tests' randomness")
AMOUNT = (300).to_bytes(8, "big")
DATE = (1775908800000000).to_bytes(8, "big")

TRANSFER, UPDATE = 0, 1

#        name: public key, signature, envelope (None: 80 + payload)
SUITES = {"p256": (64, 64, None), "rsa-1024": (128, 128, 128), "rsa-2048": (256, 256, 256)}


def u16(n):
    return n.to_bytes(2, "big")


def u32(n):
    return n.to_bytes(4, "big")


def u64(n):
    return n.to_bytes(8, "big")


def key_of(kind, number):
    return blake2b(bytes([kind]) + u32(number), 16, RING_SEED)


class Entropy:
    """Key stream of ChaCha20 with 8 bytes of nonce; no value spans two blocks."""

    def __init__(self, nonce):
        self.nonce, self.n, self.left = u64(nonce), 0, b""

    def draw(self, n):
        if n > len(self.left):
            self.left = chacha_block(ENTROPY_KEY, self.n.to_bytes(8, "little") + self.nonce)
            self.n += 1
        out, self.left = self.left[:n], self.left[n:]
        return out


class Holder:
    """Who has a key pair: a card or the authority."""

    def __init__(self, seed):
        self.seed = seed
        self.decrypt = blake2b(b"envelope", 32, seed)
        self.public = ed25519_public(seed) + x25519_base(self.decrypt)


AUTHORITY = Holder(AUTHORITY_SEED)


class Card(Holder):
    """The card of that number; entry 7, valid from day 0 for ever."""

    def __init__(self, number):
        self.serial = u64(number << 16 | 7)
        super().__init__(blake2b(self.serial, 32, CARD_SEED))
        self.entropy = Entropy(number - 1)

    def certificate(self, suite):
        n_key, n_signature, _ = SUITES[suite]
        signed = self.serial + u16(0) + u16(0xFFFF) + self.public.ljust(n_key, b"\0")
        return signed + ed25519_sign(AUTHORITY_SEED, signed).ljust(n_signature, b"\0")


def symmetric(embodiment):
    """The older card, TK 2, pays; the newer one has TK 5; both have UK 3."""
    older, newer = Card(1), Card(2)
    r = older.entropy.draw(16)
    text = r + u32(5) + (b"" if embodiment == "4" else key_of(TRANSFER, 5))
    nonce = newer.entropy.draw(24)
    cipher_key = blake2b(b"update key 105", 32, key_of(UPDATE, 3))
    e = nonce + xaead_seal(cipher_key, nonce, text)
    return [("R", r), ("E", e)] + fig4(older, newer, 5, "spec")


def public_key(embodiment, suite):
    """The same with public key; in embodiment 5 the older card has UK 3, the newer UK 4."""
    older, newer = Card(1), Card(2)
    _, n_signature, n_envelope = SUITES[suite]
    r = older.entropy.draw(16)
    text = u32(5) + (b"" if embodiment.startswith("4") else key_of(TRANSFER, 5))
    if embodiment == "5":
        text = u32(4) + key_of(UPDATE, 4) + text
    ephemeral = newer.entropy.draw(32)
    point = x25519_base(ephemeral)
    receiver = older.public[32:]
    key = blake2b(x25519(ephemeral, receiver) + point + receiver, 32)
    e = (point + xaead_seal(key, bytes(24), text)).ljust(n_envelope or 80 + len(text), b"\0")
    signature = ed25519_sign(newer.seed, e + r).ljust(n_signature, b"\0")
    return [("certificate of newer", newer.certificate(suite)), ("R", r),
            ("certificate of older", older.certificate(suite)), ("E", e),
            ("signature", signature)] + fig4(older, newer, 5, "spec")


def fig4(payer, payee, transfer_key, form):
    def challenge(direction, random):
        data = AMOUNT + DATE + random
        if form != "spec":
            data += bytes([direction])
        if form == "direction-and-cards":
            data += payer.serial + payee.serial
        return blake2b(data, 16, key_of(TRANSFER, transfer_key))

    r223 = payer.entropy.draw(16)
    r225 = payee.entropy.draw(16)
    return [("223", r223), ("224", challenge(1, r223)), ("225", r225),
            ("226", challenge(2, r225))]


def crl(suite):
    serials = [3 << 16 | 7, 0x123456789ABC]
    signed = u64(9) + u32(len(serials)) + b"".join(u64(s) for s in serials)
    return signed + ed25519_sign(AUTHORITY_SEED, signed).ljust(SUITES[suite][1], b"\0")


def vectors():
    rows = [(f"keys/{name} {number}", key_of(kind, number))
            for kind, name in ((TRANSFER, "transfer"), (UPDATE, "update"))
            for number in (1, 2, 0xFFFFFFFE)]
    rows.append(("keys/cipher key of update 1", blake2b(b"update key 105", 32, key_of(UPDATE, 1))))
    rows.append(("keys/101", AUTHORITY.public))
    rows += [(f"crl/{suite}", crl(suite)) for suite in SUITES]
    settlements = [("1", symmetric("1")), ("4", symmetric("4"))]
    for embodiment in ("2", "5", "4-public-key"):
        settlements += [(f"{embodiment}/{suite}", public_key(embodiment, suite))
                        for suite in SUITES]
    settlements += [(f"fig4-mac/{form}", fig4(Card(1), Card(2), 5, form))
                    for form in ("spec", "direction-tag", "direction-and-cards")]
    for name, fields in settlements:
        rows += [(f"{name}/{field}", value) for field, value in fields]
    return rows


def as_c(name, value):
    """One row: runs of at least eight zero bytes are written as (n)."""
    text, i = "", 0
    while i < len(value):
        run = len(value[i:]) - len(value[i:].lstrip(b"\0"))
        if run >= 8:
            text += f"({run})"
            i += run
        else:
            text += f"{value[i]:02x}"
            i += 1
    lines = [text[i:i + 88] for i in range(0, len(text), 88)]
    return f'    {{ "{name}", {len(value)},\n' + "\n".join(f'      "{s}"' for s in lines) + " },"


def self_test():
    """Vectors printed in the RFCs."""
    key = bytes(range(32))
    assert chacha_block(key, bytes.fromhex("01000000000000090000004a00000000")).hex().startswith(
        "10f1e7e4d13b5915500fdd1fa32071c4")
    assert hchacha(key, bytes.fromhex("000000090000004a0000000031415927")).hex().startswith(
        "82413b4227b27bfed30e42508a877d73")
    assert poly1305(bytes.fromhex("85d6be7857556d337f4452fe42d506a8"
                                  "0103808afb0db2fd4abff6af4149f51b"),
                    b"Cryptographic Forum Research Group").hex() == \
        "a8061dc1305136c6c22b8baf0c0127a9"
    assert x25519_base(bytes.fromhex(
        "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")).hex() == \
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    assert ed25519_public(seed).hex() == \
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert ed25519_sign(seed, b"").hex().startswith("e5564300c360ac729086e2cc806e828a")


def table():
    self_test()
    return "\n".join(as_c(name, value) for name, value in vectors()) + "\n"


if __name__ == "__main__":
    print(table(), end="")
