"""The schema of an answer keeps to what every server takes; an answer is read strictly or not at all."""

from __future__ import annotations

import copy
import json

import pytest

from report_gen.llm.openai import wire
from report_gen.llm.openai.replies import answered
from report_gen.llm.openai.standing import standing
from report_gen.llm.openai.wire import lint, loaded, parse, read_chat, read_responses, schema
from report_gen.llm.port import EndpointError, OfferedSentence, Outcome
from tests.llm.mocked import SENTENCES, ask, chat, config, response

TEXT = json.dumps(SENTENCES)


def outcome_of(call, *args, **kwargs):
    """What a reading came to, for a comparison."""
    try:
        call(*args, **kwargs)
    except EndpointError as error:
        # An exception of the decoder beneath it would hold the whole answer.
        return error.outcome if error.__context__ is None else error.__context__
    return Outcome.OK


def sentences(*rows):
    """An answer of the given rows as text."""
    return json.dumps({"sentences": list(rows)})


class TestSchema:
    def test_names_the_ids_of_the_question(self):
        """The choice is made for the question, in its order, without repeats."""
        found = schema(ask(fact_ids=("event.E2.onset", "event.E1.onset", "event.E2.onset")))
        row = found["properties"]["sentences"]["items"]["properties"]
        assert row["facts"]["items"]["enum"] == ["event.E2.onset", "event.E1.onset"]
        assert row["text"] == {"type": "string"}

    def test_is_safe_everywhere(self):
        """Forty ids, and no keyword that some server breaks on."""
        assert lint(schema(ask(fact_ids=tuple(f"event.E{n}.onset" for n in range(40))))) == ()

    def test_needs_an_id(self):
        """An empty choice is refused by servers, and here before them."""
        with pytest.raises(ValueError, match="at least one fact id"):
            schema(ask(fact_ids=()))


class TestLint:
    @pytest.mark.parametrize(
        ("place", "keyword", "value"),
        [
            ("text", "pattern", "a\\.b"),
            ("text", "format", "date"),
            ("text", "minLength", 1),
            ("text", "maxLength", 9),
            ("text", "default", ""),
            ("text", "const", "x"),
            ("text", "description", "x"),
            ("facts", "minItems", 1),
            ("facts", "maxItems", 9),
            ("facts", "uniqueItems", True),
            ("facts", "prefixItems", []),
            ("row", "oneOf", []),
            ("row", "anyOf", []),
            ("row", "allOf", []),
            ("row", "$ref", "#/$defs/x"),
            ("row", "patternProperties", {}),
            ("root", "$defs", {}),
            ("root", "title", "x"),
        ],
    )
    def test_a_keyword_off_the_list_is_found(self, place, keyword, value):
        """Each is refused by some server, ignored by another, and one of them killed a server."""
        root = copy.deepcopy(schema(ask()))
        row = root["properties"]["sentences"]["items"]
        places = {"root": root, "row": row, "facts": row["properties"]["facts"], "text": row["properties"]["text"]}
        places[place][keyword] = value
        assert [fault for fault in lint(root) if fault.endswith(f"keyword {keyword}")]

    @pytest.mark.parametrize(
        ("found", "fault"),
        [
            ([], "#: not an object"),
            ({}, "#: type is not one of object, array, string"),
            ({"type": ["string", "null"]}, "#: type is not one of"),
            ({"type": "number"}, "#: type is not one of"),
            ({"type": "array"}, "#/items: not an object"),
            ({"type": "object", "required": [], "additionalProperties": False}, "#: no properties"),
            ({"type": "string", "enum": []}, "#: enum is not a list"),
            ({"type": "string", "enum": ["a", 1]}, "#: enum is not a list"),
            ({"type": "string", "enum": ["a", "a"]}, "#: enum repeats"),
        ],
    )
    def test_a_shape_that_is_not_ours_is_found(self, found, fault):
        """Other types, choices and empty things."""
        assert any(line.startswith(fault) for line in lint(found))

    def test_optional_properties_and_extra_keys_are_found(self):
        """Strict servers want every property required and no others."""
        found = schema(ask())
        found["required"] = []
        found["additionalProperties"] = True
        assert lint(found) == ("#: not every property is required", "#: additionalProperties is not false")

    def test_depth_is_limited(self):
        """Four levels of lists and objects pass, five do not."""
        four = {"type": "array", "items": schema(ask())["properties"]["sentences"]}
        five = {"type": "array", "items": four}
        assert lint(four) == ()
        assert lint(five) == ("#/items/items/items/properties/facts: deeper than 4",)


