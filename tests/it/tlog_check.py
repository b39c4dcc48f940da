"""Checks a Netra ledger without Netra: python3 tlog_check.py DATA < proofs.json

Needs nothing but Python 3. From the plain files alone (C2SP tlog-tiles layout,
signed-note checkpoint) it computes the root of the log twice, from the entries
and from the tiles, checks the Ed25519 signature of the checkpoint, and judges
proofs: {"inclusion": [{"seq": 5, "proof": [hex, ...]}, ...],
         "consistency": [{"size": 5, "root": hex, "proof": [hex, ...]}, ...]}.
Prints what it found; exits 1 if anything does not hold.
"""
import base64
import hashlib
import json
import pathlib
import sys

WIDTH = 256


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def node(left, right):
    return sha(b"\x01", left, right)


def root(hashes):
    """The root over a list of hashes, by pairing neighbours level by level."""
    if not hashes:
        return sha()
    while len(hashes) > 1:
        paired = [node(*hashes[i : i + 2]) for i in range(0, len(hashes) - 1, 2)]
        hashes = paired + (hashes[-1:] if len(hashes) % 2 else [])
    return hashes[0]


def tile(folder, level, number, width):
    name = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        name = f"x{number % 1000:03}/{name}"
    name += "" if width == WIDTH else f".p/{width}"
    return (folder / "tile" / str(level) / name).read_bytes()


def tiles(folder, level, count):
    for number in range(-(-count // WIDTH)):
        yield tile(folder, level, number, min(WIDTH, count - number * WIDTH))


def hashes_of(folder, level, count):
    data = b"".join(tiles(folder, level, count))
    return [data[i : i + 32] for i in range(0, len(data), 32)]


def leaves_of(folder, size):
    leaves = []
    for bundle in tiles(folder, "entries", size):
        place = 0
        while place < len(bundle):
            end = place + 2 + int.from_bytes(bundle[place : place + 2], "big")
            leaves.append(sha(b"\x00", bundle[place + 2 : end]))
            place = end
    return leaves


def includes(leaf, seq, size, proof, expected):
    """RFC 9162, 2.1.3.2."""
    fn, sn, r = seq, size - 1, leaf
    for step in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(step, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == expected


def continues(first, first_root, size, expected, proof):
    """RFC 9162, 2.1.4.2."""
    if first == size:
        return not proof and first_root == expected
    if first & (first - 1) == 0:
        proof = [first_root] + proof
    fn, sn = first - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for step in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(step, fr), node(step, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == expected


# Ed25519 (RFC 8032) on the curve -x² + y² = 1 + d·x²·y² over p, in affine coordinates
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def point(data):
    y = int.from_bytes(data, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square or y >= P:
        raise ValueError("no point of the curve")
    return (P - x if x & 1 != data[31] >> 7 else x, y)


def add(a, b):
    t = D * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + t, -1, P)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, P)
    return (x % P, y % P)


def times(n, a):
    total = (0, 1)
    while n:
        total = add(total, a) if n & 1 else total
        a, n = add(a, a), n >> 1
    return total


def signed(key, text, signature):
    base = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little")
    right = add(point(signature[:32]), times(k % ORDER, point(key)))
    return s < ORDER and times(s, base) == right


def main():
    data = pathlib.Path(sys.argv[1])
    ledger = data / "ledger"
    name, _, key = (data / "key.pub").read_text().strip().split("+", 2)
    key = base64.b64decode(key)[1:]
    text, line = (ledger / "checkpoint").read_text().split("\n\n")
    origin, size, claimed = text.split("\n")
    size, claimed = int(size), base64.b64decode(claimed)
    signature = base64.b64decode(line.split(" ")[2])[4:]
    failed = []

    def check(holds, what):
        if not holds:
            failed.append(what)

    check(origin == name, "origin")
    check(signed(key, (text + "\n").encode(), signature), "signature")
    leaves = leaves_of(ledger, size)
    check(len(leaves) == size and root(leaves) == claimed, "root of the entries")
    lowest = hashes_of(ledger, 0, size)
    check(lowest == leaves and root(lowest) == claimed, "root of the tiles")
    upper = hashes_of(ledger, 1, size // WIDTH)
    whole = [root(leaves[i : i + WIDTH]) for i in range(0, size // WIDTH * WIDTH, WIDTH)]
    check(upper == whole, "tiles of level 1")
    proofs = json.load(sys.stdin)
    for one in proofs["inclusion"]:
        proof = [bytes.fromhex(step) for step in one["proof"]]
        holds = includes(leaves[one["seq"]], one["seq"], size, proof, claimed)
        check(holds, f"inclusion of {one['seq']}")
    for one in proofs["consistency"]:
        proof = [bytes.fromhex(step) for step in one["proof"]]
        first = bytes.fromhex(one["root"])
        check(continues(one["size"], first, size, claimed, proof), f"beginning {one['size']}")
    for what in failed:
        print("does not hold:", what)
    judged = len(proofs["inclusion"]) + len(proofs["consistency"])
    print(f"{size} entries, {judged} proofs: {len(failed)} failures")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
