"""Checks of the vendors' own APIs: signing in, lists page by page, and that what they tell of images is what their
registries hold. Refuses to know how they do it."""

import json
from urllib.parse import quote

from checking import same
from plain import ask, basic
from selfcheck_registry import holds

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def walked(emulator, site, target, limit=100, **more):
    """Answers of all pages of a list, by the links of the Link header."""
    found = []
    while target and len(found) < limit:
        found.append(emulator.api(site, target, **more))
        target = found[-1].link()
    return found


def rows(answers):
    return [row for answer in answers for row in answer.json]


def visible(emulator, namespace=None):
    return sorted(name for name in emulator.told["repositories"] if not name.startswith("closed/") and (namespace is None or name.startswith(namespace + "/")))


HARBOR = "/api/v2.0"


@check
def harbor_lists_projects_and_repositories(emulator):
    same("harbor_version" in emulator.ask("harbor", HARBOR + "/systeminfo").json, False, "what Harbor tells anybody")
    holds(emulator.api("harbor", HARBOR + "/systeminfo").json["harbor_version"].startswith("v2."), "no version")
    answers = walked(emulator, "harbor", HARBOR + "/projects?page_size=2")
    same([row["name"] for row in rows(answers)], ["library", "platform", "shop", "team-a"], "projects")
    same((answers[0].headers["x-total-count"], len(answers)), ("4", 2), "their number")
    shop = next(row for row in rows(answers) if row["name"] == "shop")
    same([shop["metadata"][name] for name in ("public", "auto_scan", "prevent_vul", "severity")], ["false", "true", "true", "high"], "what a project demands")
    same([row["cve_id"] for row in shop["cve_allowlist"]["items"]], ["CVE-2011-3374"], "what it allows")
    same([row["name"] for row in emulator.ask("harbor", HARBOR + "/projects").json], ["library"], "projects for anybody")
    refused = [emulator.api("harbor", f"{HARBOR}/projects/{name}").status for name in ("closed", "none", str(shop["project_id"]))]
    same(refused, [403, 404, 200], "projects by name and number")
    same(emulator.api("harbor", HARBOR + "/projects/closed").code, "FORBIDDEN", "a closed one")
    same(emulator.ask("harbor", HARBOR + "/projects", Authorization=basic("admin", "wrong")).status, 401, "a wrong password")
    same((emulator.api("harbor", HARBOR + "/projects?page_size=101").status, emulator.api("harbor", HARBOR + "/projects?q=x=y").status), (422, 400), "what is refused")
    for name in ("shop", "platform", "team-a"):
        told = rows(walked(emulator, "harbor", f"{HARBOR}/projects/{name}/repositories?page_size=3"))
        same([row["name"] for row in told], visible(emulator, name), f"repositories of {name}")
    same(len(emulator.api("harbor", HARBOR + "/projects/shop/immutabletagrules").json), 1, "rules")
    same([emulator.api("harbor", f"{HARBOR}/labels?scope={scope}").json[0]["name"] for scope in "gp"], ["approved", "end-of-life"], "labels")