class TestParse:
    def test_sentences_in_order(self):
        """Ids and wording come through as they are."""
        rows = [{"facts": ["event.E1.notification", "event.E1.onset"], "text": "B."}, {"facts": [], "text": ""}]
        assert parse(sentences(*rows), ask()) == (
            OfferedSentence(("event.E1.notification", "event.E1.onset"), "B."),
            OfferedSentence((), ""),
        )

    def test_no_sentences_is_in_form(self):
        """What is missing is for others to fill in."""
        assert parse('{"sentences": []}', ask()) == ()

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "   ",
            "Here you are.",
            '{"sentences": [',
            '{"sentences": []} {}',
            '{"sentences": [], "sentences": []}',
            '{"sentences": [{"facts": [], "facts": [], "text": ""}]}',
            '{"sentences": NaN}',
            '{"sentences": [' + "9" * 5000 + "]}",
            "[" * 60_000,
            "```json\n{}\n```",
            "\ufeff{}",
        ],
        ids=lambda text: text[:24],
    )
    def test_what_is_no_json(self, text):
        """Half of it, repeated keys, NaN, nesting without end, a code block where none was asked for."""
        assert outcome_of(parse, text, ask()) is Outcome.INVALID_JSON

    @pytest.mark.parametrize(
        "text",
        [
            "null",
            "[]",
            '"x"',
            "{}",
            '{"sentences": null}',
            '{"sentences": {}}',
            '{"sentences": [], "note": ""}',
            sentences(None),
            sentences([]),
            sentences({"facts": ["event.E1.onset"]}),
            sentences({"text": "A."}),
            sentences({"facts": ["event.E1.onset"], "text": "A.", "sure": True}),
            sentences({"facts": "event.E1.onset", "text": "A."}),
            sentences({"facts": [1], "text": "A."}),
            sentences({"facts": [["event.E1.onset"]], "text": "A."}),
            sentences({"facts": ["event.E9.onset"], "text": "A."}),
            sentences({"facts": ["EVENT.E1.ONSET"], "text": "A."}),
            sentences({"facts": ["event.E1.onset"], "text": None}),
            sentences({"facts": ["event.E1.onset"], "text": 7}),
            sentences({"facts": [], "text": "a\x00b"}),
            sentences({"facts": [], "text": "a\ud800b"}),
            '{"sentences": [{"facts": [], "text": "a\\udfffb"}]}',
        ],
    )
    def test_what_has_another_shape(self, text):
        """Missing and extra keys, wrong types, unknown ids, NUL and lone surrogates."""
        assert outcome_of(parse, text, ask()) is Outcome.SCHEMA

    def test_limits_are_inclusive(self):
        """The longest sentence and the longest list pass; one more does not."""
        row = {"facts": [], "text": "a" * wire.MAX_CHARACTERS}
        short = {"facts": [], "text": ""}
        assert outcome_of(parse, sentences(row), ask()) is Outcome.OK
        assert outcome_of(parse, sentences({**row, "text": row["text"] + "a"}), ask()) is Outcome.SCHEMA
        assert outcome_of(parse, sentences(*[short] * wire.MAX_SENTENCES), ask()) is Outcome.OK
        assert outcome_of(parse, sentences(*[short] * (wire.MAX_SENTENCES + 1)), ask()) is Outcome.SCHEMA

    @pytest.mark.parametrize(("mark", "size"), [("a", 1), ("é", 2), ("\ud800", 3), ("😀", 4)])
    def test_size_is_counted_in_bytes(self, mark, size):
        """Padding up to the limit passes, a byte more does not, in any script."""
        head = '{"sentences": []}'
        count = (wire.MAX_BYTES - len(head)) // size
        full = head + " " * (wire.MAX_BYTES - len(head))
        assert outcome_of(parse, full, ask()) is Outcome.OK
        assert outcome_of(parse, full + " ", ask()) is Outcome.SCHEMA
        assert outcome_of(parse, head + mark * count, ask()) is Outcome.INVALID_JSON
        assert outcome_of(parse, head + mark * (count + 1), ask()) is Outcome.SCHEMA

    @pytest.mark.parametrize(
        "text",
        [
            "```json\n{}\n```",
            "```\n{}\n```",
            "```JSON  \r\n{}\r\n```\n",
            "Here:\n```json\n{}\n```\nThat is all.",
            "{}",
            "\n {}",
        ],
    )
    def test_a_code_block_where_it_was_asked_for(self, text):
        """One block, with or without words around it, or none."""
        assert len(parse(text.replace("{}", json.dumps(SENTENCES)), ask(), found=True)) == 1

    def test_a_code_block_within_a_sentence_is_text(self):
        """JSON that begins at once is not searched for blocks."""
        row = {"facts": [], "text": "a\n```\nb\n```\n"}
        (found,) = parse(json.dumps({"sentences": [row]}, indent=1), ask(), found=True)
        assert found.text == row["text"]

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("{}", ""),
            ("```json\n{}\n```", "block"),
            ("```json\n{}", "words"),
            ("Here it is: {} I hope this helps.", "words"),
            ("<think>\nThe side is left.\n</think>\n\n{}", "after_thinking"),
            ("The side is left.</think>{}", "after_thinking"),
            ('<think>{"sentences": []} perhaps?</think>\n```json\n{}\n```', "after_thinking"),
            ("<thinking>…</thinking> Answer: {}", "after_thinking"),
        ],
    )
    def test_is_read_where_it_stands(self, text, place):
        """After thinking, in a block, among words; drafts within the thinking do not count."""
        whole = text.replace("{}", json.dumps(SENTENCES))
        assert len(parse(whole, ask(), found=True)) == 1
        assert standing(whole)[1] == place

    @pytest.mark.parametrize(
        "text",
        ["```\n{}\n```\n```\n{}\n```", "{} or {}", "<think>{}", "Here: {" + '"sentences": [', "{}" * 30],
    )
    def test_several_answers_or_none_are_refused(self, text):
        """Which of them would be meant is not guessed; thinking without an end holds no answer."""
        whole = text.replace("{}", '{"sentences": []}')
        assert outcome_of(parse, whole, ask(), found=True) in (Outcome.INVALID_JSON, Outcome.SCHEMA)

    def test_is_not_searched_without_end(self):
        """A text in which answers seem to begin everywhere is refused, and at once."""
        text = "x " + '{"sentences": [' * 3000
        assert outcome_of(parse, text, ask(), found=True) is Outcome.INVALID_JSON


