"""The layout of the JSON files: compact, but one vector per line so that a diff is readable.

Python's types carry the notation. A float is an input and is written as the hex-float string
of exactly that float64; an mpf is an exact result and is written as a rounded decimal.
"""

import json

from mpmath import mpf

from arithmetic import decimal_string, hex_string, require

INDENT = "  "
LINE = 100


class Rows(list):
    """A flat vector that is printed in lines of the given lengths."""

    def __init__(self, values, lengths):
        super().__init__(values)
        require(sum(lengths) == len(self), "the rows do not fit the vector")
        self.lengths = lengths


def _scalar(value):
    if isinstance(value, mpf):
        return json.dumps(decimal_string(value))
    if isinstance(value, float):
        return json.dumps(hex_string(value))
    require(isinstance(value, (str, int)), f"no notation for {type(value)}")
    return json.dumps(value, ensure_ascii=False)


def _is_scalar(value):
    return not isinstance(value, (list, dict))


def _bracketed(opening, lines, closing, depth):
    inner = INDENT * (depth + 1)
    return f"{opening}\n{inner}" + f",\n{inner}".join(lines) + f"\n{INDENT * depth}{closing}"


def _array(values, depth):
    if not values:
        return "[]"
    if isinstance(values, Rows) and len(values.lengths) > 1:
        scalars, lines = iter([_scalar(v) for v in values]), []
        for length in values.lengths:
            lines.append(", ".join(next(scalars) for _ in range(length)))
        return _bracketed("[", lines, "]", depth)
    if all(map(_is_scalar, values)):
        return "[" + ", ".join(map(_scalar, values)) + "]"
    return _bracketed("[", [_json(v, depth + 1) for v in values], "]", depth)


def _object(members, depth):
    if all(map(_is_scalar, members.values())):
        line = ", ".join(f"{json.dumps(k)}: {_scalar(v)}" for k, v in members.items())
        if len(line) <= LINE:
            return "{" + line + "}"
    return _bracketed(
        "{", [f"{json.dumps(k)}: {_json(v, depth + 1)}" for k, v in members.items()], "}", depth)


def _json(value, depth):
    if isinstance(value, dict):
        return _object(value, depth)
    if isinstance(value, list):
        return _array(value, depth)
    return _scalar(value)


def document(value):
    """The text of a file."""
    return _json(value, 0) + "\n"
