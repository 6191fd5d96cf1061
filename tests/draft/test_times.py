"""How a page tells by which clock its times are, and which day a time without a date is of."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from report_gen import load_case
from report_gen.draft.model import statements
from report_gen.draft.writer import write
from report_gen.facts import derive
from tests.cases.quiet import case
from tests.selection import SAMPLES

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
OLD_TOKEN = re.compile(r"[+\u2212]\d+ days?\b")


def page(data: dict[str, Any]) -> list[str]:
    """Everything printed."""
    draft = write(derive(load_case(json.dumps(data).encode())), report_id="T-1")
    return [text for _, text, _ in statements(draft)]


def without_zone() -> dict[str, Any]:
    """The quiet case, in which nobody recorded the zone."""
    data = case()
    del data["encounter"]["time_zone"]
    return data


def in_utc() -> dict[str, Any]:
    """The quiet case as a machine set to UTC writes it."""
    changed: dict[str, Any] = json.loads(
        STAMP.sub(lambda match: datetime.fromisoformat(match.group()).astimezone(UTC).isoformat(), json.dumps(case()))
    )
    return changed


def overnight() -> dict[str, Any]:
    """The sample of a night on which the clock goes back."""
    data: dict[str, Any] = json.loads((SAMPLES / "invented_overnight_clock_change.json").read_text(encoding="utf-8"))
    return data


def test_of_one_day_names_zone_and_clock_alone():
    """Nothing is explained that needs no explanation."""
    assert "Times: monitoring machine, America/Chicago" in page(case())


def test_says_that_the_zone_is_not_recorded():
    """And prints the times as they are."""
    said = page(without_zone())
    assert "Times: monitoring machine, as stamped: the time zone is not recorded" in said
    assert [text for text in said if text not in page(case())] == [
        text for text in said if text.startswith(("Monitoring: ", "Times: "))
    ]


def test_says_that_there_is_no_time():
    """Where nothing was stamped nothing is said of stamps."""
    data = json.loads((SAMPLES / "invented_thin_aneurysm_untimed_mep.json").read_text(encoding="utf-8"))
    assert "Times: clock not recorded, no time by the clock is recorded" in page(data)


def test_stamped_in_utc_prints_the_clock_of_the_facility_and_says_what_was_stamped():
    """Word for word the page of the record in local time, and one sentence more."""
    local, stamped = page(case()), page(in_utc())
    (more,) = [text for text in stamped if text not in local]
    assert re.fullmatch(
        r"\d+ times of the record bear \+00:00; America/Chicago had \u221206:00 then\. "
        r"Times are printed by the clock of America/Chicago\.",
        more,
    )
    assert [text for text in stamped if text != more] == local


def test_over_midnight_and_a_change_of_the_clock_tells_day_and_zone_once():
    """No token of days or offsets stands in a time."""
    said = page(overnight())
    assert (
        "Times: monitoring machine, America/New_York; EDT until 02:00 on 2026-11-01, then EST; "
        "times from 00:00 to 04:00 are of 2026-11-01"
    ) in said
    assert [text for text in said if OLD_TOKEN.search(text) or "UTC" in text] == []
    assert any(text.startswith("Monitoring: 2026-10-31 22:12 EDT to 2026-11-01 02:58 EST (") for text in said)
