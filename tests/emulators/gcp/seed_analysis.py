"""What the scanners said of a project's images: discoveries that went well, failed or were not possible, findings
with the notes behind them, bills of materials, an attestation and an assessment. Refuses images without a tag."""

import json
from base64 import b64encode

from google.protobuf import json_format
from grafeas.grafeas_v1 import types as wrapped
from replies import Row
from seed_run import identity

SCANNED = "2026-11-20T04:00:00Z"
# (id, package, its kind, version, fixed in or None, severity, vector of CVSS 3.1, score)
FOUND = (
    ("CVE-2026-10001", "openssl", "OS", "3.0.11-1~deb12u2", "3.0.15-1~deb12u1", "CRITICAL", "NLNNUHHH", 9.8),
    ("CVE-2026-10002", "glibc", "OS", "2.36-9+deb12u4", "2.36-9+deb12u7", "HIGH", "LLLNUHHH", 7.8),
    ("CVE-2026-10003", "zlib", "OS", "1:1.2.13.dfsg-1", None, "MEDIUM", "NHNNUNNH", 5.9),
    ("CVE-2026-10004", "golang.org/x/net", "GO", "v0.17.0", "v0.23.0", "MEDIUM", "NLNNUNNL", 5.3),
    ("CVE-2026-10005", "org.apache.logging.log4j:log4j-core", "MAVEN", "2.14.1", "2.17.1", "CRITICAL", "NLNNCHHH", 10.0),
    ("CVE-2026-10006", "requests", "PYPI", "2.30.0", "2.32.0", "LOW", "LHHRUNNL", 3.1),
    ("CVE-2026-10007", "lodash", "NPM", "4.17.20", "4.17.21", "HIGH", "NLHNUHHH", 7.2),
    ("CVE-2026-10008", "tar", "OS", "1.34+dfsg-1.2", None, "MINIMAL", "LHLRUNNL", 2.5),
)
LETTERS = {"N": "NETWORK", "L": "LOW", "H": "HIGH"}


