"""No identifier leaves the machine: what a brief holds, and what the guard refuses."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from report_gen.case.contract.base import Code, FilledBy
from report_gen.case.contract.model import Case
from report_gen.case.contract.people import Patient
from report_gen.draft.passages import passages
from report_gen.draft.writer import write
from report_gen.facts import derive
from report_gen.llm.egress.identifiers import own_words
from report_gen.llm.egress.leaks import Identifiers, Leak, check, guard_request, known_identifiers, leaks
from report_gen.llm.port import Ask, EndpointError, Outcome
from report_gen.llm.question.brief import brief
from report_gen.llm.question.prompt import questions
from report_gen.vocab import names, vocabulary
from tests.cases.maximal import maximal
from tests.cases.parts import at, reading
from tests.cases.quiet import alert, case, channel_of, with_alert
from tests.cases.reports import loaded
from tests.hostile import HOSTILE, everywhere
from tests.llm.asked_nothing import NOTHING
from tests.selection import ALL, examples, now_and_in_full

SAMPLES = sorted(Path("samples/valid").glob("*.json"))
NOW = (
    "invented_cea_shunt",
    "invented_names_eight_scripts",
    "invented_outage_cautery_gaps",
    "invented_scoliosis_mep_loss",
    "published_c04_acdf",
)
"""Differing in kind; the others are read by the long run."""
RICH = ("invented_thyroid_rln", "invented_cea_shunt", "invented_outage_cautery_gaps")
SCHEMA = Case.model_json_schema()
SYSTEM = "Re-word the given facts."
Data = dict[str, Any]

# --- helpers that know nothing of the guard ---------------------------------------------------------------------------


def asks_of(record: Case) -> tuple[Ask, ...]:
    """The questions of a case as they are asked."""
    facts = derive(record)
    return tuple(row.ask for row in questions(passages(write(facts, report_id="T-1"), facts), facts))


def sent_by(record: Case) -> str:
    """What changes from case to case in its requests."""
    facts = derive(record)
    found = passages(write(facts, report_id="T-1"), facts)
    asked = (row.ask.user for row in questions(found, facts))
    return "\n".join((*(brief(passage, facts) for passage in found), *asked))


@cache
def sent_by_sample(path: Path) -> str:
    """What changes from case to case in the requests of a sample."""
    return sent_by(lenient(json.loads(path.read_text())))


def lenient(data: Data) -> Case:
    """A case that keeps the types of the contract, whatever holds between its fields."""
    return Case.model_validate_json(json.dumps(data))


def ask(user: str, **more: Any) -> Ask:
    """A question of this user message."""
    usual = {"id": "course", "system": SYSTEM, "fact_ids": ("f1",), "max_output_tokens": 100}
    return Ask(user=user, **{**usual, **more})


def resolved(node: Data) -> list[Data]:
    """The schemas that a node of the JSON Schema stands for, without null."""
    if "$ref" in node:
        return resolved(SCHEMA["$defs"][node["$ref"].rpartition("/")[2]])
    if "anyOf" in node:
        return [row for option in node["anyOf"] for row in resolved(option) if row.get("type") != "null"]
    return [node]


def uncoded(node: Data, value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Pointer and text of every string that the JSON Schema gives no closed list."""
    (schema,) = resolved(node)
    if isinstance(value, dict):
        for key, item in value.items():
            yield from uncoded(schema["properties"][key], item, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from uncoded(schema["items"], item, f"{pointer}/{index}")
    elif isinstance(value, str) and "enum" not in schema and "const" not in schema:
        yield pointer, value


def free_fields(*, dates: bool) -> list[tuple[str, str]]:
    """Model and name of each field of the contract that holds uncoded strings, dates and times or the others."""
    found = []
    for model, schema in {"Case": SCHEMA, **SCHEMA["$defs"]}.items():
        for name, node in schema.get("properties", {}).items():
            (inner,) = resolved(node)
            (inner,) = resolved(inner["items"]) if inner.get("type") == "array" else (inner,)
            free = inner.get("type") == "string" and not {"enum", "const"} & inner.keys()
            if free and inner.get("format", "").startswith("date") is dates:
                found.append((model, name))
    return found


CANARIES = ("Zaunkoenig crossing", "zaunkoenig-x", "Zaunkoen", "Zaun/Koenig", "ZQ", "9876501234", "9999Z", "Z99.9ZZ")


def canary_of(model: str, name: str) -> Any:
    """A value of the field's form that stands in no sample and no word of ours."""
    (inner,) = resolved((SCHEMA if model == "Case" else SCHEMA["$defs"][model])["properties"][name])
    if inner.get("type") == "array":
        (item,) = resolved(inner["items"])
        return [next(text for text in CANARIES if re.search(item.get("pattern", ""), text))]
    fitting = (text for text in CANARIES if len(text) <= inner.get("maxLength", 99))
    return next(text for text in fitting if re.search(inner.get("pattern", ""), text))


def refers(model: str, name: str) -> bool:
    """Whether the field holds an id or names one."""
    return canary_of(model, name) in ("zaunkoenig-x", ["zaunkoenig-x"])


def put_everywhere(data: Data, model: str, name: str, value: Any) -> int:
    """Set a field in every object of its model; gives how many there are."""

    def walk(node: Data, item: Any) -> int:
        (schema,) = resolved(node)
        if isinstance(item, list):
            return sum(walk(schema["items"], row) for row in item)
        if not isinstance(item, dict):
            return 0
        count = sum(walk(schema["properties"][key], inner) for key, inner in list(item.items()))
        if schema is (SCHEMA if model == "Case" else SCHEMA["$defs"][model]):
            item[name] = value
            count += 1
        return count

    return walk(SCHEMA, data)


def twin_channels() -> Data:
    """An alert in two channels that only their derivation tells apart, one of them without a closing value."""
    data = with_alert(channels=["mep-l", "mep-l2"])
    twin = {**deepcopy(channel_of(data, "mep-l")), "id": "mep-l2", "montage": "C1-C2"}
    channel_of(data, "mep-l")["montage"] = "C3-C4"
    twin["measurements"][-1]["reading"] = {"state": "not_obtained", "reason": "field_access"}
    data["channels"].append(twin)
    data["events"][0]["retests"] = [
        {"at": at("10:15"), "readings": [{"channel": name, "reading": value}]}
        for name, value in (("mep-l", reading(340.0)), ("mep-l2", deepcopy(twin["measurements"][-1]["reading"])))
    ]
    return data


@cache
def rich_texts() -> tuple[str, ...]:
    """Records that between them have every object of the contract, most of them several times, as JSON."""
    return (
        *(Path(f"samples/valid/{name}.json").read_text() for name in RICH),
        json.dumps(twin_channels()),
        json.dumps(maximal()),
    )


def words_of(text: str) -> set[str]:
    """Words of a text in small letters, digits aside."""
    return set(re.findall(r"[^\W\d_]+", text.casefold()))


@cache
def vocabulary_words() -> frozenset[str]:
    """Words of codes, displays and abbreviations of all vocabularies, and what joins them."""
    entries = (entry for name in names() for entry in vocabulary(name).entries.values())
    texts = (f"{entry.code} {entry.display} {entry.abbreviation or ''}".replace("_", " ") for entry in entries)
    return frozenset(words_of(" ".join(texts)) | {"l", "r", "of", "and"})


# --- what a brief holds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", now_and_in_full(SAMPLES, NOW, key=lambda path: path.stem), ids=lambda path: path.stem)
class TestSamples:
    def test_the_guard_finds_nothing(self, path):
        """Every question of every sample may be asked."""
        record = lenient(json.loads(path.read_text()))
        identifiers = known_identifiers(record)
        asked = asks_of(record)
        assert bool(asked) is (path.stem not in NOTHING), "a sample without questions tests nothing"
        assert {row.id: found for row in asked if (found := leaks(row, identifiers))} == {}
        assert check(sent_by_sample(path).splitlines(), identifiers) == ()

    def test_no_uncoded_string_of_the_file_is_sent(self, path):
        """Told without the guard: ids of one letter, peaks and texts made of vocabulary words alone are aside."""
        sent = sent_by_sample(path).casefold()
        texts = {text for _, text in uncoded(SCHEMA, json.loads(path.read_text()))}
        found = {
            text
            for text in texts
            if text.casefold() in sent
            and re.search(rf"(?<!\w){re.escape(text.casefold())}(?!\w)", sent)
            and not words_of(text) <= vocabulary_words()
            and not re.fullmatch(r"E\d+|[NP]\d+|PF", text)
        }
        assert found == set()

    def test_no_clock_time_date_or_year_is_sent(self, path):
        """Times are slots."""
        sent = sent_by_sample(path)
        assert not re.search(r"\d:\d\d|\d{4}-\d\d|\b(?:19|20)\d\d\b|\d/\d+/\d|UTC", sent)

    def test_every_word_of_a_brief_is_one_of_ours(self, path):
        """Otherwise the same word in a person's text would stop the request."""
        briefs = "\n".join(line for line in sent_by_sample(path).splitlines() if line.startswith("{"))
        sent = re.sub(r'\{[tnq]\d+\}|"f\d+"|\b[A-Z]\d+', " ", briefs)
        words = {word for word in words_of(sent) if len(word) > 2}
        assert words - own_words("user").words == set()


def told_apart(value: Any) -> str:
    """What shows that a canary was sent: its first word."""
    first: str = (value[0] if isinstance(value, list) else value).casefold().split()[0]
    return rf"(?<!\w){re.escape(first)}(?!\w)"


UNREFERRED = [row for row in free_fields(dates=False) if not refers(*row)]
"""Fields that may hold any text; references must keep naming something, so ids are tested elsewhere."""


class TestFields:
    @pytest.mark.parametrize("number", range(5), ids=[*RICH, "twin channels", "maximal"])
    def test_a_canary_in_every_field_is_never_in_a_brief(self, number):
        """All fields that the schema has, set at once; the long run sets them one by one."""
        data = json.loads(rich_texts()[number])
        put = {(model, name): put_everywhere(data, model, name, canary_of(model, name)) for model, name in UNREFERRED}
        assert sum(map(bool, put.values())) > 20
        sent = sent_by(lenient(data)).casefold()
        assert [row for row, count in put.items() if count and re.search(told_apart(canary_of(*row)), sent)] == []

    def test_between_them_the_records_have_every_field(self):
        """A field that stands in none of them would be tested by nothing."""
        data = [json.loads(text) for text in rich_texts()]
        assert [row for row in UNREFERRED if not any(put_everywhere(one, *row, "") for one in data)] == []

    @pytest.mark.exhaustive
    @pytest.mark.parametrize(("model", "name"), UNREFERRED, ids=str)
    def test_a_canary_is_never_in_a_brief(self, model, name):
        """Found by walking the schema, field by field."""
        value = canary_of(model, name)
        for text in rich_texts():
            data = json.loads(text)
            if put_everywhere(data, model, name, value):
                assert not re.search(told_apart(value), sent_by(lenient(data)).casefold())

    def test_words_beside_a_code_are_never_in_a_brief(self):
        """One field at a time: all at once, the words of one would keep those of another with the template."""
        sent = {}
        for row in (row for row in UNREFERRED if row[1].endswith("_other")):
            records = [data for text in rich_texts() if put_everywhere(data := json.loads(text), *row, canary_of(*row))]
            sent[row] = " ".join(sent_by(lenient(data)).casefold() for data in records)
        assert len(sent) > 10
        assert [row for row, words in sent.items() if re.search(told_apart(canary_of(*row)), words)] == []

    def test_the_guard_refuses_the_canary(self):
        """And says which field it came from: in every run in one record that has the field, in the long one in all."""
        named: dict[tuple[str, str], set[str]] = {}
        for model, name in free_fields(dates=False):
            value = canary_of(model, name)
            asked = ask(f'FACTS:\n{{"text":"before {value[0] if isinstance(value, list) else value} after"}}')
            records = (data for text in rich_texts() if put_everywhere(data := json.loads(text), model, name, value))
            found = [leaks(asked, known_identifiers(lenient(data))) for data in islice(records, None if ALL else 1)]
            pointers = [leak.pointer for row in found for leak in row if leak.pointer]
            named[model, name] = {pointer.rstrip("/0123456789").rpartition("/")[2] for pointer in pointers}
        assert named
        assert {row: names for row, names in named.items() if names != {row[1]}} == {}

    @pytest.mark.parametrize(("model", "name"), free_fields(dates=True), ids=str)
    def test_the_guard_refuses_a_date_in_many_forms(self, model, name):
        """As written in files, as said in the United States and elsewhere, and in words."""
        (inner,) = resolved((SCHEMA if model == "Case" else SCHEMA["$defs"][model])["properties"][name])
        value = "2031-03-27" if inner["format"] == "date" else "2031-03-27T19:47:00-06:00"
        forms = ["2031-03-27", "2031/3/27", "03/27/2031", "27.3.2031", "3-27-31", "20310327"]
        forms += ["March 27", "27th of March", "27-MAR-2031"]
        if inner["format"] == "date-time":
            forms += [value, "19:47", "7:47 pm", "1947 hours", "19h47"]
        data = next(row for text in rich_texts() if put_everywhere(row := json.loads(text), model, name, value))
        identifiers = known_identifiers(lenient(data))
        assert [form for form in forms if not leaks(ask(f"set at {form} in all"), identifiers)] == []
        (known,) = (leak for leak in leaks(ask("on 03/27/2031"), identifiers) if leak.pointer)
        assert known.kind == "date"
        assert known.pointer.endswith(f"/{name}")

    def test_hostile_texts_are_never_sent(self):
        """In every free-text field at once, one text after another."""
        for text in HOSTILE:
            data = json.loads(rich_texts()[1])
            assert everywhere(data, text) > 50
            sent = sent_by(lenient(data))
            assert text not in sent
            assert json.dumps(text, ensure_ascii=False)[1:-1] not in sent


class TestIds:
    @pytest.mark.parametrize("name", ["smith-john", "Zebrafinch", "MRN7741", "JohnSmith", "E1.smith", "zf-1961"])
    def test_an_event_id_that_is_a_name_is_never_sent(self, name):
        """Nor are the other ids of that record; the guard refuses a request that holds it."""
        record = loaded(case(events=[alert(), alert(id=name, onset_at=at("10:30"))]))
        sent = sent_by(record) + "".join(f"{row.id} {row.fact_ids}" for row in asks_of(record))
        assert name.casefold() not in sent.casefold()
        with pytest.raises(EndpointError, match="egress"):
            guard_request(ask(f'{{"event":{{"id":"{name}"}}}}'), known_identifiers(record))

    def test_plain_event_ids_may_be_sent(self):
        """They are what the professional reads in the report."""
        record = loaded(case(events=[alert(), alert(id="E2", onset_at=at("10:30"))]))
        assert "E2" in sent_by(record)
        assert [leaks(row, known_identifiers(record)) for row in asks_of(record)] == [()] * len(asks_of(record))

    @pytest.mark.parametrize("place", ["id", "system", "fact_ids"])
    def test_every_part_of_a_question_is_looked_at(self, place):
        """Not only the user message."""
        value: Any = ("f1", "event.zebrafinch.onset") if place == "fact_ids" else "event-Zebrafinch"
        found = leaks(ask("nothing", **{place: value}), known_identifiers(loaded(case())))
        assert [row.kind for row in found] == ["name"]


class TestAge:
    @pytest.mark.parametrize("day", ["1929-02-11", "1930-02-10"])
    def test_an_age_over_89_is_never_sent(self, day):
        """No age is; 97 and 96 are no other number of this record."""
        data = with_alert()
        data["patient"]["date_of_birth"] = day
        assert not re.search(r"\b9[5-7]\b|year|\bage", sent_by(loaded(data)))

    @pytest.mark.parametrize("words", ["97 years", "97-year-old", "97 y/o", "aged 97", '"age":97', "age_years: 104"])
    def test_the_guard_refuses_it(self, words):
        """However it is put."""
        assert Leak("age") in leaks(ask(f"woman, {words}, prone"), known_identifiers(loaded(case())))

    @pytest.mark.parametrize("words", ["amplitude 97%", "stage 97", "97 mmHg", "aged 45"])
    def test_other_numbers_pass(self, words):
        """A percentage is no age, and a younger age names nobody."""
        assert leaks(ask(words), known_identifiers(loaded(case()))) == ()


# --- names in many scripts -------------------------------------------------------------------------------------------

SCRIPTS = {
    "latin": "abcdefghijklmnopqrstuvwxyzáàâäãåçéèêëíìîïñóòôöõøúùûüýÿžščřłğışđœæßąęőű",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويآأإةى",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
    "devanagari": "अआइईउऊएऐओकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसहािीुूेैोौं्",
    "thai": "กขคงจฉชซญดตถทธนบปผพฟภมยรลวศษสหอะาเแโไ",
    "chinese": "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高小明芳伟娜秀英敏静强磊",
    "japanese": "山田中村佐藤鈴木高橋さくらひなたアキラケンジ太郎花子がぎぐばぱ",
    "korean": "김이박최정강조윤장임민수지영현준서연하은우진호",
    "greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊΐ",
    "cyrillic": "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
}


def name_words(script: str) -> st.SearchStrategy[str]:
    """Words of a script that begin with a letter."""
    letters = SCRIPTS[script]
    firsts = [letter for letter in letters if unicodedata.category(letter)[0] == "L"]
    return st.builds(str.__add__, st.sampled_from(firsts), st.text(letters, min_size=3, max_size=7)).map(str.title)


NAMES = st.sampled_from(sorted(SCRIPTS)).flatmap(lambda script: st.tuples(name_words(script), name_words(script)))

DISGUISES: dict[str, Callable[[str, str], str]] = {
    "plain": lambda given, surname: f"{given} {surname}",
    "surname alone": lambda given, surname: surname,
    "upper case": lambda given, surname: f"{given} {surname}".upper(),
    "NFD": lambda given, surname: unicodedata.normalize("NFD", f"{given} {surname}"),
    "zero width": lambda given, surname: "\u200b".join(f"{given} {surname}"),
    "soft hyphens": lambda given, surname: "\u00ad".join(f"{given}-{surname}"),
    "joiners": lambda given, surname: "\u200d".join(f"{given} {surname}"),
    "hyphenated": lambda given, surname: f"{given}-{surname}",
    "broken": lambda given, surname: f"{given} {surname[:2]}-{surname[2:]}",
    "underscores": lambda given, surname: f"{given}_{surname}",
    "reversed": lambda given, surname: f"{surname}, {given}",
    "behind a line break": lambda given, surname: json.dumps(f"x\n{given} {surname}", ensure_ascii=False),
    "escaped": lambda given, surname: json.dumps(f"{given} {surname}"),
    "escaped twice": lambda given, surname: json.dumps(json.dumps(f"{given} {surname}")),
    "possessive": lambda given, surname: f"{surname}'s",
}


def named(data: Data, name: str) -> Data:
    """The case with a name in every name field."""
    data["patient"].update(name=name, name_latin=name)
    data["encounter"].update(facility_name=name, payer={"payer_class": "unknown", "name": name})
    for person in data["people"]:
        person.update(name=name, name_latin=name, employer=name)
    return data


class TestNames:
    @settings(deadline=None, max_examples=examples(15, 40))
    @given(name=NAMES)
    def test_a_name_is_never_in_a_brief(self, name):
        """Whatever script it is written in."""
        sent = sent_by(loaded(named(with_alert(), " ".join(name))))
        parts = {part.casefold() for part in name}
        assume(not parts & vocabulary_words())
        assert not [part for part in parts if re.search(rf"(?<!\w){re.escape(part)}(?!\w)", sent.casefold())]

    @pytest.mark.parametrize("script", SCRIPTS)
    @settings(deadline=None, max_examples=examples(6, 15))
    @given(data=st.data())
    def test_the_guard_refuses_every_disguise(self, script, data):
        """And knows that it was the name, not only that something looked strange."""
        words = name_words(script)
        given, surname = data.draw(words), data.draw(words)
        ours = own_words("user").words
        assume(not {fold.casefold() for fold in (given, surname)} & ours and len(surname) > 3)
        identifiers = known_identifiers(loaded(named(case(), f"{given} {surname}")))
        missed = [
            disguise
            for disguise, make in DISGUISES.items()
            if not any(
                leak.kind == "name" for leak in leaks(ask(f'{{"text":"the {make(given, surname)} said"}}'), identifiers)
            )
        ]
        assert missed == []

    @pytest.mark.parametrize(
        ("name", "sent"),
        [
            ("Mary O'Brien", "obrien"),
            ("Mary O'Brien", "O’BRIEN"),
            ("Jean-Luc Marchand", "jeanluc"),
            ("Łukasz Wałęsa", "Walesa"),
            ("Søren Kierk", "soren"),
            ("Işık Yılmaz", "ISIK"),
            ("Ng", "Dr. Ng"),
            ("Li Wu", "Wu, Li"),
            ("Li Wu", "Li-Wu"),
            ("王芳", "芳, 王"),
            ("王小明", "小 明"),
            ("김민수", "민수"),
            ("Quokka", "\uff31\uff35\uff2f\uff2b\uff2b\uff21"),
            ("Ada Zebrafinch", "adazebrafinch"),
            ("Ada Zebrafinch", "ZebrafinchAda"),
        ],
    )
    def test_other_spellings_are_refused(self, name, sent):
        """Without marks, joined, short ones as a whole, and in scripts without spaces in parts."""
        data = case()
        data["people"][0]["name"] = name
        assert Leak("name", "/people/0/name") in leaks(ask(f"told {sent} at once"), known_identifiers(loaded(data)))


class TestOurOwnWords:
    @pytest.mark.parametrize("name", ["Left", "Rod", "Surgeon", "Surgical Team", "Abductor Hallucis"])
    def test_a_name_that_is_nothing_but_our_words_stops_no_request(self, name):
        """Nothing could ever be sent otherwise; what is sent says no more than the role."""
        record = loaded(named(with_alert(), name))
        identifiers = known_identifiers(record)
        assert [leaks(row, identifiers) for row in asks_of(record)] == [()] * len(asks_of(record))

    @pytest.mark.parametrize("name", ["Rod Left", "Left Zebrafinch", "Rod Ng", "Surgeon Right"])
    def test_it_is_found_with_its_other_name(self, name):
        """As a whole, in either order, and by whichever part is no word of ours."""
        record = loaded(named(with_alert(), name))
        identifiers = known_identifiers(record)
        assert [leaks(row, identifiers) for row in asks_of(record)] == [()] * len(asks_of(record))
        given, surname = name.split()
        for text in (name, f"{surname}, {given}", f"{given}-{surname}".upper(), f"{given}{surname}"):
            assert "name" in {leak.kind for leak in leaks(ask(f"told {text} at once"), identifiers)}

    def test_a_word_of_the_prompt_counts_as_ours_in_the_system_message_alone(self):
        """A surgeon called May or Short would otherwise never be noticed in what changes from case to case."""
        system = next(row.system for row in asks_of(loaded(with_alert())))
        assert "exact" in words_of(system) - own_words("user").words
        data = with_alert()
        data["people"][0]["name"] = "Wilhelmina Exact"
        identifiers = known_identifiers(loaded(data))
        assert leaks(ask("nothing", system=system), identifiers) == ()
        assert leaks(ask("the exact time"), identifiers) == (Leak("name", "/people/0/name"),)
        assert leaks(ask("nothing", system=f"{system}\nWilhelmina"), identifiers) == (Leak("name", "/people/0/name"),)

    def test_a_persons_own_text_in_our_words_is_found_from_six_words_on(self):
        """Shorter, it is how a coded fact is worded."""
        said = "Amplitude decrease of the left median nerve response"
        identifiers = known_identifiers(loaded(with_alert(note=said)))
        assert leaks(ask(said.lower()), identifiers) == (Leak("text", "/events/0/note"),)
        assert leaks(ask("amplitude decrease of the left"), identifiers) == ()
        identifiers = known_identifiers(loaded(with_alert(note="Left median nerve")))
        assert leaks(ask("left median nerve"), identifiers) == ()


# --- what the guard refuses ------------------------------------------------------------------------------------------

LOOKS = {
    "digits": ["123456", "id 0012345678", "\u0661\u0662\u0663\u0664\u0665\u0666", "１２３４５６"],
    "phone": ["(312) 555-0134", "312-555-0134", "312.555.0134", "+49 30 901820", "call 555-0134"],
    "ssn": ["078-05-1120", "078 05 1120"],
    "email": ["a@b.org", "first.last@hospital.example"],
    "url": ["https://x.test/a", "www.example", "hospital.org", "10.20.30.40", "ftp://h"],
    "calendar_date": ["2026-02-11", "2/11/2026", "2/11/26", "11.02.2026", "Feb 11", "11 February", "May 3"],
    "clock_time": ["09:42", "9:42", "23:59:01", "9 am", "9:42 p.m.", "0942 hrs", "2026-02-11T09:42:00Z"],
    "age": ["91 years", "101-year-old"],
    "script": ["Ιωάννης", "Иван", "山", "שלום", "\U0001f600"],
}


class TestLooks:
    @pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, rows in LOOKS.items() for text in rows])
    def test_what_looks_like_an_identifier_is_refused(self, kind, text):
        """From whatever case, in a sentence and inside JSON."""
        nobody = Identifiers({}, {}, {}, {})
        assert Leak(kind) in check([f"seen {text} there"], nobody)
        assert Leak(kind) in check([json.dumps({"text": text})], nobody)
        with pytest.raises(EndpointError, match="egress"):
            guard_request(ask(text), nobody)

    @pytest.mark.parametrize(
        "text",
        [
            "amplitude −60%, latency +1.3 ms",
            "1 h 41 min; 3 h 05 min; 45 s",
            "12345 µV, 2000 µV, 0.05 mA, 150-1500 Hz",
            "TOF 4/4, ratio 90%",
            "L4-L5, C5/C6, T10, I–V 4.21 ms, 36.0 °C, 47.5 kΩ, σ, Δ",
            'FACTS:\n{"id":"f12","at":"{t10}","by":"{n2}","detail":"{q3}"}',
            "E1, E12, E123, N20, P37, Cz'-Fz",
        ],
    )
    def test_what_reports_are_made_of_passes(self, text):
        """Numbers, units, slots, keys and levels."""
        assert check([text], Identifiers({}, {}, {}, {})) == ()

    def test_a_long_text_takes_no_time_to_speak_of(self):
        """No pattern goes back and forth over a long text."""
        for text in ("1 " * 200_000, "1." * 200_000, "a" * 400_000, "(" * 400_000, "+1 " * 130_000, "\\" * 300_000):
            check([text], known_identifiers(loaded(case())))


