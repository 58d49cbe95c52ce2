"""ECR's reads, over the repositories that moto keeps: moto ignores paging here and invents digests.
Refuses page sizes, tokens and combinations that ECR refuses; leaves every write to moto."""

import json
import re

from moto.ecr import models
from moto.ecr.models import ecr_backends

import images
from wire import Refusal, json_answer

ASKED_AT_ONCE = 100
MOST = 1000
USUAL = 100
# What moto answers as well, but for the paging.
MOTO_LISTS = ("DescribeRepositories", "DescribeImages")
INDEXES = (images.OCI["index"], images.DOCKER["index"])


def digest_truly(image):
    """moto's `Image._create_digest`, but the digest is that of the manifest's bytes."""
    image._image_digest = images.sha256(image.image_manifest)


models.Image._create_digest = digest_truly


def detail(image):
    """One entry of DescribeImages as JSON text; kept until its tags change."""
    known = getattr(image, "_written", None)
    tags = tuple(image.image_tags)
    if known and known[0] == tags:
        return known[1]
    entry = {"registryId": image.registry_id, "repositoryName": image.repository_name, "imageDigest": image.image_digest}
    if tags:
        entry["imageTags"] = list(tags)
    size = getattr(image, "pull_size", None) or image.get_image_size_in_bytes()
    if size is not None:
        entry["imageSizeInBytes"] = size
    entry["imagePushedAt"] = image.image_pushed_at
    entry["imageManifestMediaType"] = image.image_manifest_media_type
    artifact = getattr(image, "artifact", None)
    if artifact:
        entry["artifactMediaType"] = artifact
    subject = getattr(image, "subject", None)
    if subject:
        entry["subjectManifestDigest"] = subject
    pulled = getattr(image, "pulled_at", None)
    if pulled:
        entry["lastRecordedPullTime"] = pulled
    entry["imageStatus"] = "ACTIVE"
    text = json.dumps(entry, separators=(",", ":"))
    image._written = (tags, text)
    return text