@check
def harbor_tells_artifacts(emulator):
    every = "with_tag=true&with_label=true&with_scan_overview=true&with_immutable_status=true&with_accessory=true"
    for name in visible(emulator, "shop") + visible(emulator, "platform"):
        project, _, rest = name.partition("/")
        path = f"{HARBOR}/projects/{project}/repositories/{quote(quote(rest, safe=''), safe='')}/artifacts"
        found = rows(walked(emulator, "harbor", f"{path}?page_size=5&{every}"))
        tags = {tag["name"]: row["digest"] for row in found for tag in row["tags"] or ()}
        true = [tag for tag in emulator.registry("oci", f"/v2/{name}/tags/list", name).json["tags"] if not tag.endswith(".sig")]
        same(sorted(tags), true, f"tags of {name}")
        for tag in true[:4]:
            same(emulator.manifest(name, tag, "harbor").headers["docker-content-digest"], tags[tag], f"the digest of {name}:{tag}")
    web = {tag["name"]: (row, tag) for row in rows([emulator.api("harbor", f"{HARBOR}/projects/shop/repositories/web/artifacts?page_size=50&{every}")]) for tag in row["tags"] or ()}
    row, tag = web["latest"]
    same((tag["immutable"], web["1.0.0"][1]["immutable"], [label["name"] for label in row["labels"]]), (False, True, ["approved"]), "a tag, and a label")
    same([one["type"] for one in row["accessories"]], ["signature.cosign"], "what lies beside it")
    same([(one["platform"]["architecture"], one["platform"].get("variant")) for one in row["references"]][:2], [("amd64", None), ("arm64", "v8")], "its platforms")
    bare = emulator.api("harbor", f"{HARBOR}/projects/shop/repositories/web/artifacts/latest").json
    same((bare["labels"], bare["accessories"], "scan_overview" in bare), (None, None, False), "what was not asked for")
    same(len(emulator.api("harbor", f"{HARBOR}/projects/shop/repositories/web/artifacts/latest/accessories").json), 1, "accessories")


@check
def harbor_reports_what_it_found(emulator):
    kind, seen = "application/vnd.security.vulnerability.report; version=1.1", set()
    for name in visible(emulator, "shop"):
        path = f"{HARBOR}/projects/shop/repositories/{name[5:]}/artifacts"
        digests = [one["child_digest"] for row in emulator.api("harbor", path + "?page_size=50").json for one in row["references"] or ()]
        for digest in digests:
            row = emulator.api("harbor", f"{path}/{digest}?with_scan_overview=true").json
            report = emulator.api("harbor", f"{path}/{digest}/additions/vulnerabilities", X_Accept_Vulnerabilities=kind).json
            overview = row.get("scan_overview", {}).get(kind, {"scan_status": "none"})
            seen.add(overview["scan_status"])
            if overview["scan_status"] == "Success":
                found = report[kind]["vulnerabilities"]
                same((len(found), sum(overview["summary"]["summary"].values())), (overview["summary"]["total"],) * 2, f"findings in {digest}")
                same(all(one["artifact_digests"] == [digest] for one in found), True, "whose they are")
            else:
                same(report, {}, "the report of what was not scanned")
    holds("Success" in seen, "nothing was scanned")
    refused = emulator.api("harbor", f"{HARBOR}/projects/team-a/repositories/foreign/artifacts/chart/additions/vulnerabilities")
    same((refused.status, refused.code), (400, "BAD_REQUEST"), "the report of a chart")
    same(emulator.api("harbor", f"{HARBOR}/projects/shop/repositories/web/artifacts/none").code, "NOT_FOUND", "an artifact that is none")


