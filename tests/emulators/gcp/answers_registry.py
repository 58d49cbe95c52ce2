"""Artifact Registry: repositories, images and what they are made of as its API tells them. Refuses `locations/-`,
orders and filters that it would have to ignore."""

import json
from urllib.parse import quote

import filters
from answers import answers, lists
from google.cloud.artifactregistry_v1 import types as wrapped
from google.cloud.location import locations_pb2
from google.iam.v1 import policy_pb2
from google.protobuf.timestamp_pb2 import Timestamp
from replies import Refusal, Row, not_found

DockerImage, ImageManifest, Package, Version, Tag = (
    kind.pb() for kind in (wrapped.DockerImage, wrapped.ImageManifest, wrapped.Package, wrapped.Version, wrapped.Tag)
)


def image_row(repository, image):
    """An image as ListDockerImages tells it."""
    message = DockerImage(
        name=f"{repository.name}/dockerImages/{quote(image.package, safe='')}@{image.digest}",
        uri=repository.uri(image.package, image.digest), tags=image.tags, image_size_bytes=image.size, media_type=image.media,
        upload_time={"seconds": image.uploaded}, update_time={"seconds": image.uploaded},
    )
    if image.recipe[0] == "text":
        message.artifact_type = json.loads(image.recipe[1]).get("artifactType", "")
    elif not image.children:
        message.build_time.seconds = image.uploaded - 600
    for digest, media, architecture in image.children:
        system = "linux" if architecture != "unknown" else "unknown"
        message.image_manifests.append(ImageManifest(digest=digest, media_type=media, architecture=architecture, os=system))
    return Row(message)


def repository_of(call, shim):
    """The repository that a call is in."""
    name = "/".join(call.resource.split("/")[:6])
    known = shim.estate.project(call.project).repositories
    name = name.replace(name.split("/")[1], call.project, 1)
    if name not in known or shim.faults.vanished(call, name):
        raise not_found(name)
    return known[name]


def package_of(call, shim):
    """The repository and the package that a call is in, with its images."""
    repository = repository_of(call, shim)
    package = call.resource.split("/")[7].replace("%2F", "/")
    if package not in repository.packages:
        raise not_found(call.resource)
    return repository, package, repository.packages[package]


def passing(call, rows, **known):
    """The rows that pass the filter of a call, in no order but their own."""
    if getattr(call.request, "order_by", ""):
        raise Refusal("INVALID_ARGUMENT", "The emulator does not know order_by.")
    text = getattr(call.request, "filter", "")
    if not text:
        return list(rows)
    passes = filters.compiled(text, {"name": lambda row: row.name, **known}, filters.like)
    return [row for row in rows if passes(row.message())]


def location_of(name):
    return locations_pb2.Location(name=name, location_id=name.rpartition("/")[2])


@lists("Locations", "ListLocations", "locations")
def list_locations(call, shim):
    return [Row(location_of(f"projects/{call.project}/locations/{location}")) for location in shim.estate.locations]


@lists("ArtifactRegistry", "ListRepositories", "repositories")
def list_repositories(call, shim):
    if call.location not in shim.estate.locations:
        raise Refusal("INVALID_ARGUMENT", f"Invalid location: {call.location}")
    known = shim.estate.project(call.project).repositories.values()
    return passing(call, [one.row for one in known if one.location == call.location])


@answers("ArtifactRegistry", "GetRepository")
def get_repository(call, shim):
    return repository_of(call, shim).row.message()


@answers("ArtifactRegistry", "GetIamPolicy")
def repository_policy(call, shim):
    name = repository_of(call, shim).name
    return shim.estate.project(call.project).policies.get(name, policy_pb2.Policy(etag=b"ACAB"))


def docker(call, shim):
    repository = repository_of(call, shim)
    if repository.row.message().format_ != wrapped.Repository.Format.DOCKER:
        raise Refusal("FAILED_PRECONDITION", f"The repository {repository.id} has a format other than DOCKER.")
    return repository


@lists("ArtifactRegistry", "ListDockerImages", "docker_images")
def list_docker_images(call, shim):
    return passing(call, docker(call, shim).rows)


@answers("ArtifactRegistry", "GetDockerImage")
def get_docker_image(call, shim):
    repository, wanted = docker(call, shim), call.resource.split("/")[7]
    package, _, digest = wanted.replace("%2F", "/").rpartition("@")
    for image in repository.packages.get(package, ()):
        if image.digest == digest:
            return image_row(repository, image).message()
    raise not_found(call.resource)


@lists("ArtifactRegistry", "ListPackages", "packages")
def list_packages(call, shim):
    repository = repository_of(call, shim)
    return passing(call, [Row(Package(
        name=f"{repository.name}/packages/{quote(package, safe='')}",
        create_time={"seconds": images[0].uploaded}, update_time={"seconds": images[-1].uploaded},
    )) for package, images in repository.packages.items()])


@lists("ArtifactRegistry", "ListVersions", "versions")
def list_versions(call, shim):
    repository, package, images = package_of(call, shim)
    full = call.request.view == wrapped.VersionView.FULL
    return passing(call, [Row(version_of(repository, package, image, full)) for image in images])


def version_of(repository, package, image, full):
    base = f"{repository.name}/packages/{quote(package, safe='')}"
    message = Version(
        name=f"{base}/versions/{image.digest}", create_time={"seconds": image.uploaded}, update_time={"seconds": image.uploaded},
    )
    message.metadata.update({
        "name": f"{repository.name}/dockerImages/{quote(package, safe='')}@{image.digest}",
        "imageSizeBytes": str(image.size), "mediaType": image.media,
    })
    if not image.children and image.recipe[0] != "text":
        message.metadata["buildTime"] = Timestamp(seconds=image.uploaded - 600).ToJsonString()
    if full:
        message.related_tags.extend(Tag(name=f"{base}/tags/{tag}", version=message.name) for tag in image.tags)
    return message


@lists("ArtifactRegistry", "ListTags", "tags")
def list_tags(call, shim):
    repository, package, images = package_of(call, shim)
    base = f"{repository.name}/packages/{quote(package, safe='')}"
    tags = [Tag(name=f"{base}/tags/{tag}", version=f"{base}/versions/{image.digest}") for image in images for tag in image.tags]
    return passing(call, map(Row, tags), version=lambda row: row.version)


@lists("ArtifactRegistry", "ListAttachments", "attachments")
def list_attachments(call, shim):
    about = {"target": lambda row: row.target, "type": lambda row: row.type_, "attachment_namespace": lambda row: row.attachment_namespace}
    return passing(call, repository_of(call, shim).attachments, **about)
