"""Draws what a run found: waiting times by policy, growth, throughput. SVG and PNG, the same bytes every time.

Readable in grey: what differs in color also differs in place, marker or line style. Needs matplotlib (extra `bench`),
which is imported only when something is drawn.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from math import log
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from bench.measure import FOR_P99, percentile
from bench.result import Row, Run
from bench.table import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

__all__ = ["LIMIT_S", "plots"]

LIMIT_S: Final = 6.0
"""A report may take so long."""
_APART: Final = " / "
_BANDS: Final = ((0.0, 1.0, 1.0), (0.05, 0.95, 3.5), (0.25, 0.75, 8.0))
"""Shares of the values between which a line is drawn, and its width in points."""
_STYLES: Final = (
    ("o", "-", "#0b4f9c"),
    ("s", "--", "#c4500a"),
    ("^", "-.", "#2b7a2b"),
    ("D", ":", "#8a2a86"),
    ("v", "-", "#7a5a00"),
    ("P", "--", "#008080"),
    ("X", "-.", "#b0103a"),
    ("<", ":", "#555555"),
    ("*", "-", "#000000"),
    (">", "--", "#5a7fb5"),
)
"""Marker, line style and color, by place."""
_HATCHES: Final = ("", "////", "....", "\\\\\\\\", "xxxx")
_LINE_IN: Final = 0.16
"""Height of a line at the foot, in inches."""
_INK: Final = "#222222"
_BAND_COLOR: Final = "#4a76a8"
_SETTINGS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        # Text stays text, and names inside the file do not depend on chance.
        "svg.fonttype": "none",
        "svg.hashsalt": "report_gen.bench",
        "font.family": ["DejaVu Sans"],
        "font.size": 9.0,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#555555",
        "axes.labelcolor": _INK,
        "axes.titlesize": 10.0,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.axisbelow": True,
        "grid.color": "#d8d8d8",
        "grid.linewidth": 0.6,
        "text.color": _INK,
        "hatch.linewidth": 0.5,
    }
)


def plots(run: Run) -> dict[str, bytes]:
    """Every plot that the run has rows for, by the end of its file name: `policies.svg`, `policies.png` and so on.

    Raises:
        ImportError: Something is to be drawn, and matplotlib is not installed.
    """
    drawn: dict[str, bytes] = {}
    for name, part, draw in _PLOTS:
        found = run.part(part)
        rows = [row for row in found.rows if not row.failed and not row.skipped] if found else []
        drawn |= _files(name, draw, rows, run)
    return drawn


def _files(
    name: str, draw: Callable[[Sequence[Row]], Drawing | None], rows: Sequence[Row], run: Run
) -> dict[str, bytes]:
    if not rows:
        return {}
    from matplotlib import rc_context

    settings: Any = _SETTINGS  # the stubs list every key of matplotlib's, ours are among them
    with rc_context(settings):
        drawing = draw(rows)
        if drawing is None:
            return {}
        _beneath(drawing, 0, _caption(run))
        return {f"{name}.svg": _svg(drawing, name), f"{name}.png": _png(drawing, name)}


def _svg(drawing: Drawing, title: str) -> bytes:
    sink = io.BytesIO()
    drawing.savefig(sink, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    # Kept with the source: no blanks at the end of a line, one newline at the end.
    lines = sink.getvalue().decode().splitlines()
    return ("\n".join(line.rstrip() for line in lines).rstrip() + "\n").encode()


def _png(drawing: Drawing, title: str) -> bytes:
    sink = io.BytesIO()
    drawing.savefig(sink, format="png", dpi=144, metadata={"Software": None, "Title": title})
    return sink.getvalue()


def _caption(run: Run) -> str:
    facts = run.machine
    where = f"{number(facts.get('processor'))}, {number(facts.get('cores'))} cores"
    return f"{where} · {run.started_at[:10]} · commit {run.commit or 'unknown'} · {run.scale}, seed {run.seed}"


def _drawing(width: float, height: float, key: str = "") -> Drawing:
    """An empty drawing of this size in inches, with how to read it at its foot and room for the caption under that."""
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(width, height), layout="constrained")
    foot = _LINE_IN * (2 + bool(key)) / height
    drawing.get_layout_engine().set(rect=(0, foot, 1, 1 - foot))  # type: ignore[union-attr, call-arg]
    if key:
        _beneath(drawing, 1, key)
    return drawing


def _beneath(drawing: Drawing, line: int, text: str) -> None:
    width, height = drawing.get_size_inches()
    drawing.text(0.08 / width, (0.06 + _LINE_IN * line) / height, text, fontsize=7, color="#444444", va="bottom")


def _groups(rows: Sequence[Row]) -> dict[str, dict[str, Row]]:
    """Rows named `a / b`, by `a` and then by `b`."""
    groups: dict[str, dict[str, Row]] = {}
    for row in rows:
        group, apart, rest = row.name.partition(_APART)
        if apart:
            groups.setdefault(group, {})[rest] = row
    return groups


def _policies(rows: Sequence[Row]) -> Drawing | None:
    """One panel for each profile, one line for each policy: how long its reports took."""
    waited = [row for row in rows if row.samples.get("wall_s")]
    # What has no endpoint to wait for stands in every panel.
    alone = {row.name: row for row in waited if _APART not in row.name}
    groups = {profile: group | alone for profile, group in _groups(waited).items()}
    if not groups:
        return None
    policies = list(dict.fromkeys(name for group in groups.values() for name in group))
    columns = min(len(groups), 2)
    deep = -(-len(groups) // columns)
    fewest = min(len(row.samples["wall_s"]) for row in waited)
    high = "p99" if fewest >= FOR_P99 else "max"
    key = (
        f"Line: all reports. Bar: middle 90 %, thick middle 50 %. Circle: median. Triangle: {high}. Dashed: "
        f"{LIMIT_S:g} s; at the right, the reports within it."
    )
    drawing = _drawing(1.2 + 4.6 * columns, 0.7 + deep * (0.85 + 0.34 * len(policies)), key)
    panels = drawing.subplots(deep, columns, sharex=True, sharey=True, squeeze=False).flat
    for axes, (profile, group) in zip(panels, groups.items(), strict=False):
        axes.set_title(f"endpoint: {profile}")
        for place, policy in enumerate(policies):
            if policy in group:
                _waits(axes, place, group[policy].samples["wall_s"])
        axes.axvline(LIMIT_S, color="#b0103a", linestyle="--", linewidth=1.2)
        axes.grid(axis="x", which="major")
        axes.set_xscale("log")
        _plain(axes.xaxis)
        axes.set_xlabel("seconds until the report is there")
        axes.text(1.01, -0.62, f"≤ {LIMIT_S:g} s", transform=axes.get_yaxis_transform(), fontsize=8, va="bottom")
        axes.set_yticks(range(len(policies)), policies)
        axes.set_ylim(len(policies) - 0.4, -0.6)
        axes.tick_params(axis="x", labelbottom=True)
    for axes in list(drawing.axes)[len(groups) :]:
        axes.remove()
    return drawing


def _waits(axes: Axes, place: int, values: Sequence[float]) -> None:
    for low, high, width in _BANDS:
        ends = [percentile(values, low), percentile(values, high)]
        axes.plot(ends, [place, place], color=_BAND_COLOR, linewidth=width, solid_capstyle="butt", zorder=2)
    marks: dict[str, Any] = {"markeredgecolor": _INK, "markerfacecolor": "white", "linestyle": "none", "zorder": 3}
    axes.plot([percentile(values, 0.5)], [place], marker="o", markersize=5, **marks)
    high = percentile(values, 0.99) if len(values) >= FOR_P99 else max(values)
    axes.plot([high], [place], marker="^", markersize=5, **marks)
    within = 100 * sum(value <= LIMIT_S for value in values) / len(values)
    axes.text(
        1.01,
        place,
        f"{number(within, '%')} %",
        transform=axes.get_yaxis_transform(),
        fontsize=8,
        ha="left",
        va="center",
    )


def _growth(rows: Sequence[Row]) -> Drawing | None:
    """One panel for each thing that grows, one line for each stage, beside n log n."""
    groups = _groups([row for row in rows if row.samples.get("size") and row.samples.get("ms")])
    if not groups:
        return None
    stages = list(dict.fromkeys(name for group in groups.values() for name in group))
    drawing = _drawing(1.0 + 3.5 * len(groups), 5.4)
    panels = drawing.subplots(1, len(groups), sharey=True, squeeze=False).flat
    for axes, (axis, group) in zip(panels, groups.items(), strict=True):
        axes.set_title(axis)
        for stage, row in group.items():
            _line(axes, stage, row, _STYLES[stages.index(stage) % len(_STYLES)])
        _guide(axes, list(group.values()))
        axes.set_xscale("log")
        axes.set_yscale("log")
        _plain(axes.xaxis)
        _plain(axes.yaxis)
        axes.set_xticks(sorted({size for row in group.values() for size in row.samples["size"]})[::2])
        axes.minorticks_off()
        axes.grid(which="major")
        axes.set_xlabel("how many in the case")
        axes.legend(
            fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, frameon=False, handlelength=3.2
        )
    drawing.axes[0].set_ylabel("ms of CPU")
    return drawing


def _line(axes: Axes, stage: str, row: Row, style: tuple[str, str, str]) -> None:
    marker, dashes, color = style
    exponent = row.figures.get("exponent")
    label = f"{stage}, n^{exponent:.2f}" if isinstance(exponent, float) else stage
    points = sorted(zip(row.samples["size"], row.samples["ms"], strict=True))
    axes.plot(
        *zip(*points, strict=True),
        marker=marker,
        linestyle=dashes,
        color=color,
        markersize=4.5,
        linewidth=1.2,
        label=label,
    )


def _guide(axes: Axes, rows: Sequence[Row]) -> None:
    """What n log n looks like, through the slowest last point: beside it, whatever grows faster starts below."""
    sizes = sorted({size for row in rows for size in row.samples["size"]})
    highest = max(max(zip(row.samples["size"], row.samples["ms"], strict=True))[1] for row in rows)
    # Sizes that are multiples of a case start at 1, whose logarithm is nothing to start from.
    shift = 0.0 if sizes[0] > 1 else 1.0
    work = [size * (shift + log(size)) for size in sizes]
    line = [1.3 * highest * part / work[-1] for part in work]
    axes.plot(sizes, line, color="#999999", linewidth=4, alpha=0.5, zorder=1, label="n log n")


def _throughput(rows: Sequence[Row]) -> Drawing | None:
    """Reports in a second, and the memory held over many reports."""
    speeds = [(row.name, value) for row in rows if isinstance(value := row.figures.get("reports_per_s"), (int, float))]
    held = [row for row in rows if row.samples.get("reports") and row.samples.get("mib")]
    if not speeds and not held:
        return None
    count = bool(speeds) + bool(held)
    drawing = _drawing(0.6 + 4.9 * count, max(3.2, 1.3 + 0.42 * len(speeds)))
    panels = list(drawing.subplots(1, count, squeeze=False).flat)
    if speeds:
        _bars(panels[0], speeds)
    if held:
        _memory(panels[-1], held)
    return drawing


def _bars(axes: Axes, speeds: Sequence[tuple[str, float]]) -> None:
    groups = list(dict.fromkeys(name.partition(_APART)[0] for name, _ in speeds))
    for place, (name, value) in enumerate(speeds):
        which = groups.index(name.partition(_APART)[0]) % len(_HATCHES)
        axes.barh(place, value, height=0.65, color="#c9d9ea", edgecolor=_BAND_COLOR, hatch=_HATCHES[which])
        axes.annotate(number(float(value)), (value, place), (4, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_yticks(range(len(speeds)), [name.replace(_APART, "\n", 1) for name, _ in speeds])
    axes.set_ylim(len(speeds) - 0.4, -0.6)
    axes.set_xlim(0, 1.15 * max(value for _, value in speeds) or 1)
    axes.grid(axis="x")
    axes.set_title("speed")
    axes.set_xlabel("reports per second")


def _memory(axes: Axes, held: Sequence[Row]) -> None:
    for row, (marker, dashes, color) in zip(held, _STYLES, strict=False):
        points = sorted(zip(row.samples["reports"], row.samples["mib"], strict=True))
        often = max(len(points) // 12, 1)
        axes.plot(
            *zip(*points, strict=True),
            marker=marker,
            markevery=often,
            linestyle=dashes,
            color=color,
            markersize=4.5,
            label=row.name,
        )
    axes.set_ylim(0, 1.2 * max(max(row.samples["mib"]) for row in held))
    axes.grid()
    axes.set_title("memory")
    axes.set_xlabel("reports made by one process")
    axes.set_ylabel("MiB held")
    axes.legend(fontsize=8, frameon=False, loc="lower right")


def _plain(axis: Any) -> None:
    """Powers of ten as plain numbers."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axis.set_minor_formatter(NullFormatter())


_PLOTS: Final[tuple[tuple[str, str, Callable[[Sequence[Row]], Drawing | None]], ...]] = (
    ("policies", "model", _policies),
    ("growth", "growth", _growth),
    ("throughput", "throughput", _throughput),
)