@check
def quay_lists_repositories_and_tags(emulator):
    same(emulator.api("quay", "/api/v1/repository").status, 400, "a list of everything")
    names, token = [], ""
    emulator.set(page_cap=2)
    while token is not None:
        told = emulator.api("quay", f"/api/v1/repository?namespace=shop&last_modified=true{token and '&next_page=' + token}").json
        names, token = names + [f"{row['namespace']}/{row['name']}" for row in told["repositories"]], told.get("next_page")
    same(names, visible(emulator, "shop"), "repositories")
    emulator.set(page_cap=None)
    same([row["name"] for row in emulator.ask("quay", "/api/v1/repository?public=true").json["repositories"]], ["debian"], "public ones")
    same(emulator.api("quay", "/api/v1/repository?namespace=closed").json["repositories"], [], "a closed namespace")
    same([emulator.api("quay", f"/api/v1/organization/{name}").status for name in ("shop", "closed", "none")], [200, 404, 404], "organisations")
    holds("shop" in [row["name"] for row in emulator.api("quay", "/api/v1/user/").json["organizations"]], "no organisation")
    same(emulator.ask("quay", "/api/v1/repository?public=true", Authorization="Bearer wrong").status, 401, "a wrong token")
    same(emulator.api("quay", "/api/v1/repository/closed/vault/tag/").json["error_type"], "insufficient_scope", "tags of what is closed")
    for name in ("shop/web", "platform/many-tags", "platform/deep/path/of/names/service"):
        found, page, more = {}, 1, True
        while more:
            told = emulator.api("quay", f"/api/v1/repository/{name}/tag/?onlyActiveTags=true&limit=20&page={page}").json
            found.update({row["name"]: row["manifest_digest"] for row in told["tags"]})
            page, more = page + 1, told["has_additional"]
        same(sorted(found), emulator.registry("oci", f"/v2/{name}/tags/list", name).json["tags"], f"tags of {name}")
        same(emulator.manifest(name, "latest", "quay").headers["docker-content-digest"], found["latest"], "the digest of a tag")
    past = [row for row in emulator.api("quay", "/api/v1/repository/shop/web/tag/").json["tags"] if "end_ts" in row]
    same([row["name"] for row in past], ["rc"], "tags that are no more")


@check
def quay_tells_what_clair_found(emulator):
    seen = {}
    for name in visible(emulator):
        for row in emulator.api("quay", f"/api/v1/repository/{name}/tag/?onlyActiveTags=true&limit=100").json["tags"]:
            index = emulator.manifest(name, row["manifest_digest"]).json if row["is_manifest_list"] and name not in ("team-a/loop",) else {}
            for digest in (row["manifest_digest"], *(one["digest"] for one in index.get("manifests", ()))):
                answer = emulator.api("quay", f"/api/v1/repository/{name}/manifest/{digest}/security?vulnerabilities=true")
                if answer.status == 200:
                    seen.setdefault(answer.json["status"], []).append((name, digest, answer.json["data"]))
    same({"scanned", "queued", "unsupported"} <= set(seen), True, f"states of scans among {sorted(seen)}")
    holds(all(data is None for _, _, data in seen["queued"] + seen["unsupported"]), "what was not scanned has data")
    name, digest, data = max(seen["scanned"], key=lambda one: len(one[2]["Layer"]["Features"]))
    same(data["Layer"]["Name"], digest, "what was scanned")
    holds([one for feature in data["Layer"]["Features"] for one in feature["Vulnerabilities"]], "nothing was found")
    fewer = emulator.api("quay", f"/api/v1/repository/{name}/manifest/{digest}/security").json["data"]["Layer"]["Features"]
    same([feature["Vulnerabilities"] for feature in fewer], [[]] * len(fewer), "packages alone")