class TestAMessage:
    """Where servers put the answer in a message."""

    @pytest.mark.parametrize(
        ("message", "place"),
        [
            ({"content": TEXT}, ""),
            ({"content": None, "reasoning_content": TEXT}, "reasoning_field"),
            ({"content": "", "reasoning": f"I think: {TEXT}"}, "reasoning_field"),
            ({"content": [{"type": "text", "text": TEXT}]}, "parts"),
            ({"content": [{"type": "thinking", "thinking": "…"}, {"type": "text", "text": TEXT}]}, "parts"),
            ({"content": TEXT, "reasoning_content": "The side is left."}, ""),
        ],
    )
    def test_is_read_where_it_stands(self, message, place):
        """In the content, as text or in parts, or in the field for reasoning."""
        text, found = read_chat({"choices": [{"message": message, "finish_reason": "stop"}]})
        assert len(parse(text, ask(), found=True)) == 1
        assert found == place

    @pytest.mark.parametrize("reason", ["stop", "length"])
    @pytest.mark.parametrize("message", [{"content": None, "reasoning_content": "Hm."}, {"content": "<think>Hm."}])
    def test_one_that_only_thought_says_so(self, reason, message):
        """So that the probe can name the cause."""
        with pytest.raises(EndpointError, match=r"schema|truncated|invalid_json") as caught:
            answered({"choices": [{"message": message, "finish_reason": reason}]}, ask(), config(), request_id="")
        assert caught.value.cause == "thinking"


class TestReading:
    def test_bytes_that_are_no_utf8(self):
        """They are no JSON."""
        assert outcome_of(loaded, b'{"a": "\xff"}') is Outcome.INVALID_JSON

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"reason": "length"}, Outcome.TRUNCATED),
            ({"reason": "content_filter"}, Outcome.FILTERED),
            ({"reason": "tool_calls"}, Outcome.SCHEMA),
            ({"reason": None}, Outcome.SCHEMA),
            ({"reason": ["stop"]}, Outcome.SCHEMA),
            ({"choices": []}, Outcome.SCHEMA),
            ({"choices": None}, Outcome.SCHEMA),
            ({"choices": "stop"}, Outcome.SCHEMA),
            ({"choices": [None]}, Outcome.SCHEMA),
            ({"choices": [{"finish_reason": "stop"}]}, Outcome.SCHEMA),
            ({"choices": [{"finish_reason": "stop", "message": {}}]}, Outcome.SCHEMA),
            ({"choices": [{"finish_reason": "stop", "message": {"content": ["x"]}}]}, Outcome.SCHEMA),
            ({"choices": [{"finish_reason": "stop", "message": {"content": None, "refusal": "no"}}]}, Outcome.REFUSED),
            ({"error": {"message": "overloaded"}}, Outcome.SERVER_ERROR),
            ({}, Outcome.OK),
        ],
    )
    def test_a_chat_completion(self, fields, expected):
        """Only one that came to its own end is read."""
        assert outcome_of(read_chat, chat(**fields)) is expected

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}, Outcome.TRUNCATED),
            ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, Outcome.FILTERED),
            ({"status": "incomplete", "incomplete_details": None}, Outcome.SCHEMA),
            ({"status": "failed"}, Outcome.SERVER_ERROR),
            ({"status": "in_progress"}, Outcome.SCHEMA),
            ({"output": None}, Outcome.SCHEMA),
            ({"output": []}, Outcome.SCHEMA),
            ({"output": [None, {"type": "message", "content": "x"}]}, Outcome.SCHEMA),
            ({"output": [{"type": "message", "content": [{"type": "output_text", "text": 1}]}]}, Outcome.SCHEMA),
            ({"output": [{"type": "message", "content": [{"type": "refusal", "refusal": "no"}]}]}, Outcome.REFUSED),
            ({"error": {"code": "server_error"}}, Outcome.SERVER_ERROR),
            ({}, Outcome.OK),
        ],
    )
    def test_a_response(self, fields, expected):
        """Likewise."""
        assert outcome_of(read_responses, {**response(), **fields}) is expected

    @pytest.mark.parametrize("read", [read_chat, read_responses])
    @pytest.mark.parametrize("payload", [None, "html", [], 7, {}, {"id": "x"}])
    def test_something_else(self, read, payload):
        """Whatever it is, it is no answer."""
        assert outcome_of(read, payload) is Outcome.SCHEMA
