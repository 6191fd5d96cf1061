from __future__ import annotations

import re
from collections import Counter

from report_gen.case.contract.base import FilledBy
from report_gen.case.contract.model import contract_models
from report_gen.case.schema import case_schema, field_labels

UNITS = tuple(
    f"_{unit}"
    for unit in (
        *("uv", "ms", "ma", "v", "s", "hz", "mm", "pct", "mmhg", "c", "bpm", "dl", "ml", "kg", "cm", "us"),
        *("kohm", "nhl", "div", "min", "years"),
    )
)
"""How the name of a number ends."""
LABEL = re.compile(r"[A-Z][^_.\n]{1,59}[^_.\n ]")


def properties(schema: dict) -> dict[str, dict]:
    """Every property of the contract by `Model.field`."""
    models = {"Case": schema} | schema["$defs"]
    return {f"{name}.{key}": value for name, model in models.items() for key, value in model["properties"].items()}


class TestCaseSchema:
    def test_it_says_what_it_is(self):
        """Draft 2020-12, with an id of ours."""
        schema = case_schema()
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == "urn:report-gen:schema:case:v1"

    def test_every_field_says_who_fills_it(self):
        """A form, an origin and a question ask the right person; the heads of the models are where it is said."""
        people = {person.value for person in FilledBy}
        assert [name for name, field in properties(case_schema()).items() if field["x-filled-by"] not in people] == []
        fields = properties(case_schema())
        assert fields["Reading.amplitude_uv"]["x-filled-by"] == "technologist"
        assert fields["Reading.quality"]["x-filled-by"] == "professional"

    def test_every_field_has_a_label_and_every_label_a_field(self):
        """A form shows words, never a key; a field that goes takes its label along."""
        fields = {f"{model.__name__}.{name}" for model in contract_models() for name in model.model_fields}
        labels = {f"{model}.{name}" for model, named in field_labels().items() for name in named}
        assert (fields - labels, labels - fields) == (set(), set())

    def test_labels_are_words_that_differ(self):
        """One line, no key, no full stop, none twice in a model; the unit of a number stands in brackets."""
        faults = []
        for model, labels in field_labels().items():
            faults += [f"{model}: {label} twice" for label, count in Counter(labels.values()).items() if count > 1]
            faults += [f"{model}.{name}: {label}" for name, label in labels.items() if not LABEL.fullmatch(label)]
            faults += [
                f"{model}.{name}: no unit"
                for name, label in labels.items()
                if name.endswith(UNITS) and "(" not in label
            ]
        assert faults == []

    def test_every_description_is_one_line_of_sentences(self):
        """Line breaks of the source are not part of the contract."""
        for name, field in properties(case_schema()).items():
            assert "\n" not in field["description"], name
            assert field["description"].endswith("."), name

    def test_every_optional_field_says_what_its_absence_means(self):
        """A missing value must mean one thing."""
        words = ("Absent", "absent", "Empty", "unknown", "not_recorded", "not_applicable", "needed", "by default")
        required = {
            f"{name}.{key}"
            for name, model in ({"Case": case_schema()} | case_schema()["$defs"]).items()
            for key in model.get("required", ())
        }
        silent = [
            name
            for name, field in properties(case_schema()).items()
            if name not in required
            and field.get("default", 0) in (None, [])
            and not any(w in field["description"] for w in words)
        ]
        assert silent == []

    def test_objects_are_closed(self):
        """Unknown keys are errors for every reader of the schema."""
        for name, model in ({"Case": case_schema()} | case_schema()["$defs"]).items():
            assert model["additionalProperties"] is False, name

    def test_times_and_dates_have_their_format(self):
        """What a file may hold is what the schema says."""
        fields = properties(case_schema())
        assert fields["MonitoringInterval.start_at"]["format"] == "date-time"
        assert [part.get("format") for part in fields["Encounter.date_of_service"]["anyOf"]] == ["date", None]

    def test_units_stand_in_the_names_of_numbers(self):
        """A number without a unit in its name is a count, a grade, an index or a dose with its unit beside it."""
        plain = {
            "Reading.bispectral_index",
            "PhysiologyRow.bispectral_index",
            "PhysiologyRow.mac_fraction",
            "ExamFinding.grade_0_5",
            "Condition.threshold",
            "AgentUse.dose",
            "AgentUse.dose_to",
            "Intervention.dose",
            "CaseIntervention.dose",
            "When.amount",
            "When.amount_to",
            "Reading.amplitude_pct_of_baseline",
        }

        def is_number(field: dict) -> bool:
            return any(part.get("type") == "number" for part in (field, *field.get("anyOf", ())))

        for name, field in properties(case_schema()).items():
            if is_number(field) and name not in plain:
                assert name.endswith((*UNITS, "_below")), name