@check
def docker_hub_lists_images_of_tags(emulator):
    name, secret = emulator.account("hub")
    same("access_token" in emulator.ask("hub", "/v2/auth/token", "POST", {"identifier": name, "secret": secret}).json, True, "a token")
    same(emulator.ask("hub", "/v2/users/login", "POST", {"username": name, "password": "wrong"}).status, 401, "a wrong password")

    def results(target):
        found = []
        while target:
            answer = emulator.api("hub", target.removeprefix(emulator.addresses["hub"])).json
            found, target = found + answer["results"], answer["next"]
        same(len(found), answer["count"], "the number that is told")
        return found

    names = [f"{row['namespace']}/{row['name']}" for row in results("/v2/namespaces/shop/repositories?page_size=4")]
    same(names, visible(emulator, "shop"), "repositories")
    same([emulator.api("hub", f"/v2/namespaces/{one}/repositories").status for one in ("closed", "none")], [404, 404], "namespaces that are not shown")
    same((emulator.ask("hub", "/v2/namespaces/library/repositories").json["count"], emulator.ask("hub", "/v2/namespaces/shop/repositories").status), (1, 404), "without a token")
    tags = {row["name"]: row for row in results("/v2/namespaces/shop/repositories/web/tags?page_size=2")}
    images = tags["latest"]["images"]
    same([(one["os"], one["architecture"], one["variant"]) for one in images], [("linux", "amd64", None), ("linux", "arm64", "v8"), ("unknown", "unknown", None), ("unknown", "unknown", None)], "images of a tag")
    held = emulator.manifest("shop/web", "latest", "hub_registry")
    same((held.headers["docker-content-digest"], [one["digest"] for one in held.json["manifests"]]), (tags["latest"]["digest"], [one["digest"] for one in images]), "their digests")
    same(emulator.api("hub", "/v2/repositories/shop/web/tags/latest/").json["digest"], tags["latest"]["digest"], "one tag")
    systems = emulator.api("hub", "/v2/namespaces/team-a/repositories/foreign/tags/systems").json["images"]
    same([one["os_version"] for one in systems][2:], ["10.0.20348.2700", "10.0.26100.2314"], "versions of systems")
    emulator.set(api_limit=1)
    emulator.ask("hub", "/v2/namespaces/library/repositories")
    answer = emulator.ask("hub", "/v2/namespaces/library/repositories")
    same((answer.status, "retry-after" in answer.headers, answer.headers["x-ratelimit-remaining"]), (429, True, "0"), "one call too many")


@check
def github_lists_packages_and_versions(emulator):
    same([emulator.ask("github", "/orgs/shop/packages?package_type=container", **more).status for more in ({}, {"Authorization": "Bearer wrong"})], [401, 401], "without a token")
    found = rows(walked(emulator, "github", "/orgs/platform/packages?package_type=container&per_page=2"))
    same([f"platform/{row['name']}" for row in found], visible(emulator, "platform"), "packages")
    holds(any("repository" not in row for row in found) or len(found) < 3, "each package belongs to a repository")
    same([emulator.api("github", f"/orgs/{name}/packages?package_type=container").status for name in ("closed", "none")], [404, 404], "organisations that are not shown")
    same(emulator.api("github", "/orgs/shop/packages").status, 400, "without a type")
    same(emulator.api("github", "/orgs/shop/packages?package_type=container", X_GitHub_Api_Version="1999-01-01").status, 400, "an old version of the API")
    for name in visible(emulator, "platform"):
        path = f"/orgs/platform/packages/container/{quote(name.partition('/')[2], safe='')}"
        versions = rows(walked(emulator, "github", path + "/versions?per_page=2"))
        tags = {tag: row["name"] for row in versions for tag in row["metadata"]["container"]["tags"]}
        same(sorted(tags), sorted(emulator.registry("ghcr", f"/v2/{name}/tags/list", name).json["tags"]), f"tags of {name}")
        same(emulator.manifest(name, "latest" if "latest" in tags else "12", "ghcr").headers["docker-content-digest"], tags.get("latest", tags.get("12")), "a version is called by its digest")
        same((emulator.api("github", path).json["version_count"], emulator.api("github", f"{path}/versions/{versions[0]['id']}").json["name"]), (len(versions), versions[0]["name"]), "one version")
    answer = walked(emulator, "github", "/orgs/shop/packages?package_type=container&per_page=2")[1]
    same([answer.link(name) is not None for name in ("prev", "next", "first", "last")], [True] * 4, "links of a page in the middle")
    emulator.set(api_limit=1)
    limited = [emulator.api("github", "/orgs/shop/packages?package_type=container") for _ in range(2)][1]
    same((limited.status, limited.headers["x-ratelimit-remaining"], limited.headers["x-ratelimit-reset"].isdigit()), (403, "0", True), "one call too many")


API = "/api/v4"


