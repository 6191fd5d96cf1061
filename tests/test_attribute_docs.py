"""Docstrings of attributes in a schema: read from the source, inherited, and never over a description that is there."""

from __future__ import annotations

import linecache
import sys
import types
from pathlib import Path

import pytest

from report_gen.attribute_docs import attribute_docs, describe

SOURCE = '''
class Base:
    """A base."""

    shared: int
    """[T] Said once,
    over two lines."""

class Derived(Base):
    own: int
    """Its own."""
    silent: int
    other = 3
    """Not annotated."""

class Overriding(Base):
    shared: int
    """Said anew."""
'''


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Makes a module of source."""

    def make(source: str, name: str = "invented") -> types.ModuleType:
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, name, raising=False)
        return __import__(name)

    return make


def test_docs_are_read_by_class_and_attribute(module):
    """White space is folded; a base class lends what is not said anew; only annotated attributes count."""
    assert attribute_docs([module(SOURCE)]) == {
        "Base": {"shared": "[T] Said once, over two lines."},
        "Derived": {"shared": "[T] Said once, over two lines.", "own": "Its own."},
        "Overriding": {"shared": "Said anew."},
    }


def test_two_classes_of_one_name_are_a_mistake(module):
    """A definition of the schema could be either."""
    with pytest.raises(ValueError, match="two classes are called Base"):
        attribute_docs([module(SOURCE), module("class Base:\n    pass\n", "another")])


def test_a_module_without_its_source_gives_none(module):
    """As an installation of byte code alone has it: schemas then say less, and are still schemas."""
    made = module(SOURCE, "sourceless")
    Path(str(made.__file__)).unlink()
    linecache.clearcache()
    assert attribute_docs([made]) == {}


def test_a_description_that_is_there_stays():
    """In the document itself and in its definitions; what has no properties is left alone."""
    schema = {
        "title": "Whole",
        "properties": {"part": {"$ref": "#/$defs/Part"}, "free": {"type": "string"}},
        "$defs": {
            "Part": {"properties": {"size": {"type": "number", "description": "Said in the field."}}},
            "Letter": {"enum": ["a"]},
        },
    }
    docs = {
        "Whole": {"part": "A part.", "size": "Elsewhere."},
        "Part": {"size": "Said below it."},
        "Letter": {"a": "x"},
    }
    assert describe(schema, docs) == {
        "title": "Whole",
        "properties": {"part": {"description": "A part.", "$ref": "#/$defs/Part"}, "free": {"type": "string"}},
        "$defs": schema["$defs"],
    }