def build(estate, project):
    """Every note and occurrence of one project."""
    images = [
        (repository, package, next(image for image in reversed(listed) if not image.children and image.recipe[0] == "manifest"))
        for repository in project.repositories.values() if repository.id.startswith("images-") for package, listed in repository.packages.items()
    ]
    notes(project)
    scanned = [discovered(project, "https://" + repository.uri(package, image.digest), number) for number, (repository, package, image) in enumerate(images)]
    scanned = [uri for uri in scanned if uri]
    for number in range(estate.plan.findings if scanned else 0):
        finding(project, scanned[number % len(scanned)], number // len(scanned) % len(FOUND), number)
    if scanned:
        beside(project, scanned[0])


def note(project, name, told):
    message = {"name": name, "createTime": "2026-08-01T00:00:00Z", "updateTime": "2026-11-01T00:00:00Z", **told}
    project.notes[name] = Row(json_format.ParseDict(message, wrapped.Note.pb()()))


def occurrence(project, about, told):
    name = f"projects/{project.id}/occurrences/{identity(project.id + about)}"
    message = {"name": name, "createTime": SCANNED, "updateTime": SCANNED, **told}
    project.occurrences[name] = Row(json_format.ParseDict(message, wrapped.Occurrence.pb()()))


def notes(project):
    """The notes that occurrences refer to: Google's, and the project's own."""
    note(project, "projects/goog-analysis/notes/PACKAGE_VULNERABILITY", {"kind": "DISCOVERY", "discovery": {"analysisKind": "VULNERABILITY"}})
    for identity_, package, kind, version, fixed, severity, letters, score in FOUND:
        detail = {
            "affectedPackage": package, "affectedCpeUri": cpe(kind), "packageType": kind, "severityName": severity, "affectedVersionEnd": said(fixed),
            "description": f"A flaw in {package}.",
        }
        if fixed:
            detail.update(fixedPackage=package, fixedCpeUri=cpe(kind), fixedVersion=said(fixed))
        note(project, f"projects/goog-vulnz/notes/{identity_}", {
            "kind": "VULNERABILITY", "shortDescription": identity_, "longDescription": f"NIST vectors: {vector(letters)}",
            "relatedUrl": [{"url": f"https://nvd.nist.gov/vuln/detail/{identity_}", "label": "More Info"}],
            "vulnerability": {"severity": severity, "cvssScore": score, "cvssV3": cvss(letters, score), "cvssVersion": "CVSS_VERSION_3", "details": [detail]},
        })
    note(project, f"projects/{project.id}/notes/built-by-us", {"kind": "ATTESTATION", "attestation": {"hint": {"humanReadableName": "Built by our builders"}}})
    note(project, f"projects/{project.id}/notes/sbom-spdx", {"kind": "SBOM_REFERENCE", "sbomReference": {"format": "spdx", "version": "2.3"}})


def cpe(kind):
    return "cpe:/o:debian:debian_linux:12" if kind == "OS" else f"cpe:/a:{kind.lower()}"


def said(version):
    """A version as Grafeas takes it apart."""
    if version is None:
        return {"kind": "MAXIMUM"}
    epoch, _, rest = version.rpartition(":")
    name, dash, revision = rest.rpartition("-") if "deb" in rest or "dfsg" in rest else (rest, "", "")
    told = {"fullName": version, "name": name or rest, "kind": "NORMAL"}
    return {**told, **({"epoch": int(epoch)} if epoch else {}), **({"revision": revision} if dash else {})}


def vector(letters):
    return "CVSS:3.1/" + "/".join(f"{name}:{letter}" for name, letter in zip(("AV", "AC", "PR", "UI", "S", "C", "I", "A"), letters))


def cvss(letters, score):
    """CVSS 3 as Grafeas spells it out."""
    reach, complexity, rights, person, scope, *impacts = letters
    impact = {"N": "IMPACT_NONE", "L": "IMPACT_LOW", "H": "IMPACT_HIGH"}
    return {
        "baseScore": score, "exploitabilityScore": round(min(3.9, score / 2.5), 1), "impactScore": round(min(6.0, score / 1.66), 1),
        "attackVector": {"N": "ATTACK_VECTOR_NETWORK", "L": "ATTACK_VECTOR_LOCAL"}[reach], "attackComplexity": f"ATTACK_COMPLEXITY_{LETTERS[complexity]}",
        "privilegesRequired": "PRIVILEGES_REQUIRED_" + ("NONE" if rights == "N" else LETTERS[rights]),
        "userInteraction": {"N": "USER_INTERACTION_NONE", "R": "USER_INTERACTION_REQUIRED"}[person],
        "scope": {"U": "SCOPE_UNCHANGED", "C": "SCOPE_CHANGED"}[scope],
        "confidentialityImpact": impact[impacts[0]], "integrityImpact": impact[impacts[1]], "availabilityImpact": impact[impacts[2]],
    }


def discovered(project, uri, number):
    """That an image was looked at; answers its address if findings can follow."""
    told = {"continuousAnalysis": "ACTIVE", "lastScanTime": SCANNED, "cpe": cpe("OS")}
    if number % 7 == 5:
        told.update(analysisStatus="FINISHED_UNSUPPORTED", continuousAnalysis="INACTIVE",
                    analysisStatusError={"code": 9, "message": "The operating system is not supported."})
    elif number % 7 == 6:
        told.update(analysisStatus="FINISHED_FAILED", analysisStatusError={"code": 13, "message": "The image could not be read."})
    else:
        told.update(analysisStatus="FINISHED_SUCCESS", analysisCompleted={"analysisType": ["OS", "GO", "MAVEN", "PYPI", "NPM"]})
        if number == 0:
            told["sbomStatus"] = {"sbomState": "COMPLETE", "error": ""}
    occurrence(project, "discovery" + uri, {
        "kind": "DISCOVERY", "resourceUri": uri, "noteName": "projects/goog-analysis/notes/PACKAGE_VULNERABILITY", "discovery": told,
    })
    return uri if told["analysisStatus"] == "FINISHED_SUCCESS" else None


def finding(project, uri, place, number):
    """One vulnerability of one image. Of those from NVD alone the vendor says less than the score does."""
    identity_, package, kind, version, fixed, severity, letters, score = FOUND[place]
    effective = "LOW" if identity_ == "CVE-2026-10003" else severity
    issue = {
        "affectedCpeUri": cpe(kind), "affectedPackage": package, "affectedVersion": said(version), "fixedVersion": said(fixed), "packageType": kind,
        "fixAvailable": fixed is not None, "effectiveSeverity": effective, "fixedCpeUri": cpe(kind), "fixedPackage": package,
    }
    if kind != "OS":
        issue["fileLocation"] = [{"filePath": f"/app/{package}"}]
    told = {
        "type": "", "severity": severity, "effectiveSeverity": effective, "cvssScore": score, "cvssv3": cvss(letters, score), "cvssVersion": "CVSS_VERSION_3",
        "packageIssue": [issue], "shortDescription": identity_, "longDescription": f"NIST vectors: {vector(letters)}", "fixAvailable": fixed is not None,
        "relatedUrls": [{"url": f"https://security-tracker.debian.org/tracker/{identity_}", "label": "More Info"}],
    }
    if number == 0:
        told["vexAssessment"] = {
            "vulnerabilityId": identity_, "noteName": f"projects/{project.id}/notes/vex-0", "state": "NOT_AFFECTED",
            "justification": {"justificationType": "VULNERABLE_CODE_NOT_IN_EXECUTE_PATH"},
        }
    occurrence(project, f"finding {number}", {
        "kind": "VULNERABILITY", "resourceUri": uri, "noteName": f"projects/goog-vulnz/notes/{identity_}", "vulnerability": told,
    })


def beside(project, uri):
    """The bill of materials, the attestation and the assessment of one image."""
    digest = uri.partition("@sha256:")[2]
    occurrence(project, "sbom", {
        "kind": "SBOM_REFERENCE", "resourceUri": uri, "noteName": f"projects/{project.id}/notes/sbom-spdx",
        "sbomReference": {"payloadType": "application/vnd.in-toto+json", "payload": {
            "type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://bcid.corp.google.com/reference/v0.1",
            "subject": [{"name": uri, "digest": {"sha256": digest}}],
            "predicate": {
                "referrerId": "https://containeranalysis.googleapis.com/ArtifactAnalysis@v0.1", "mimeType": "application/spdx+json",
                "location": f"gs://artifactanalysis-{project.id}/sbom/{digest}.json", "digest": {"sha256": digest},
            },
        }},
    })
    payload = json.dumps({"critical": {
        "identity": {"docker-reference": uri.partition("@")[0]}, "image": {"docker-manifest-digest": "sha256:" + digest},
        "type": "Google cloud binauthz container signature",
    }})
    occurrence(project, "attestation", {
        "kind": "ATTESTATION", "resourceUri": uri, "noteName": f"projects/{project.id}/notes/built-by-us",
        "attestation": {"serializedPayload": base64(payload), "signatures": [
            {"signature": base64("not a signature"), "publicKeyId": "//cloudkms.googleapis.com/v1/projects/keys"},
        ]},
    })
    note(project, f"projects/{project.id}/notes/vex-0", {
        "kind": "VULNERABILITY_ASSESSMENT", "vulnerabilityAssessment": {
            "title": "Assessment of " + FOUND[0][0], "shortDescription": "Not reachable", "languageCode": "en-US",
            "publisher": {"name": "Example", "publisherNamespace": "https://example.com"},
            "product": {"name": "web", "id": "web", "genericUri": uri},
            "assessment": {"vulnerabilityId": FOUND[0][0], "state": "NOT_AFFECTED", "justification": {
                "justificationType": "VULNERABLE_CODE_NOT_IN_EXECUTE_PATH", "details": "The code is not called.",
            }},
        },
    })


def base64(text):
    return b64encode(text.encode()).decode()