@check
def gitlab_lists_projects_and_repositories(emulator):
    same((emulator.ask("gitlab", API + "/version").status, emulator.ask("gitlab", API + "/projects", PRIVATE_TOKEN="wrong").json), (401, {"message": "401 Unauthorized"}), "without a token")
    by_number = rows(walked(emulator, "gitlab", API + "/projects?per_page=5"))
    by_key = rows(walked(emulator, "gitlab", API + "/projects?per_page=5&pagination=keyset&order_by=id"))
    same([row["id"] for row in by_number], [row["id"] for row in by_key], "projects by number and by key")
    holds(all(not row["path_with_namespace"].startswith("closed/") for row in by_number), "a closed project is shown")
    same([emulator.api("gitlab", f"{API}/groups/{name}/projects").status for name in ("shop", "closed", "none")], [200, 404, 404], "groups")
    found = rows(walked(emulator, "gitlab", API + "/groups/platform/registry/repositories?per_page=1"))
    same([row["path"] for row in found], visible(emulator, "platform"), "repositories of a group")
    same(emulator.api("gitlab", API + "/groups/platform/registry/repositories?tags_count=true").status, 400, "counts for a group")
    deep = emulator.api("gitlab", API + "/projects/platform%2Fdeep/registry/repositories?tags_count=true").json
    same([(row["name"], row["path"], row["tags_count"]) for row in deep], [("path/of/names/service", "platform/deep/path/of/names/service", 2)], "a repository beneath a project")
    same(emulator.api("gitlab", f"{API}/registry/repositories/{deep[0]['id']}?tags_count=true&size=true").json["tags_count"], 2, "a repository by number")


@check
def gitlab_tells_tags_and_reports(emulator):
    many = emulator.api("gitlab", API + "/projects/platform%2Fmany-tags/registry/repositories").json[0]
    path = f"{API}/projects/platform%2Fmany-tags/registry/repositories/{many['id']}/tags"
    pages = walked(emulator, "gitlab", path + "?per_page=50")
    same([page.headers["x-next-page"] for page in pages], ["2", "3", "4", ""], "pages by number")
    keyed = walked(emulator, "gitlab", path + "?per_page=50&pagination=keyset")
    same((rows(pages) == rows(keyed), len(rows(pages)), "x-next-page" in keyed[0].headers), (True, 151, False), "pages by key")
    one = emulator.api("gitlab", path + "/latest").json
    held = emulator.manifest("platform/many-tags", "latest", "gitlab_registry")
    same((one["digest"], one["revision"], one["short_revision"]), (held.headers["docker-content-digest"], held.json["config"]["digest"][7:], one["revision"][:9]), "a tag")
    same(one["location"].startswith(emulator.addresses["gitlab_registry"].removeprefix("http://")), True, "where it is")
    same(emulator.api("gitlab", path + "/none").json, {"message": "404 Tag Not Found"}, "a tag that is none")
    web = emulator.api("gitlab", API + "/projects/shop%2Fweb/registry/repositories").json[0]["id"]
    same(emulator.api("gitlab", f"{API}/projects/shop%2Fweb/registry/repositories/{web}/tags/latest").json["total_size"], None, "the size of an index")
    file = "jobs/artifacts/main/raw/gl-container-scanning-report.json"
    told = {row["id"]: emulator.api("gitlab", f"{API}/projects/{row['id']}/{file}?job=container_scanning") for row in rows(walked(emulator, "gitlab", API + "/projects?per_page=100"))}
    same(sorted({answer.status for answer in told.values()}), [200, 404], "reports")
    reports = [answer.json for answer in told.values() if answer.status == 200]
    holds(any(report["vulnerabilities"] for report in reports), "nothing was found")
    same({report["scan"]["type"] for report in reports}, {"container_scanning"}, "their kind")
    same(emulator.api("gitlab", f"{API}/projects/{next(iter(told))}/{file}").status, 400, "without a job")
    emulator.set(api_limit=0)
    limited = emulator.api("gitlab", API + "/version")
    same((limited.status, limited.body, limited.headers["retry-after"]), (429, b"Retry later\n", "1"), "one call too many")