class Ecr:
    """Answers the reads of one emulator."""

    def __init__(self, estate, pages, faults):
        self.estate, self.pages, self.faults = estate, pages, faults
        self.reads = {
            "DescribeRepositories": self.describe_repositories,
            "ListImages": self.list_images,
            "DescribeImages": self.describe_images,
            "BatchGetImage": self.batch_get_image,
            "GetDownloadUrlForLayer": self.get_download_url_for_layer,
        }

    def answer(self, call):
        """The answer, or None where moto answers."""
        if self.estate.plan.moto_lists and call.action in MOTO_LISTS:
            return None
        read = self.reads.get(call.action)
        return read(call) if read else None

    def backend(self, call):
        return ecr_backends[call.account][call.region]

    def repository(self, call):
        name = call.params.get("repositoryName", "")
        found = self.backend(call).repositories.get(name)
        registry = call.params.get("registryId", call.account)
        if found is None or registry != call.account:
            raise Refusal(
                "RepositoryNotFoundException",
                f"The repository with name '{name}' does not exist in the registry with id '{registry}'",
            )
        return found

    def paged(self, call, subject, rows, member, write):
        """One page as JSON text: `write` makes the text of one row."""
        params = call.params
        size = params.get("maxResults", USUAL)
        if not isinstance(size, int) or not 1 <= size <= MOST:
            raise Refusal(
                "InvalidParameterException",
                f"Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must be between 1 and {MOST}'",
            )
        repeat = self.faults.repeats(call)
        subject = (call.account, call.region, call.action, *subject)
        page = self.pages.cut(subject, rows, params.get("nextToken"), size, repeat)
        if page is None:
            raise Refusal("InvalidParameterException", "Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid token'")
        listed, following = page
        text = f'{{"{member}":[' + ",".join(map(write, listed)) + "]"
        text += f',"nextToken":"{following}"}}' if following else "}"
        return json_answer(text)

    def describe_repositories(self, call):
        names = call.params.get("repositoryNames")
        known = self.backend(call).repositories
        if names and (len(names) > ASKED_AT_ONCE or "maxResults" in call.params or "nextToken" in call.params):
            raise Refusal("InvalidParameterException", "Invalid parameter: 'repositoryNames' names at most 100 and is not paged")
        for name in names or []:
            if name not in known:
                raise Refusal(
                    "RepositoryNotFoundException",
                    f"The repository with name '{name}' does not exist in the registry with id '{call.account}'",
                )
        rows = (lambda: [known[name] for name in names]) if names else (lambda: list(known.values()))
        return self.paged(call, (), rows, "repositories", write_repository)

    def visible(self, call, repository):
        """The images that a filter leaves."""
        status = call.params.get("filter", {}).get("tagStatus", "ANY")
        listed = list(repository.images)
        if status == "TAGGED":
            return [image for image in listed if image.image_tags]
        if status == "UNTAGGED":
            return [image for image in listed if not image.image_tags]
        return listed

    def list_images(self, call):
        repository = self.repository(call)
        subject = (repository.name, json.dumps(call.params.get("filter", {})))
        rows = lambda: [(image.image_digest, tag) for image in self.visible(call, repository) for tag in image.image_tags or [None]]
        return self.paged(call, subject, rows, "imageIds", write_id)

    def describe_images(self, call):
        repository = self.repository(call)
        wanted = call.params.get("imageIds")
        if wanted:
            if "maxResults" in call.params or "nextToken" in call.params:
                raise Refusal("InvalidParameterException", "Invalid parameter: 'maxResults' and 'nextToken' are not used with 'imageIds'")
            found = [self.named(call, repository, name) for name in self.at_most(wanted)]
            return json_answer('{"imageDetails":[' + ",".join(map(detail, dict.fromkeys(found))) + "]}")
        subject = (repository.name, json.dumps(call.params.get("filter", {})))
        gone = self.faults.vanished(call, repository)
        rows = lambda: [image for image in self.visible(call, repository) if image.image_digest not in gone]
        return self.paged(call, subject, rows, "imageDetails", detail)

    def at_most(self, wanted):
        if len(wanted) > ASKED_AT_ONCE:
            raise Refusal(
                "InvalidParameterException",
                f"Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have length less than or equal to {ASKED_AT_ONCE}'",
            )
        return wanted

    def find(self, repository, name):
        """The image of an image id, by digest, tag or both."""
        digest, tag = name.get("imageDigest"), name.get("imageTag")
        if digest is not None:
            image = by_digest(repository).get(digest)
            return image if image is not None and (tag is None or tag in image.image_tags) else None
        return next((image for image in repository.images if tag in image.image_tags), None)

    def named(self, call, repository, name):
        image = self.find(repository, name)
        if image is None or image.image_digest in self.faults.vanished(call, repository):
            digest, tag = name.get("imageDigest", "null"), name.get("imageTag", "null")
            raise Refusal(
                "ImageNotFoundException",
                f"The image with imageId {{imageDigest:'{digest}', imageTag:'{tag}'}} does not exist within the "
                f"repository with name '{repository.name}' in the registry with id '{call.account}'",
            )
        return image

    def batch_get_image(self, call):
        repository = self.repository(call)
        found, failures = [], []
        gone = self.faults.vanished(call, repository)
        for name in self.at_most(call.params.get("imageIds", [])):
            if not re.fullmatch(r"sha256:[0-9a-f]{64}", name.get("imageDigest", "sha256:" + "0" * 64)):
                failures.append({"imageId": name, "failureCode": "InvalidImageDigest", "failureReason": "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'"})
                continue
            image = self.find(repository, name)
            if image is None or image.image_digest in gone:
                failures.append({"imageId": name, "failureCode": "ImageNotFound", "failureReason": "Requested image not found"})
                continue
            # Without a tag in the question, ECR answers an entry for each tag of the digest.
            for tag in [name["imageTag"]] if "imageTag" in name else image.image_tags or [None]:
                identity = {"imageDigest": image.image_digest, **({"imageTag": tag} if tag else {})}
                found.append({
                    "registryId": call.account, "repositoryName": repository.name, "imageId": identity,
                    "imageManifest": image.image_manifest, "imageManifestMediaType": image.image_manifest_media_type,
                })
        return json_answer(json.dumps({"images": found, "failures": failures}))

    def get_download_url_for_layer(self, call):
        self.repository(call)
        digest = call.params.get("layerDigest", "")
        if digest not in self.estate.blobs:
            raise Refusal("LayersNotFoundException", f"The layer with digest '{digest}' does not exist")
        address = f"http://{call.headers.get('host', '127.0.0.1')}/_layers/{digest}"
        return json_answer(json.dumps({"downloadUrl": address, "layerDigest": digest}))


def by_digest(repository):
    """The images of a repository by digest; rebuilt when their number changes."""
    known = getattr(repository, "_by_digest", None)
    listed = repository.images
    if known is None or known[0] != (id(listed), len(listed), listed[-1] if listed else None):
        known = ((id(listed), len(listed), listed[-1] if listed else None), {image.image_digest: image for image in listed})
        repository._by_digest = known
    return known[1]


def write_id(row):
    digest, tag = row
    return f'{{"imageDigest":"{digest}"' + (f',"imageTag":{json.dumps(tag)}}}' if tag else "}")


def write_repository(repository):
    mutability = repository.image_tag_mutability
    return json.dumps({
        "repositoryArn": repository.arn, "registryId": repository.registry_id, "repositoryName": repository.name,
        "repositoryUri": repository.uri, "createdAt": repository.created_at.timestamp(),
        "imageTagMutability": getattr(mutability, "value", mutability),
        "imageScanningConfiguration": repository.image_scanning_configuration,
        "encryptionConfiguration": repository.encryption_configuration,
    })
