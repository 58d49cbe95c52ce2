"""Names and words that mean harm to whoever shows, stores or follows them: markup, formulas, control characters, paths
and lengths. Refuses to be valid: registries would take few of these names, and anybody can run what is no registry."""

from contents import image, index

MARKUP = '<script>alert("x")</script><img src=x onerror=alert(1)>'
FORMULAS = ("=HYPERLINK(\"http://example.com\",\"open\")", "+1+1", "-1+1", "@SUM(A1:A9)", "=cmd|' /C calc'!A0")
CONTROLS = "bell\x07 escape\x1b[31mred\x1b[0m null\x00 tab\t line\r\nX-Injected: yes"
REVERSED = "invoice\u202egnp.exe\u2066 \ufeffzero\u200bwidth"
LONG = "very-long-" * 2000
TEMPLATES = "{{7*7}} ${jndi:ldap://example.com/a} %n%s $(id) `id` '; DROP TABLE images; --"
WORDS = {
    "markup": MARKUP, "formula": FORMULAS[0], "more-formulas": " ".join(FORMULAS), "controls": CONTROLS, "reversed": REVERSED, "long": LONG,
    "templates": TEMPLATES, "path": "../../../../etc/passwd", "link": "javascript:alert(1)", "file": "file:///etc/passwd", "inside": "http://169.254.169.254/latest/meta-data/",
    MARKUP: "a name that is markup", "": "a name that is nothing", LONG: "a name that is long",
}
NAMES = (
    "hostile/../../etc/passwd", "hostile/..%2f..%2fetc", "hostile/<script>alert(1)</script>", "hostile/=cmd", "hostile/" + "long" * 300, "hostile/UPPER_case",
    "hostile/with space", "hostile/новый", "hostile/a//b", "hostile/quote\"'`", "hostile/percent%00null", "hostile/question?x=1#y", "hostile/reversed\u202egnp",
)
TAGS = ("<b>bold</b>", "../up", "=1+1", "t" * 1000, "new\nline", "sp ace", "per%2fcent", "käse", "semi;colon", "sha256-short", "latest")


def lay(estate):
    """A repository whose images say such things, and repositories that are called so."""
    repository = estate.add("hostile/words", MARKUP + " " + FORMULAS[0] + CONTROLS + REVERSED)
    base = {"org.opencontainers.image.base.name": MARKUP, "org.opencontainers.image.base.digest": "sha256:../../etc/passwd"}
    settings = {"User": "root; rm -rf /", "Entrypoint": [MARKUP, CONTROLS], "ExposedPorts": {"99999/tcp": {}, "-1/udp": {}, MARKUP: {}, "80": {}},
                "Env": ["PASSWORD=hunter2", "=nothing", CONTROLS], "Volumes": {"../../etc": {}}}
    history = [{"created": "not a time", "created_by": MARKUP + LONG, "comment": CONTROLS}]
    labels = {**WORDS, "org.opencontainers.image.source": "javascript:alert(document.cookie)", "org.opencontainers.image.url": "http://user:word@169.254.169.254/"}
    one = image(repository, labels=labels, annotations={**WORDS, **base}, settings=settings, history=history, author=MARKUP, created="31 November")
    other = image(repository, platform=f"{MARKUP.replace('/', '')}/../..{LONG[:300]}", labels=labels, version="2.0.0")
    index(repository, [one, other], ["words"], annotations=WORDS)
    for tag in TAGS:
        repository.tags[tag] = one
    for number, name in enumerate(NAMES):
        image(estate.add(name, f"Called {name}"), ["latest"], day=number)
