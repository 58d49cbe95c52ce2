"""Whom a cluster knows by a token of the cloud that runs it. Refuses a token that is not in the cloud's own shape, is made
out to another cluster, or is signed with another secret, where the cloud lets that be seen.

`entries` is what a test sets: `{"eks": {KEY: {"secret": …, "user": …}}, "gke": {"user": …},
"aks": {"user": …}}`."""

import base64
import calendar
import hashlib
import hmac
import json
import re
import time
from urllib.parse import parse_qsl, quote, urlsplit

HOST = re.compile(r"sts\.([a-z0-9-]+)\.amazonaws\.com")
SIGNED = "host;x-k8s-aws-id"
# The application that stands for all clusters of AKS.
AUDIENCE = "6dae42f8-4368-4678-94ff-3960e28e3630"
# How long EKS takes a token, whatever its address says.
TAKEN = 15 * 60


def user(token, cluster, entries, now):
    """Who shows this token, or None."""
    if token.startswith("k8s-aws-v1."):
        return of_amazon(token.removeprefix("k8s-aws-v1."), cluster, entries.get("eks", {}), now)
    if token.startswith("ya29."):
        # Google's access tokens tell nothing to whoever did not make them.
        return entries.get("gke", {}).get("user")
    return entries.get("aks", {}).get("user") if of_directory(token, now) else None


def of_directory(token, now):
    """Whether a token of Microsoft's directory is made out to clusters, and in its time; its signature is not verified."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return claims["aud"] == AUDIENCE and claims["exp"] > now
    except (IndexError, KeyError, TypeError, ValueError):
        return False


def of_amazon(encoded, cluster, entries, now):
    """Who signed a call to STS in which the name of the cluster is signed too."""
    try:
        address = urlsplit(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode())
        told = dict(parse_qsl(address.query, strict_parsing=True))
        key, day, region, service, end = told["X-Amz-Credential"].split("/")
        moment = calendar.timegm(time.strptime(told["X-Amz-Date"], "%Y%m%dT%H%M%SZ"))
        fits = (
            "=" not in encoded
            and address.scheme == "https"
            and HOST.fullmatch(address.netloc).group(1) == region
            and (address.path, service, end) == ("/", "sts", "aws4_request")
            and told["Action"] == "GetCallerIdentity"
            and told["X-Amz-SignedHeaders"] == SIGNED
            and 0 < int(told["X-Amz-Expires"]) <= TAKEN
            and abs(now - moment) < TAKEN
        )
    except (AttributeError, KeyError, ValueError):
        return None
    entry = entries.get(key)
    if not fits or entry is None:
        return None
    secret = entry.get("secret")
    if secret is not None and told["X-Amz-Signature"] != signature(address.netloc, told, cluster, secret, (day, region)):
        return None
    return entry["user"]


def signature(host, told, cluster, secret, place):
    """What signing the call with this secret gives."""
    query = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in sorted(told.items()) if name != "X-Amz-Signature")
    empty = hashlib.sha256(b"").hexdigest()
    canonical = "\n".join(["GET", "/", query, f"host:{host}", f"x-k8s-aws-id:{cluster}", "", SIGNED, empty])
    scope = "/".join([*place, "sts", "aws4_request"])
    text = "\n".join(["AWS4-HMAC-SHA256", told["X-Amz-Date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4" + secret.encode()
    for part in (*place, "sts", "aws4_request", text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()
