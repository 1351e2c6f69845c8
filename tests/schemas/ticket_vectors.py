#!/usr/bin/python3
"""Checks schemas/ticket/vectors.json from schemas/ticket/FORMAT.md alone: a second reading of the format, with openssl's
command for Ed25519. `--write` makes the file anew (signatures by openssl too); the C++ code has no part in it."""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

FILE = pathlib.Path(__file__).resolve().parents[2] / "schemas/ticket/vectors.json"
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz._-"
FLAGS = {1: "reentry", 2: "check_id", 4: "concession"}


class Refused(Exception):
    pass


def require(holds, why):
    if not holds:
        raise Refused(why)


# --- reading -------------------------------------------------------------------------------------------------------


class Reader:
    def __init__(self, octets):
        self.rest = octets

    def take(self, count):
        require(len(self.rest) >= count, "truncated")
        part, self.rest = self.rest[:count], self.rest[count:]
        return part

    def number(self, count):
        return int.from_bytes(self.take(count), "little")

    def varint(self, limit):
        value, shift = 0, 0
        while True:
            octet = self.number(1)
            value |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                require(octet != 0 or shift == 7, "varint is not minimal")
                require(value <= limit, "number is too large")
                return value
            require(shift < 70, "varint is too long")

    def name(self):
        left, text = self.number(1), ""
        require(1 <= left <= 32, "length of a name")
        while left:
            count = min(3, left)
            value = self.number(1 if count == 1 else 2)
            require(value < len(LETTERS) ** count, "packed name")
            group = ""
            for _ in range(count):
                value, letter = divmod(value, len(LETTERS))
                group = LETTERS[letter] + group
            text += group
            left -= count
        require(text[0].isalnum(), "first letter of a name")
        return text


def read_payload(octets):
    r = Reader(octets)
    require(len(octets) <= 72, "too large")
    require(r.number(1) == 1, "version")
    flags = r.number(1)
    require(flags < 16, "flags")
    out = {"node": r.varint(0xFFFF), "epoch": r.varint(2**32 - 1), "seq": r.varint(2**64 - 1), "ordinal": r.varint(0xFFFF)}
    require(all(out.values()), "id")
    out["product"] = r.name()
    out["persons"], out["entries"], out["companions"] = r.varint(0xFFFF), r.varint(0xFFFF), r.number(1)
    require(out["persons"] and out["entries"], "persons and entries")
    out["valid_from"] = r.number(2)
    out["valid_to"] = out["valid_from"] + r.varint(0xFFFF - out["valid_from"])
    out["session"] = None
    if flags & 8:
        session, starts = r.name(), r.number(4)
        out["session"] = {"id": session, "starts": starts, "ends": starts + r.varint(2**32 - 1 - starts)}
    zones = r.number(1)
    require(1 <= zones <= 8, "count of zones")
    out["zones"] = [r.name() for _ in range(zones)]
    require(out["zones"] == sorted(set(out["zones"])), "order of zones")
    require(not r.rest, "octets left over")
    for bit, flag in FLAGS.items():
        out[flag] = bool(flags & bit)
    return out


def read_code(code):
    require(len(code) <= 221 and code.startswith("GH1"), "frame")
    text = code[3:]
    require(all(c in DIGITS for c in text), "digit")
    size = len(text) * 5 // 8
    padding = len(text) * 5 - size * 8
    require(padding < 5, "superfluous digit")
    number = 0
    for c in text:
        number = number * 32 + DIGITS.index(c)
    require(number & ((1 << padding) - 1) == 0, "padding")
    octets = (number >> padding).to_bytes(size, "big")
    require(size > 64, "truncated")
    return octets[:-64], octets[-64:]


def openssl(arguments, message, key_der, private):
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: os.path.join(folder, name) for name in ("key", "message", "signature")}
        for name, data in (("key", key_der), ("message", message), ("signature", arguments or b"")):
            pathlib.Path(paths[name]).write_bytes(data)
        command = ["openssl", "pkeyutl", "-rawin", "-in", paths["message"], "-inkey", paths["key"], "-keyform", "DER"]
        command += ["-sign"] if private else ["-pubin", "-verify", "-sigfile", paths["signature"]]
        return subprocess.run(command, capture_output=True, timeout=60, check=False)


