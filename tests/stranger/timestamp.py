"""Checks the timestamp of an unzipped export with PyPI's `rfc3161-client`.

`timestamp.py FOLDER CERTIFICATE`: exit 1 if the token is not over the checkpoint, or not
by an authority that the certificate stands for.
"""

import pathlib
import sys

from cryptography import x509
from rfc3161_client import VerifierBuilder, decode_timestamp_response

folder, certificate = map(pathlib.Path, sys.argv[1:])
root = x509.load_pem_x509_certificate(certificate.read_bytes())
token = decode_timestamp_response((folder / "timestamp/checkpoint.tsr").read_bytes())
verifier = VerifierBuilder().add_root_certificate(root).build()
checkpoint = (folder / "data/ledger/checkpoint").read_bytes()
verifier.verify_message(token, checkpoint)
try:
    verifier.verify_message(token, checkpoint + b"\n")
except Exception:  # that another content is refused is what is wanted
    print("the token is over the checkpoint and nothing else")
else:
    sys.exit("the token is taken for another content too")
