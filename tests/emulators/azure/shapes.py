"""Holds JSON against the models of Microsoft's own clients: members that a model does not have, required ones that are
absent, types and values that are not its own. Refuses to guess where a model allows anything."""

import datetime
import enum
import re
import sys
import types
import typing

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
PLAIN = {"str": str, "int": int, "float": (int, float), "bool": bool}


def problems(model, value, path):
    """What in a value is not as its model says."""
    if not isinstance(value, dict):
        yield f"{path}: {type(value).__name__} is no {model.__name__}"
    elif hasattr(model, "_attribute_map"):
        yield from of_map(model, value, path)
    else:
        yield from of_fields(model, value, path)


def of_map(model, value, path):
    """A model of the older kind, whose members have paths such as `properties.state`."""
    # A kind that these clients do not know has members that they cannot know either.
    if not hasattr(model, "_subtype_map"):
        yield from unknown(flat(model), value, path, ())
    for attribute, about in model._attribute_map.items():
        found, there = at(value, steps(about["key"]))
        needed = model._validation.get(attribute, {})
        if not there and needed.get("required") and not needed.get("readonly"):
            yield f"{path}.{about['key']} is required"
        elif there and found is not None:
            yield from of_word(about["type"], found, f"{path}.{about['key']}", sys.modules[model.__module__])


def steps(key):
    return tuple(part.replace("\\.", ".") for part in re.split(r"(?<!\\)\.", key))


def flat(model):
    return {steps(about["key"]) for about in model._attribute_map.values()} | {("additionalProperties",)}


def unknown(known, value, path, above):
    """Members whose path no member of the model begins with."""
    for name, inner in value.items():
        place = (*above, name)
        if place in known:
            continue
        if any(key[: len(place)] == place for key in known):
            if isinstance(inner, dict):
                yield from unknown(known, inner, path, place)
        else:
            yield f"{path}.{'.'.join(place)} is not in the model"


def at(value, path):
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return None, False
        value = value[name]
    return value, True


def of_word(kind, value, path, module):
    """A type that is written as a word: `str`, `[Model]`, `{str}`."""
    if kind.startswith("["):
        if not isinstance(value, list):
            yield f"{path}: {type(value).__name__} is no list"
            return
        for number, inner in enumerate(value):
            yield from of_word(kind[1:-1], inner, f"{path}[{number}]", module)
    elif kind.startswith("{"):
        for name, inner in value.items() if isinstance(value, dict) else ():
            yield from of_word(kind[1:-1], inner, f"{path}[{name}]", module)
    elif kind in PLAIN:
        if not isinstance(value, PLAIN[kind]) or kind == "int" and isinstance(value, bool):
            yield f"{path}: {value!r} is no {kind}"
    elif kind == "iso-8601":
        yield from moment(value, path)
    elif hasattr(module, kind):
        yield from problems(of_kind(getattr(module, kind), value), value, path)


def of_kind(model, value):
    """The model that a value's discriminator names, where there is one."""
    for attribute, kinds in getattr(model, "_subtype_map", {}).items():
        word = value.get(model._attribute_map[attribute]["key"]) if isinstance(value, dict) else None
        if word in kinds:
            return getattr(sys.modules[model.__module__], kinds[word])
    return model


def moment(value, path):
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        yield f"{path}: {value!r} is no moment"


def of_fields(model, value, path):
    """A model of the newer kind, whose members are annotated."""
    module = sys.modules[model.__module__]
    hints = typing.get_type_hints(model, vars(module), {"_models": module_of(module)})
    fields = {field._rest_name: attribute for attribute, field in fields_of(model).items()}
    for name, inner in value.items():
        if name not in fields:
            yield f"{path}.{name} is not in the model"
        elif inner is not None:
            yield from of_hint(hints[fields[name]], inner, f"{path}.{name}")
    for name, attribute in fields.items():
        if name not in value and type(None) not in typing.get_args(hints[attribute]):
            yield f"{path}.{name} is required"


def fields_of(model):
    """The members of a newer model, by attribute."""
    return {name: field for part in reversed(model.__mro__) for name, field in vars(part).items() if hasattr(field, "_rest_name")}


def module_of(module):
    """The package that the annotations of a model's module call `_models`."""
    return sys.modules[module.__name__.rpartition(".")[0]]


def of_hint(hint, value, path):
    """A type that is written as an annotation."""
    kind, inner = typing.get_origin(hint), typing.get_args(hint)
    if kind in (typing.Union, types.UnionType):
        inner = [one for one in inner if one is not type(None)]
        words = next((one for one in inner if isinstance(one, type) and issubclass(one, enum.Enum)), None)
        if words is not None:
            if str(value).lower() not in [str(one.value).lower() for one in words]:
                yield f"{path}: {value!r} is none of {', '.join(str(one.value) for one in words)}"
        else:
            yield from of_hint(inner[0], value, path)
    elif kind is list:
        if not isinstance(value, list):
            yield f"{path}: {type(value).__name__} is no list"
            return
        for number, one in enumerate(value):
            yield from of_hint(inner[0], one, f"{path}[{number}]")
    elif kind is dict:
        for name, one in value.items() if isinstance(value, dict) else ():
            if one is not None:
                yield from of_hint(inner[1], one, f"{path}[{name}]")
    elif hint is datetime.datetime:
        yield from moment(value, path)
    elif hint in (str, int, float, bool):
        if not isinstance(value, PLAIN[hint.__name__]) or hint is int and isinstance(value, bool):
            yield f"{path}: {value!r} is no {hint.__name__}"
    elif isinstance(hint, type) and hasattr(hint, "_deserialize"):
        yield from problems(hint, value, path)


def absent(model, rows, path=""):
    """Members of a model, and of its properties, that no row has."""
    if hasattr(model, "_attribute_map"):
        return sorted(about["key"] for about in model._attribute_map.values() if not any(at(row, steps(about["key"]))[1] for row in rows))
    module = sys.modules[model.__module__]
    hints = typing.get_type_hints(model, vars(module), {"_models": module_of(module)})
    found = []
    for attribute, field in fields_of(model).items():
        name, inside = field._rest_name, [row[field._rest_name] for row in rows if row.get(field._rest_name) is not None]
        if not inside:
            found.append(path + name)
        elif name == "properties":
            found += absent(next(one for one in typing.get_args(hints[attribute]) if one is not type(None)), inside, "properties.")
    return sorted(found)
