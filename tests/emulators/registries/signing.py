"""Signatures that hold: a key of our own and a stranger's, cosign's payloads and DSSE envelopes, made the same each time.
Refuses randomness: keys and nonces follow from words."""

import base64
import hashlib
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import artefacts

IN_TOTO = "application/vnd.in-toto+json"


def key(words):
    """The P-256 key of some words."""
    return ec.derive_private_key(int.from_bytes(hashlib.sha256(words.encode()).digest(), "big") >> 1, ec.SECP256R1())


OURS, STRANGERS = key("the key that signs here"), key("the key of a stranger")


def pem(private):
    """The public half as cosign writes it."""
    return private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(private):
    """The hint by which a bundle names its key."""
    written = private.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(written).digest()).decode()


def sign(private, data):
    """A signature over bytes, ASN.1 in base64; the same for the same bytes."""
    return base64.b64encode(private.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))).decode()


def payload(digest, name):
    """What cosign signs of an image."""
    return artefacts.signature(digest, name).encode()


def enclosed(kind, body):
    """The bytes that a DSSE envelope signs."""
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(body), body)


def envelope(private, statement):
    """A statement in a signed DSSE envelope."""
    body = json.dumps(statement, separators=(",", ":")).encode()
    return {
        "payloadType": IN_TOTO, "payload": base64.b64encode(body).decode(),
        "signatures": [{"keyid": "", "sig": sign(private, enclosed(IN_TOTO, body))}],
    }


def bundle(private, statement):
    """The same as a bundle of sigstore, which names the key by a hint."""
    written = envelope(private, statement)
    written["signatures"] = [{"sig": written["signatures"][0]["sig"]}]
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"publicKey": {"hint": fingerprint(private)}, "tlogEntries": []},
        "dsseEnvelope": written,
    }


def statement(digest, name, kind, predicate):
    """What is said of an image, in in-toto's words."""
    return {
        "_type": "https://in-toto.io/Statement/v1", "subject": [{"name": name, "digest": {"sha256": digest.removeprefix("sha256:")}}],
        "predicateType": kind, "predicate": predicate,
    }