def is_signed(public_key, venue, payload, signature):
    message = b"gatehouse ticket v1\0" + venue + payload
    return openssl(signature, message, bytes.fromhex("302a300506032b6570032100") + public_key, False).returncode == 0


def issued_code(code):
    """What the record of its sale says of it: schemas/records/FORMAT.md."""
    return hashlib.sha256(code.encode()).hexdigest()[:32]


def check(vectors):
    faults = 0
    for case in vectors["accepted"]:
        payload, signature = read_code(case["code"])
        ok = (payload.hex() == case["payload_hex"] and signature.hex() == case["signature_hex"]
              and read_payload(payload) == case["payload"] and issued_code(case["code"]) == case["issued_hex"]
              and is_signed(bytes.fromhex(case["public_key"]), bytes.fromhex(case["venue"]), payload, signature))
        faults += report(ok, "accepted", case["name"])
    for case in vectors["bad_signature"]:
        payload, signature = read_code(case["code"])
        read_payload(payload)
        ok = not is_signed(bytes.fromhex(case["public_key"]), bytes.fromhex(case["venue"]), payload, signature)
        faults += report(ok, "bad signature", case["name"])
    for case in vectors["refused"]:
        try:
            read_payload(read_code(case["code"])[0])
            ok = False
        except Refused:
            ok = True
        faults += report(ok, "refused", case["name"])
    return faults


def report(ok, kind, name):
    if not ok:
        print(f"FAULT: {kind}: {name}")
    return 0 if ok else 1


# --- writing -------------------------------------------------------------------------------------------------------


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def name(text):
    out = bytes([len(text)])
    for at in range(0, len(text), 3):
        value = 0
        for letter in text[at:at + 3]:
            value = value * len(LETTERS) + LETTERS.index(letter)
        out += value.to_bytes(1 if len(text) - at == 1 else 2, "little")
    return out


def write_payload(p):
    flags = sum(bit for bit, flag in FLAGS.items() if p[flag]) | (8 if p["session"] else 0)
    out = bytes([1, flags]) + varint(p["node"]) + varint(p["epoch"]) + varint(p["seq"]) + varint(p["ordinal"])
    out += name(p["product"]) + varint(p["persons"]) + varint(p["entries"]) + bytes([p["companions"]])
    out += p["valid_from"].to_bytes(2, "little") + varint(p["valid_to"] - p["valid_from"])
    if p["session"]:
        s = p["session"]
        out += name(s["id"]) + s["starts"].to_bytes(4, "little") + varint(s["ends"] - s["starts"])
    return out + bytes([len(p["zones"])]) + b"".join(name(zone) for zone in p["zones"])


