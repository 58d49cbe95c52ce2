"""Google's list filters as far as Container Analysis and Resource Manager are asked with them: comparisons,
has_prefix, AND, OR, NOT and parentheses. Refuses what it does not understand rather than ignore it."""

import re

from replies import Refusal

TOKENS = re.compile(r'\s*(?:(")((?:[^"\\]|\\.)*)"|(>=|<=|!=|[=<>:(),])|([^\s"=<>:(),!]+))')
CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def compiled(text, known, equal=None):
    """A test of rows. `known` says how to read a row for each field, by its name in snake case; `equal` is another
    notion of `=`."""
    tokens, place = [], 0
    text = text.strip()
    while place < len(text):
        found = TOKENS.match(text, place)
        if found is None:
            raise Refusal("INVALID_ARGUMENT", f"Invalid filter: {text}")
        quoted, inside, sign, word = found.groups()
        tokens.append(("value", inside.replace('\\"', '"')) if quoted else ("sign", sign) if sign else ("word", word))
        place = found.end()
    if not tokens:
        return lambda row: True
    parser = Parser(tokens, known, {**COMPARED, "=": equal or COMPARED["="]})
    test = parser.either()
    if parser.tokens:
        raise Refusal("INVALID_ARGUMENT", f"Invalid filter: {text}")
    return test


class Parser:
    """A recursive descent over the tokens."""

    def __init__(self, tokens, known, compared):
        self.tokens, self.known, self.compared = list(tokens), known, compared

    def peek(self):
        return self.tokens[0] if self.tokens else (None, None)

    def take(self, wanted=None):
        token = self.tokens.pop(0) if self.tokens else (None, None)
        if wanted is not None and token[1] != wanted:
            raise Refusal("INVALID_ARGUMENT", f"Invalid filter: {wanted} is missing.")
        return token[1]

    def either(self):
        tests = [self.both()]
        while self.peek() == ("word", "OR"):
            self.take()
            tests.append(self.both())
        return lambda row: any(test(row) for test in tests)

    def both(self):
        tests = [self.one()]
        while self.tokens and self.peek()[1] != ")" and self.peek() != ("word", "OR"):
            if self.peek() == ("word", "AND"):
                self.take()
            tests.append(self.one())
        return lambda row: all(test(row) for test in tests)

    def one(self):
        if self.peek() == ("word", "NOT"):
            self.take()
            test = self.one()
            return lambda row: not test(row)
        if self.peek() == ("sign", "("):
            self.take()
            test = self.either()
            self.take(")")
            return test
        name = self.take()
        if name == "has_prefix":
            self.take("(")
            read = self.field(self.take())
            self.take(",")
            prefix = self.take()
            self.take(")")
            return lambda row: read(row).startswith(prefix)
        read, sign, value = self.field(name), self.take(), self.take()
        if value is None or sign not in self.compared:
            raise Refusal("INVALID_ARGUMENT", f"Invalid filter near {name}.")
        return lambda row: self.compared[sign](read(row), value)

    def field(self, name):
        snake = CAMEL.sub(r"_\1", name or "").lower()
        if snake.startswith("labels."):
            label = name.partition(".")[2]
            return lambda row: self.known["labels"](row).get(label, "")
        if snake not in self.known:
            raise Refusal("INVALID_ARGUMENT", f"The emulator does not know the filter field {name}.")
        return self.known[snake]


def like(one, other):
    """Equal in Artifact Registry's way: case does not matter, and `*` is anything."""
    return re.fullmatch(re.escape(other).replace(r"\*", ".*"), one, re.IGNORECASE) is not None


COMPARED = {
    "=": lambda one, other: one == other, "!=": lambda one, other: one != other,
    ":": lambda one, other: other == "*" and bool(one) or other.rstrip("*").lower() in one.lower(),
    "<": lambda one, other: one < other, ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other, ">=": lambda one, other: one >= other,
}
