"""The part of Kusto's query language that an inventory asks Resource Graph in: where, extend, project, project-away,
order by, take, count, distinct, summarize count(). Refuses all else by name, for a filter that is passed over in
silence would be a lie."""

import re
from datetime import datetime, timedelta, timezone

TOKEN = re.compile(r"""
    (?P<space>\s+|//[^\n]*) | @"(?P<raw>[^"]*)" | @'(?P<raw1>[^']*)' | "(?P<text>(?:\\.|[^"\\])*)" | '(?P<text1>(?:\\.|[^'\\])*)'
  | (?P<span>\d+[smhd]\b) | (?P<number>\d+(?:\.\d+)?) | (?P<word>!?[A-Za-z_$][\w-]*~?) | (?P<sign>==|=~|!=|!~|<=|>=|[<>=|(),.\[\]*-])
""", re.VERBOSE)
ORDER = {
    "<": lambda left, right: left < right, "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right, ">=": lambda left, right: left >= right,
}
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Unknown(Exception):
    """What this part of the language does not have."""


def tokens(text):
    found, place = [], 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise Unknown(f"character '{text[place]}'")
        place, kind = match.end(), match.lastgroup
        if kind == "space":
            continue
        value = match[kind]
        if kind.startswith("text"):
            value = re.sub(r"\\(.)", r"\1", value)
        found.append(("text" if kind.startswith(("text", "raw")) else kind, value))
    return found


class Query:
    """One query, read token by token; each step takes rows and gives rows."""

    def __init__(self, text, now):
        self.tokens, self.place, self.now = tokens(text), 0, now
        self.table = self.take("word").lower()
        # Whether the answer can be cut into pages at all.
        self.paged, self.steps = True, []
        while self.place < len(self.tokens):
            self.sign("|")
            self.steps.append(self.step())

    def rows(self, rows):
        for step in self.steps:
            rows = step(rows)
        return list(rows)

    def peek(self):
        return self.tokens[self.place] if self.place < len(self.tokens) else (None, None)

    def take(self, kind):
        found, value = self.peek()
        if found != kind:
            raise Unknown(f"'{value}' where a {kind} is due")
        self.place += 1
        return value

    def sign(self, wanted):
        if self.peek() != ("sign", wanted):
            raise Unknown(f"'{self.peek()[1]}' where '{wanted}' is due")
        self.place += 1

    def has(self, *values):
        """Takes the next token if it is one of these words or signs."""
        kind, value = self.peek()
        if kind in ("word", "sign") and value.lower() in values:
            self.place += 1
            return value.lower()
        return None

    def step(self):
        name = self.take("word").lower()
        method = getattr(self, "step_" + name.replace("-", "_"), None)
        if method is None:
            raise Unknown(f"operator '{name}'")
        return method()

    def step_where(self):
        condition = self.either()
        return lambda rows: [row for row in rows if condition(row)]

    def columns(self):
        """`name`, or `name = expression`, several of them."""
        found = []
        while True:
            start = self.place
            if self.peek()[0] == "word" and self.tokens[self.place + 1 : self.place + 2] == [("sign", "=")]:
                name = self.take("word")
                self.sign("=")
                found.append((name, self.either()))
            else:
                value = self.either()
                words = [word for kind, word in self.tokens[start : self.place] if kind == "word"]
                found.append(("_".join(words), value))
            if not self.has(","):
                return found

    def step_extend(self):
        columns = self.columns()

        def extended(row):
            row = dict(row)
            for name, value in columns:
                row[name] = value(row)
            return row

        return lambda rows: map(extended, rows)

    def step_project(self):
        columns = self.columns()
        return lambda rows: ({name: value(row) for name, value in columns} for row in rows)

    def step_project_away(self):
        names = {name for name, _ in self.columns()}
        return lambda rows: ({name: value for name, value in row.items() if name not in names} for row in rows)

    def step_distinct(self):
        columns = self.columns()
        return lambda rows: list({repr(row): row for row in ({name: value(row) for name, value in columns} for row in rows)}.values())

    def step_order(self):
        if not self.has("by"):
            raise Unknown("order without by")
        keys = []
        while True:
            value = self.either()
            keys.append((value, self.has("asc", "desc") != "asc"))
            if not self.has(","):
                break

        def ordered(rows):
            rows = list(rows)
            for value, backwards in reversed(keys):
                rows.sort(key=lambda row: (value(row) is not None, folded(value(row))), reverse=backwards)
            return rows

        return ordered

    step_sort = step_order

    def step_take(self):
        count, self.paged = int(self.take("number")), False
        return lambda rows: list(rows)[:count]

    step_limit = step_take

    def step_count(self):
        return lambda rows: [{"Count": sum(1 for _ in rows)}]

    def step_summarize(self):
        """`count()` by columns, under a name of its own or not."""
        name = "count_"
        if self.peek() != ("word", "by"):
            word = self.take("word")
            if self.has("="):
                name, word = word, self.take("word")
            if word != "count":
                raise Unknown(f"aggregation '{word}'")
            self.sign("(")
            self.sign(")")
        columns = self.columns() if self.has("by") else []

        def counted(rows):
            counts = {}
            for row in rows:
                made = {key: value(row) for key, value in columns}
                counts.setdefault(repr(made), [made, 0])[1] += 1
            return [{**made, name: count} for made, count in counts.values()]

        return counted

    def either(self):
        terms = [self.both()]
        while self.has("or"):
            terms.append(self.both())
        return terms[0] if len(terms) == 1 else lambda row: any(term(row) for term in terms)

    def both(self):
        terms = [self.compared()]
        while self.has("and"):
            terms.append(self.compared())
        return terms[0] if len(terms) == 1 else lambda row: all(term(row) for term in terms)

    def compared(self):
        left = self.value()
        sign = self.has("==", "=~", "!=", "!~", "<", "<=", ">", ">=", "contains", "!contains", "has", "!has", "startswith", "!startswith", "endswith", "!endswith", "in", "in~", "!in", "!in~", "matches")
        if sign is None:
            return left
        if sign.strip("!~") == "in":
            self.sign("(")
            members = [self.value()]
            while self.has(","):
                members.append(self.value())
            self.sign(")")
            fold = folded if sign.endswith("~") else (lambda value: value)
            return lambda row: (fold(left(row)) in [fold(member(row)) for member in members]) != sign.startswith("!")
        if sign == "matches":
            if not self.has("regex"):
                raise Unknown("matches without regex")
            pattern = self.value()
            return lambda row: re.search(pattern(row), str(left(row) or "")) is not None
        right = self.value()
        if sign in ORDER:
            return lambda row: left(row) is not None and ORDER[sign](comparable(left(row)), comparable(right(row)))
        return lambda row: says(sign, left(row), right(row))

    def value(self):
        kind, found = self.peek()
        self.place += 1
        if kind == "text":
            return lambda row: found
        if kind == "number":
            return lambda row: float(found) if "." in found else int(found)
        if kind == "span":
            return lambda row: timedelta(**{UNITS[found[-1]]: int(found[:-1])})
        if (kind, found) == ("sign", "("):
            inner = self.either()
            self.sign(")")
            return self.path(inner)
        if kind != "word":
            raise Unknown(f"'{found}'")
        if found.lower() in ("true", "false"):
            return lambda row: found.lower() == "true"
        if self.has("("):
            return self.path(self.called(found.lower()))
        return self.path(lambda row: member(row, found))

    def path(self, value):
        """`.name`, `['name']` and `[0]` after a value."""
        while True:
            if self.has("."):
                name = self.take("word")
            elif self.has("["):
                kind, name = self.peek()
                self.place += 1
                name = int(name) if kind == "number" else name
                self.sign("]")
            else:
                return value
            value = (lambda outer, name: lambda row: member(outer(row), name))(value, name)

    def called(self, name):
        given = []
        if not self.has(")"):
            given.append(self.either())
            while self.has(","):
                given.append(self.either())
            self.sign(")")
        if name == "ago":
            return lambda row: self.now - given[0](row)
        if name not in FUNCTIONS:
            raise Unknown(f"function '{name}'")
        return lambda row: FUNCTIONS[name](*(value(row) for value in given))


