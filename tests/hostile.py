"""Texts that have broken renderers, and the way into every free-text field of a case."""

from __future__ import annotations

HOSTILE = (
    "O'Brien <x>",
    "A <u@h.org> wrote",
    "p<0.05, <50%, <3 mV",
    "loss <i 50%",
    "MAP<b65",
    "a<b>c</b>",
    '<img src="/etc/hostname"/>',
    '<img src="http://model.example/x.png"/>',
    '<a href="javascript:alert(1)">x</a>',
    '<font color="[].__class__.__globals__">x</font>',
    '<onDraw name="os.system"/>',
    '<font size="99999">x</font>',
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "{{ 7 * 7 }} {% for x in y %} {# z #}",
    "%s %d %(name)s {0} {name}",
    "&amp; &lt; &#0; &nosuch;",
    "]]> --> */ \\n \\x00",
    "W" * 190,
    "x" + "\u0301" * 120,
    "\U0001f600 \U0001f468\u200d\U0001f469 \U00020bb7",
    "עברית ظاهر हिन्दी ไทย 漢字 한국어",
    "ﬁ Ǆ ẞ ŉ İ ı ſ",
    "=1+1 @cmd |calc",
    "../../etc/passwd \\\\server\\share",
)

_LINES = (
    "procedure",
    "detail",
    "text",
    "note",
    "context_note",
    "reply",
    "finding",
    "examiner",
    "record_note",
    "reference",
    "rationale",
    "facility_name",
    "name",
    "label",
    "problem",
    "remedy",
    "site",
    "make_model",
    "structure",
    "reason",
    "document",
    "description",
    "employer",
    "work_location",
    "statement",
)


def everywhere(node: object, text: str) -> int:
    """Put a text into every free-text field of a case; gives how many."""
    changed = 0
    if isinstance(node, dict):
        for key, value in node.items():
            if key in _LINES and isinstance(value, str) and key != "reason":
                node[key] = text
                changed += 1
            else:
                changed += everywhere(value, text)
    elif isinstance(node, list):
        changed = sum(everywhere(item, text) for item in node)
    return changed