@check
def jfrog_lists_repositories_and_images(emulator):
    path = "/artifactory/api/repositories?type=local&packageType=docker"
    keys = [row["key"] for row in emulator.api("jfrog", path).json]
    same(keys, [f"{name}-docker-local" for name in ("library", "platform", "shop", "team-a")], "repositories")
    same(emulator.ask("jfrog", path, X_JFrog_Art_Api=emulator.account("jfrog")[1]).status, 200, "a key")
    same([emulator.ask("jfrog", path, **more).status for more in ({}, {"X_JFrog_Art_Api": "wrong"}, {"Authorization": basic(*emulator.account("jfrog"))})], [401, 401, 200], "other ways in")
    docker = "/artifactory/api/docker/shop-docker-local/v2"
    same([f"shop/{name}" for name in emulator.api("jfrog", docker + "/_catalog?n=100").json["repositories"]], visible(emulator, "shop"), "images")
    tags = emulator.api("jfrog", docker + "/web/tags/list").json
    same((tags["name"], "latest" in tags["tags"]), ("web", True), "tags")
    same(emulator.api("jfrog", docker + "/web/manifests/latest").digest, emulator.manifest("shop/web", "latest").digest, "a manifest")
    same(emulator.api("jfrog", "/artifactory/api/docker/closed-docker-local/v2/vault/tags/list").status, 403, "a closed one")

    def aql(text):
        return emulator.api("jfrog", "/artifactory/api/search/aql", method="POST", body=text)

    query = 'items.find({"repo":"shop-docker-local","$or":[{"name":"manifest.json"},{"name":"list.manifest.json"}]}).include("repo","path","name","sha256","modified","property").sort({"$asc":["path"]})'
    whole = aql(query).json
    same((whole["range"]["total"], "properties" in whole["results"][0]), (len(whole["results"]), True), "a query")
    paged = [row for start in range(0, 200, 7) for row in aql(f"{query}.offset({start}).limit(7)").json["results"]]
    same(paged, whole["results"], "the same in pages")
    same(len(aql('items.find({"path":{"$match":"web/*"}})').json["results"]) >= 4, True, "a pattern")
    for wrong in ("builds.find({})", 'items.find({"stat.downloads":{"$gt":"1"}})', 'items.find({"repo":{"$nmatch":"x"}})', "items.find({", 'items.find({}).include("artifact")'):
        same(aql(wrong).status, 400, f"the query {wrong}")


@check
def xray_tells_issues_and_licences(emulator):
    def summary(body, version="v1"):
        return emulator.api("jfrog", f"/xray/api/{version}/summary/artifact", method="POST", body=json.dumps(body))

    found = emulator.api("jfrog", "/artifactory/api/search/aql", method="POST", body='items.find({"name":"manifest.json"}).include("repo","path","name","sha256")').json["results"]
    paths = [f"default/{row['repo']}/{row['path']}/{row['name']}" for row in found]
    told = summary({"paths": paths}).json
    same(len(told["artifacts"]) + len(told["errors"]), len(paths), "what was asked for")
    issues = [issue for one in told["artifacts"] for issue in one["issues"]]
    holds(issues and any(one["licenses"] for one in told["artifacts"]), "nothing was found")
    holds({"issue_id", "summary", "severity", "cves", "components", "impact_path"} <= set(issues[0]), "an issue lacks members")
    by_sum = summary({"checksums": [one["general"]["sha256"] for one in told["artifacts"][:3]]}, "v2").json
    same([one["issues"] for one in by_sum["artifacts"]], [one["issues"] for one in told["artifacts"][:3]], "the same by checksum")
    same((summary({}).status, summary({"paths": ["default/none"]}).json["errors"][0]["identifier"]), (400, "default/none"), "what is none")
    same(ask(emulator.addresses["jfrog"], "POST", "/xray/api/v1/summary/artifact", "{}").status, 401, "without a token")