def write_code(octets):
    padding = -len(octets) * 8 % 5
    number = int.from_bytes(octets, "big") << padding
    return "GH1" + "".join(DIGITS[number >> 5 * i & 31] for i in reversed(range((len(octets) * 8 + padding) // 5)))


SEED = bytes(range(32))
PUBLIC = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"  # of SEED
VENUE = bytes.fromhex("00112233445566778899aabbccddeeff")


def signature_of(payload, venue=VENUE):
    key = bytes.fromhex("302e020100300506032b657004220420") + SEED
    return openssl(None, b"gatehouse ticket v1\0" + venue + payload, key, True).stdout


def right(**changes):
    base = {"node": 7, "epoch": 1, "seq": 1234, "ordinal": 1, "product": "adult-day", "persons": 1, "entries": 1,
            "companions": 0, "valid_from": 20778, "valid_to": 20778, "session": None, "zones": ["park"],
            "reentry": False, "check_id": False, "concession": False}
    return {**base, **changes}


def vectors():
    accepted = []
    session = {"id": "2026-11-21.am", "starts": 29920320, "ends": 29920560}
    rights = {
        "adult day ticket": right(),
        "family ticket of another node": right(node=300, seq=70000, ordinal=3, product="family", persons=4, companions=2),
        "ten entries in a year": right(product="card-10", entries=10, valid_to=20778 + 364, reentry=True),
        "session ticket, reduced": right(product="show", session=session, concession=True, check_id=True),
        "smallest": right(node=1, seq=1, product="a", zones=["b"], valid_from=0, valid_to=0),
        "largest numbers": right(node=65535, epoch=2**32 - 1, seq=2**64 - 1, ordinal=65535, persons=65535, entries=65535,
                                 companions=255, valid_from=0, valid_to=65535, product="p",
                                 session={"id": "s", "starts": 2**32 - 2, "ends": 2**32 - 1}, zones=["z"]),
        "eight zones": right(zones=["a", "b.1", "b_2", "ba", "c-d", "z", "z1", "z2"]),
        "a code of 221 letters": right(product="abcdefghijklmnopqrstuvwxyz012345", session=session,
                                       zones=["north-garden", "south-gardens"], persons=30),
    }
    for title, payload in rights.items():
        octets = write_payload(payload)
        signature = signature_of(octets)
        accepted.append({"name": title, "seed": SEED.hex(), "public_key": PUBLIC, "venue": VENUE.hex(),
                         "payload": payload, "payload_hex": octets.hex(), "signature_hex": signature.hex(),
                         "code": write_code(octets + signature),
                         "issued_hex": issued_code(write_code(octets + signature))})

    octets = write_payload(right())
    signature = signature_of(octets)
    good = write_code(octets + signature)
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    bad = {"another venue": signature_of(octets, bytes(16)), "a changed bit": flipped, "all zeros": bytes(64)}
    bad_signature = [{"name": title, "public_key": PUBLIC, "venue": VENUE.hex(), "code": write_code(octets + s)}
                     for title, s in bad.items()]

    def sealed(payload):
        return write_code(payload + signature_of(payload))

    def put(at, new, old=1):
        return octets[:at] + bytes(new) + octets[at + old:]

    refused = {
        "empty": "", "prefix only": "GH1", "lower case": good.lower(), "another prefix": "GH2" + good[3:],
        "a space at the end": good + " ", "a letter that is no digit": good[:-1] + "U", "a digit too many": good + "0",
        "a digit too few": good[:-1], "half": good[:len(good) // 2], "signature only": write_code(signature),
        "too long": good + "0" * 200, "padding set": good[:-1] + DIGITS[DIGITS.index(good[-1]) | 1],
        "version 2": sealed(put(0, [2])), "unknown flag": sealed(put(1, [16])), "session flag without session": sealed(put(1, [8])),
        "node 0": sealed(put(2, [0])), "epoch 0": sealed(put(3, [0])), "ordinal 0": sealed(put(6, [0])),
        "node in a longer form": sealed(put(2, [0x87, 0])), "node too large": sealed(put(2, [0x80, 0x80, 4])),
        "seq that never ends": sealed(put(4, [0x80] * 11, 2)), "seq past 64 bits": sealed(put(4, [0xFF] * 9 + [2], 2)),
        "empty product": sealed(put(7, [0], 7)), "product of 33 letters": sealed(put(7, [33])),
        "packed name out of range": sealed(put(8, [0xFF, 0xFF], 2)),
        "product that begins with a dot": sealed(put(7, name(".ab"), 7)),
        "no persons": sealed(put(14, [0])), "no entries": sealed(put(15, [0])),
        "valid past the last day": sealed(put(17, [0xFF, 0xFF, 1], 3)),
        "no zones": sealed(octets[:20] + b"\0"), "nine zones": sealed(octets[:20] + b"\x09" + name("a") * 9),
        "zones out of order": sealed(octets[:20] + b"\x02" + name("b") + name("a")),
        "a zone twice": sealed(octets[:20] + b"\x02" + name("a") + name("a")),
        "an octet left over": sealed(octets + b"\0"), "an octet missing": sealed(octets[:-1]),
    }
    return {"accepted": accepted, "bad_signature": bad_signature,
            "refused": [{"name": title, "code": code} for title, code in refused.items()]}


def main():
    if sys.argv[1:] == ["--write"]:
        FILE.write_text(json.dumps(vectors(), indent=1) + "\n")
    content = json.loads(FILE.read_text())
    faults = check(content)
    print(f"{sum(len(part) for part in content.values())} vectors, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
