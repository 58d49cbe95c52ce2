"""What the vendors' scanners found in an image: from one table, the same each time. Refuses to scan: an image's digest
decides."""

from dataclasses import dataclass
from functools import lru_cache

SCANNED, QUEUED, UNSUPPORTED, FAILED = "scanned", "queued", "unsupported", "failed"


@dataclass(frozen=True)
class Finding:
    """One vulnerability of one package."""

    name: str
    package: str
    version: str
    fixed: str
    severity: str
    score: float
    vector: str
    weakness: str
    kind: str
    licence: str
    description: str

    @property
    def link(self):
        return f"https://nvd.nist.gov/vuln/detail/{self.name}" if self.name.startswith("CVE") else f"https://github.com/advisories/{self.name}"


def found(*words):
    return Finding(*words)


TABLE = (
    found("CVE-2023-44487", "libnghttp2-14", "1.52.0-1", "1.52.0-1+deb12u1", "High", 7.5, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "CWE-400", "deb", "MIT", "Streams that are reset at once exhaust a server."),
    found("CVE-2024-3094", "liblzma5", "5.6.0-0.2", "5.6.1+really5.4.5-1", "Critical", 10.0, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "CWE-506", "deb", "PD", "A release that held a back door."),
    found("CVE-2023-4911", "libc6", "2.36-9", "2.36-9+deb12u3", "High", 7.8, "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", "CWE-122", "deb", "LGPL-2.1", "A variable of the loader overflows a buffer."),
    found("CVE-2011-3374", "apt", "2.6.1", "", "Low", 3.7, "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:N", "CWE-347", "deb", "GPL-2.0", "Keys were taken without a check; no fix is planned."),
    found("CVE-2021-44228", "org.apache.logging.log4j:log4j-core", "2.14.1", "2.15.0", "Critical", 10.0, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "CWE-502", "maven", "Apache-2.0", "Messages look up what they name."),
    found("CVE-2022-40897", "setuptools", "65.5.0", "65.5.1", "Medium", 5.9, "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H", "CWE-1333", "pypi", "MIT", "An expression takes too long."),
    found("CVE-2023-45288", "golang.org/x/net", "v0.17.0", "0.23.0", "Medium", 5.3, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L", "CWE-400", "golang", "BSD-3-Clause", "Headers without an end keep a server busy."),
    found("GHSA-c2qf-rxjj-qqgw", "semver", "7.3.7", "7.5.2", "Medium", 5.3, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L", "CWE-1333", "npm", "ISC", "An expression takes too long."),
    found("CVE-2005-2541", "tar", "1.34+dfsg-1.2", "", "Negligible", 0.0, "", "", "deb", "GPL-3.0", "Special bits are kept, as documented."),
    found("CVE-2024-56433", "login", "1:4.13+dfsg1-1", "", "Unknown", 0.0, "", "CWE-1188", "deb", "BSD-3-Clause", "Ranges of subordinate ids may collide."),
)
ORDER = ("Critical", "High", "Medium", "Low", "Negligible", "Unknown")


@lru_cache(maxsize=65_536)
def seen(digest):
    """(state, findings) of an image of one platform, by its digest."""
    seed = int(digest[7:15], 16) if len(digest) == 71 else 0
    state = (QUEUED, UNSUPPORTED, FAILED)[seed % 16] if seed % 16 < 3 else SCANNED
    if state != SCANNED or seed % 16 == 3:
        return state, ()
    return state, tuple(one for place, one in enumerate(TABLE) if seed >> (place + 4) & 1)


def of(manifest):
    """(state, findings) of a manifest: what is no image is not scanned, an index is not supported."""
    if manifest.kind == "index":
        return UNSUPPORTED, ()
    if manifest.kind != "image" or not manifest.platform or manifest.platform["os"] != "linux":
        return UNSUPPORTED, ()
    return seen(manifest.digest)


def worst(rows):
    return min((one.severity for one in rows), key=ORDER.index, default="None")


def purl(one):
    """The package as scanners of several vendors name it."""
    return f"pkg:{one.kind}/{'debian/' if one.kind == 'deb' else ''}{one.package.replace(':', '/')}@{one.version}"
