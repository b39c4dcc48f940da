"""Flips single bits of an unzipped export and counts who finds them.

`flip.py FOLDER SEED TIMES`: in every file, at so many places (all of them with 0).
Exit 1 if `verify.py` misses one. Needs the `bagit` package, for its count.
"""

import contextlib
import io
import logging
import pathlib
import random
import sys

import bagit

import verify

logging.disable(logging.CRITICAL)


def finds(check):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            check()
    except Exception:  # a mangled file may raise anything; that is finding it
        return True
    return False


def main(folder, seed, times):
    chance = random.Random(seed)
    flips = missed = by_bagit = 0
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        whole = path.read_bytes()
        places = range(len(whole)) if times == 0 else chance.choices(range(len(whole)), k=times)
        for place in places:
            flipped = bytearray(whole)
            flipped[place] ^= 1 << chance.randrange(8)
            path.write_bytes(flipped)
            flips += 1
            if not finds(lambda: verify.verify(folder)):
                missed += 1
                print(f"MISSED: byte {place} of {path}")
            by_bagit += finds(lambda: bagit.Bag(str(folder)).validate())
        path.write_bytes(whole)
    print(f"seed {seed}: {flips} flips in {len(files)} files, {flips - missed} found; bagit alone finds {by_bagit}")
    return missed


if __name__ == "__main__":
    sys.exit(1 if main(pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])) else 0)
