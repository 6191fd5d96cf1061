from __future__ import annotations

from report_gen.case import case_schema
from report_gen.case.schema import SUPPLIERS


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

    def test_every_field_names_its_supplier(self):
        """Who fills a field is part of the contract; the letter is not left in the text."""
        for name, field in properties(case_schema()).items():
            assert field["x-supplier"] in SUPPLIERS.values(), name
            assert not field["description"].startswith("["), name

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
        assert fields["Encounter.date_of_service"]["format"] == "date"

    def test_units_stand_in_the_names_of_numbers(self):
        """A number without a unit in its name is a count, a grade, an index or a dose with its unit beside it."""
        units = tuple(
            f"_{unit}"
            for unit in (
                *("uv", "ms", "ma", "v", "s", "hz", "mm", "pct", "mmhg", "c", "bpm", "dl", "ml", "kg", "cm", "us"),
                *("kohm", "nhl", "div", "years", "below"),
            )
        )
        plain = {
            "Reading.bispectral_index",
            "PhysiologyRow.bispectral_index",
            "PhysiologyRow.mac_fraction",
            "ExamFinding.grade_0_5",
            "Condition.threshold",
            "AgentUse.dose",
            "AgentUse.dose_to",
            "Intervention.dose",
            "Reading.amplitude_pct_of_baseline",
        }

        def is_number(field: dict) -> bool:
            return any(part.get("type") == "number" for part in (field, *field.get("anyOf", ())))

        for name, field in properties(case_schema()).items():
            if is_number(field) and name not in plain:
                assert name.endswith(units), name