def member(value, name):
    """A member of an object or list; nothing where there is none, as Kusto has it."""
    if isinstance(value, dict):
        return value.get(name)
    return value[name] if isinstance(value, list) and isinstance(name, int) and -len(value) <= name < len(value) else None


def folded(value):
    return value.lower() if isinstance(value, str) else value if isinstance(value, (int, float, bool)) else str(value or "").lower()


def comparable(value):
    """A moment where it looks like one."""
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
        return datetime.strptime(value[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return value


def says(sign, left, right):
    """The comparisons of text; all but == and != pass over case."""
    wanted, bare = not sign.startswith("!"), sign.lstrip("!")
    if bare in ("==", "="):
        return (left == right) == wanted
    left, right = folded(left), folded(right)
    if bare in ("=~", "~"):
        return (left == right) == wanted
    left, right = str(left), str(right)
    if bare == "has":
        return (re.search(rf"(?<![a-z0-9]){re.escape(right)}(?![a-z0-9])", left) is not None) == wanted
    return {"contains": right in left, "startswith": left.startswith(right), "endswith": left.endswith(right)}[bare] == wanted


def extract(pattern, number, text):
    found = re.search(pattern, str(text or ""))
    return found[number] if found else ""


FUNCTIONS = {
    "tostring": lambda value: "" if value is None else value if isinstance(value, str) else str(value), "tolower": lambda value: str(value or "").lower(),
    "toupper": lambda value: str(value or "").upper(), "isempty": lambda value: value in (None, ""), "isnotempty": lambda value: value not in (None, ""),
    "isnull": lambda value: value is None, "isnotnull": lambda value: value is not None, "not": lambda value: not value, "extract": extract,
    "parse_json": lambda value: value, "todynamic": lambda value: value, "todouble": lambda value: float(value or 0), "toint": lambda value: int(value or 0),
    "todatetime": comparable, "datetime": comparable, "split": lambda value, by, *at: str(value or "").split(by)[at[0]] if at else str(value or "").split(by),
    "strcat": lambda *values: "".join(str(value or "") for value in values), "array_length": lambda value: len(value or []), "coalesce": lambda *values: next((value for value in values if value is not None), None),
}
