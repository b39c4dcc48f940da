"""Checks an unzipped export of evidence, knowing nothing of Netra's code.

Standard library only, and `openssl` for the signature. Reads docs/evidence.md as a
stranger would: manifests, names that are digests, leaf hashes, inclusion proofs,
signed checkpoints. `verify.py FOLDER` prints what was checked; exit 1 with the
first thing that is wrong.
"""

import base64
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile


class Wrong(Exception):
    """Something is not as it should be."""


def need(condition, what):
    if not condition:
        raise Wrong(what)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def manifest(folder, name):
    """The digests that a manifest gives, every line as it must be written."""
    digests = {}
    for line in (folder / name).read_bytes().decode().splitlines(keepends=True):
        match = re.fullmatch(r"([0-9a-f]{64})  ([A-Za-z0-9._/-]+)\n", line)
        need(match, f"{name}: a line is not as it must be: {line!r}")
        digests[match[2]] = match[1]
    need(list(digests) == sorted(digests), f"{name}: not in order")
    return digests


def check_files(folder):
    """Every file is named by exactly one manifest, and is what that says."""
    payload = manifest(folder, "manifest-sha256.txt")
    tags = manifest(folder, "tagmanifest-sha256.txt")
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    need(there == {*payload, *tags, "tagmanifest-sha256.txt"}, "files beyond the manifests, or missing")
    need(all(path.startswith("data/") for path in payload), "a payload file outside data")
    for path, digest in {**payload, **tags}.items():
        need(sha256((folder / path).read_bytes()) == digest, f"{path}: another digest")
    for path in [*(folder / "data/captures").glob("*"), *folder.glob("*/payload/*")]:
        need(sha256(path.read_bytes()) == path.name.removesuffix(".warc.gz"), f"{path}: not its name")
    return len(there)


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaf, index, size, proof):
    """The root that a proof leads to (RFC 9162 section 2.1.3.2)."""
    need(index < size, "the entry is beyond the tree")
    number, last, root = index, size - 1, leaf
    for step in proof:
        need(last > 0, "the proof is too long")
        if number & 1 or number == last:
            root = node(step, root)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            root = node(root, step)
        number, last = number >> 1, last >> 1
    need(last == 0, "the proof is too short")
    return root


def checkpoint(note):
    """Origin, size, root, signed text and signature of a signed note."""
    text, _, signatures = note.partition(b"\n\n")
    text += b"\n"
    origin, size, root = text.decode().splitlines()
    match = re.fullmatch("— (\\S+) (\\S+)\n", signatures.decode())
    need(match and match[1] == origin, "the signature line is not the log's")
    signature = base64.b64decode(match[2], validate=True)
    return origin, int(size), base64.b64decode(root, validate=True), text, signature


def check_signature(note, pem, vkey):
    """The signature holds, and both spellings of the key are one key."""
    origin, _, _, text, signature = checkpoint(note)
    name, key_hash, key = vkey.decode().rstrip("\n").split("+", 2)
    key = base64.b64decode(key, validate=True)
    der = base64.b64decode(b"".join(pem.splitlines()[1:-1]), validate=True)
    need(name == origin and der[-32:] == key[1:], "the keys differ")
    expected = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    need(expected.hex() == key_hash and signature[:4] == expected, "another key signed")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        for file, content in (("text", text), ("signature", signature[4:]), ("key", pem)):
            (work / file).write_bytes(content)
        command = "openssl pkeyutl -verify -pubin -inkey key -rawin -in text -sigfile signature"
        done = subprocess.run(command.split(), cwd=work, capture_output=True, check=False)
    need(done.returncode == 0, "the signature does not hold")


def check_proof(entry, proof):
    """The entry is in the tree that the proof's checkpoint signs; gives the checkpoint."""
    head, _, note = proof.partition(b"\n\n")
    lines = head.decode().splitlines()
    need(lines[0] == "c2sp.org/tlog-proof@v1", "not a tlog-proof")
    index = int(lines[1].removeprefix("index "))
    need(index == json.loads(entry)["seq"], "the proof is another entry's")
    hashes = [base64.b64decode(line, validate=True) for line in lines[2:]]
    _, size, root, _, _ = checkpoint(note)
    leaf = hashlib.sha256(b"\x00" + entry).digest()
    need(root_of(leaf, index, size, hashes) == root, f"entry {index} is not proved")
    return note


def check_entries(folder):
    """Every entry is proved under the one checkpoint; what it names is there."""
    data = folder / "data"
    note = (data / "ledger/checkpoint").read_bytes()
    entries = sorted((data / "ledger/entry").glob("*.json"))
    for path in entries:
        entry = path.read_bytes()
        proof = (data / "ledger/proof" / f"{path.stem}.tlog-proof").read_bytes()
        need(check_proof(entry, proof) == note, "a proof has another checkpoint")
        told = json.loads(entry)
        need(f"{told['seq']:09}" == path.stem, f"{path.name} is another entry")
        if "payload" in told and (data / "payload" / told["payload"]).exists():
            json.loads((data / "payload" / told["payload"]).read_bytes()[32:])
    need(entries, "there is no entry")
    return len(entries)


def check_export(folder, keys):
    """The export was recorded in the same log, with the digest of this manifest."""
    entry = (folder / "export/entry.json").read_bytes()
    note = check_proof(entry, (folder / "export/entry.tlog-proof").read_bytes())
    check_signature(note, *keys)
    told = json.loads(entry)
    need(told["event"] == "exported", "the export's entry is another event")
    need(told["manifest"] == sha256((folder / "manifest-sha256.txt").read_bytes()), "another manifest")
    return told


def verify(folder):
    """Everything; raises Wrong, or whatever a mangled file makes the parsers raise."""
    folder = pathlib.Path(folder)
    files = check_files(folder)
    keys = [(folder / "data/ledger" / name).read_bytes() for name in ("key.pem", "key.pub")]
    check_signature((folder / "data/ledger/checkpoint").read_bytes(), *keys)
    entries = check_entries(folder)
    told = check_export(folder, keys)
    return f"{files} files, {entries} entries proved, recorded as entry {told['seq']} by {told['by']}"


if __name__ == "__main__":
    try:
        print(verify(sys.argv[1]))
    except Exception as error:  # whatever a mangled file makes a parser raise
        print(f"WRONG: {error!r}", file=sys.stderr)
        sys.exit(1)