class TestGuard:
    def test_a_refusal_says_nothing_of_what_was_found(self):
        """Neither the error, nor its traceback, nor anything that may be logged."""
        record = loaded(case())
        identifiers = known_identifiers(record)
        with pytest.raises(EndpointError, match="egress") as refused:
            guard_request(ask("Canary Zebrafinch"), identifiers)
        assert refused.value.outcome is Outcome.EGRESS
        found = leaks(ask("Canary Zebrafinch"), identifiers)
        assert found == (Leak("name", "/patient/name"),)
        error = refused.value
        shown = (str(error), repr(error), repr(vars(error)), repr(error.__context__), repr(found), repr(identifiers))
        assert "zebrafinch" not in "".join(shown).casefold()

    def test_a_clean_question_passes(self):
        """Nothing is raised."""
        record = loaded(with_alert())
        for row in asks_of(record):
            guard_request(row, known_identifiers(record))

    def test_every_identifier_of_the_patient_is_known(self):
        """Each alone is enough."""
        data = case()
        data["patient"].update(encounter_number="ENC-88-Q", skin_and_allergy_note="latex, see Dr. Vondel")
        data["people"][0].update(npi="1234567893", employer="Zaunkoenig Neuro LLC", work_state="TX")
        data["encounter"].update(facility_npi="9876543213", operating_room="Theatre Quokka")
        data["equipment"] = [{"make_model": "Brand Q7", "device_serial": "SN-00-417-B"}]
        identifiers = known_identifiers(loaded(data))
        texts = ["MRN-7QX-CANARY", "7qx", "ENC-88-Q", "enc 88 q", "vondel", "1234567893", "zaunkoenig", "quokka", "TX"]
        texts += ["SN-00-417-B", "sn 00 417 b", "North Hospital", "Chicago"]
        passed = [text for text in texts if not any(leak.pointer for leak in leaks(ask(f"x {text} y"), identifiers))]
        assert passed == []

    def test_what_billing_knows_is_known(self):
        """Numbers that tie a report to a claim or a payer, who signed it, and when: found by field, and never sent."""
        data = with_alert()
        data["people"].append({"id": "zebrafinch-r", "role": "interpreting_professional", "name": "Quokka, Wanda"})
        data["encounter"]["attachment_control_number"] = "RG-417Q-CANARY"
        data["encounter"]["payer"] = {"payer_class": "medicare_ffs", "payer_id": "7QX31", "member_id": "1EG4-TE5"}
        data["encounter"]["authorization"] = {"number": "AUTH 5512"}
        times = {"drafted_at": "2031-03-27T19:47:00-06:00", "signed_at": "2031-04-05T17:31:00-06:00"}
        data["report"] = {"signed_by": "zebrafinch-r", "delivered_at": "2031-05-09T20:13:00-06:00", **times}
        record = lenient(data)
        identifiers = known_identifiers(record)
        expected = {
            "RG-417Q-CANARY": ("identifier", "/encounter/attachment_control_number"),
            "rg 417q canary": ("identifier", "/encounter/attachment_control_number"),
            "417q": ("identifier", "/encounter/attachment_control_number"),
            "7QX31": ("identifier", "/encounter/payer/payer_id"),
            "payer 7qx31": ("identifier", "/encounter/payer/payer_id"),
            "1EG4 TE5": ("identifier", "/encounter/payer/member_id"),
            "5512": ("identifier", "/encounter/authorization/number"),
            "zebrafinch": ("reference", "/report/signed_by"),
            "2031-03-27": ("date", "/report/drafted_at"),
            "03/27/2031": ("date", "/report/drafted_at"),
            "4/5/2031": ("date", "/report/signed_at"),
            "5/9/2031": ("date", "/report/delivered_at"),
            "19:47": ("time", "/report/drafted_at"),
            "17:31": ("time", "/report/signed_at"),
            "20:13": ("time", "/report/delivered_at"),
        }
        found = {text: [(row.kind, row.pointer) for row in leaks(ask(f"x {text} y"), identifiers)] for text in expected}
        assert {text: leak for text, leak in expected.items() if leak not in found[text]} == {}
        sent = sent_by(record).casefold()
        assert [text for text in expected if text.casefold() in sent] == []
        assert [leaks(row, identifiers) for row in asks_of(record)] == [()] * len(asks_of(record))

    def test_a_field_added_later_is_an_identifier_until_it_is_coded(self):
        """Nobody has to think of the guard."""

        class LaterPatient(Patient, filled_by=FilledBy.SCHEDULE):
            nickname: str | None = None
            nicknames: tuple[str, ...] = ()
            by_place: dict[str, str] | None = None
            turned: Annotated[str, Code("sides")] | None = None

        record = loaded(case())
        more = {"nickname": "Zaunkoenig", "nicknames": ("Quokka",), "by_place": {"Wombat": "Numbat"}, "turned": "left"}
        patient = LaterPatient.model_construct(**{**dict(record.patient), **more})
        identifiers = known_identifiers(record.model_copy(update={"patient": patient}))
        for word in ("zaunkoenig", "quokka", "wombat", "numbat"):
            assert [leak.kind for leak in leaks(ask(word), identifiers)] in (["name"], ["text"])
        assert leaks(ask("turned left"), identifiers) == ()

    def test_peaks_and_derivations_pass_in_their_usual_form_alone(self):
        """The contract gives them a pattern, not a vocabulary; a name fits the pattern."""
        data = case()
        for (peak, montage), row in zip(product(("N20", "Smith"), ("Cz'-Fz", "Jones")), data["channels"], strict=True):
            row.update(peak=peak, montage=montage)
        identifiers = known_identifiers(loaded(data))
        assert leaks(ask("left median nerve N20 SSEP Cz'-Fz"), identifiers) == ()
        assert [leak.kind for leak in leaks(ask("left median nerve Smith SSEP"), identifiers)] == ["peak"]
        assert [leak.kind for leak in leaks(ask("left median nerve SSEP Jones"), identifiers)] == ["montage"]
