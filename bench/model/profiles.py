"""How the endpoints of the model benchmark behave: speed, stalls, faults, and how true their answers are.

All of it is **simulated input**, chosen before anything was run; none of it is a measurement of a vendor. The spread of
times, the correlation within a report and the share of stalls are beliefs; where the medians come from stands beside
each profile.

Chance comes from the seed alone: each draw is a function of profile, seed, report, question and attempt. Two policies
that put the same question of the same report for the same time meet the same luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, sqrt
from random import Random
from types import MappingProxyType
from typing import Final, Literal

__all__ = ["PROFILES", "Fault", "Luck", "Manner", "Profile", "Spread", "luck", "manner"]

Fault = Literal["rate_limited", "server_error", "hang", "reset", "slow", "broken", "empty", "truncated"]
"""How a call goes wrong: 429; 500; nothing, and after 15-30 s the connection ends; RST; the answer 5-15 s late; half of
the JSON; no body; less body than promised."""

Manner = Literal["faithful", "partly", "false"]
"""How an answer words its facts: as a writer did; with about a third of the sentences made false; with all of them."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A log-normal quantity."""

    median: float
    """Its median."""
    sigma: float
    """Standard deviation of its logarithm."""

    def at(self, z: float) -> float:
        """Its value at so many standard deviations."""
        return self.median * exp(self.sigma * z)


@dataclass(frozen=True, slots=True)
class Profile:
    """One simulated endpoint."""

    name: str
    """Its name in tables and paths."""
    source: str
    """Where the medians come from."""
    first_token_s: Spread
    """Seconds to the first token."""
    tokens_per_s: Spread
    """Tokens a second after it."""
    priced_as: str
    """Model whose list price is taken. Empty: the endpoint is one's own, and a call has no price."""
    together: float = 0.5
    """Correlation between the calls of one report, of either quantity."""
    stalls: float = 0.015
    """Share of calls that stall."""
    stall_s: tuple[float, float] = (4.0, 30.0)
    """How long a stall lasts, evenly spread."""
    faults: Mapping[Fault, float] = field(default_factory=lambda: MappingProxyType({}))
    """Share of calls that go wrong, by fault."""
    manners: Mapping[Manner, float] = field(
        default_factory=lambda: MappingProxyType({"faithful": 0.80, "partly": 0.15, "false": 0.05})
    )
    """Share of answers by how true they are."""


@dataclass(frozen=True, slots=True)
class Luck:
    """What one call meets, times in seconds."""

    first_token_s: float
    """To the first token, a stall included."""
    tokens_per_s: float
    """Tokens a second after it."""
    fault: Fault | None
    """How it goes wrong. None: it does not."""
    fault_s: float
    """How long it hangs or is late. 0 with any other fault."""


_FIRST_SIGMA: Final = 0.50
_RATE_SIGMA: Final = 0.30
_FAULT_S: Final[Mapping[Fault, tuple[float, float]]] = MappingProxyType({"hang": (15.0, 30.0), "slow": (5.0, 15.0)})
_MIX: Final[Mapping[Fault, float]] = MappingProxyType(
    {
        "rate_limited": 0.0175,
        "server_error": 0.0175,
        "hang": 0.0175,
        "reset": 0.0175,
        "slow": 0.0175,
        "broken": 0.0175,
        "empty": 0.0175,
        "truncated": 0.0175,
    }
)

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            Profile(
                "hosted_fast",
                "between published medians of Gemini 3 Flash (0.50 s, 200 tok/s) and of small hosted models "
                "(0.4-0.65 s, 180-310 tok/s), 2026",
                Spread(0.5, _FIRST_SIGMA),
                Spread(200.0, _RATE_SIGMA),
                "gpt-5.4-mini",
            ),
            Profile(
                "hosted_mid",
                "near the published medians of GPT-5.4 (0.40 s median, 0.74 s mean, 88 tok/s), 2026",
                Spread(0.6, _FIRST_SIGMA),
                Spread(90.0, _RATE_SIGMA),
                "gpt-5.4",
            ),
            Profile(
                "local_gpu",
                "belief: 8B parameters on one workstation GPU give 60-100 tok/s",
                Spread(0.25, _FIRST_SIGMA),
                Spread(70.0, _RATE_SIGMA),
                "",
            ),
            Profile(
                "hostile",
                "belief: hosted_mid with 14 % of calls faulty, the mix of a public chaos server",
                Spread(0.6, _FIRST_SIGMA),
                Spread(90.0, _RATE_SIGMA),
                "gpt-5.4",
                faults=_MIX,
            ),
        )
    }
)
"""The endpoints by name."""


def luck(profile: Profile, seed: int, report: int, question: str, attempt: int) -> Luck:
    """What a call meets.

    Args:
        profile: The endpoint.
        seed: Seed of the run.
        report: Number of the report.
        question: What tells the question from the report's others.
        attempt: How many times it has been put before in this report.
    """
    shared = _rng(profile, seed, report)
    first, rate = shared.gauss(0.0, 1.0), shared.gauss(0.0, 1.0)
    own = _rng(profile, seed, report, question, attempt)
    mine, rest = sqrt(profile.together), sqrt(1.0 - profile.together)
    first_s = profile.first_token_s.at(mine * first + rest * own.gauss(0.0, 1.0))
    tokens = profile.tokens_per_s.at(mine * rate + rest * own.gauss(0.0, 1.0))
    stalled, stall_s = own.random() < profile.stalls, own.uniform(*profile.stall_s)
    fault = _fault(profile, own.random())
    fault_s = own.uniform(*_FAULT_S[fault]) if fault is not None and fault in _FAULT_S else 0.0
    return Luck(first_s + (stall_s if stalled else 0.0), tokens, fault, fault_s)


def manner(profile: Profile, seed: int, report: int, question: str) -> tuple[Manner, Random]:
    """How true the answer to a question is, and the chance behind its falsehoods; the same for each attempt."""
    rng = _rng(profile, seed, report, question, "manner")
    names = list(profile.manners)
    return rng.choices(names, [profile.manners[name] for name in names])[0], rng


def _fault(profile: Profile, drawn: float) -> Fault | None:
    for name, share in profile.faults.items():
        drawn -= share
        if drawn < 0:
            return name
    return None


def _rng(profile: Profile, *of: object) -> Random:
    return Random("|".join((profile.name, *map(str, of))))  # noqa: S311 - chance of a simulation
