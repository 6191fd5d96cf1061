"""Closed vocabularies as data: each entry with code, printed term, synonyms, source, and further properties."""

from report_gen.vocab.entries import Aspect, Entry, Modality, Muscle, Parameter
from report_gen.vocab.tables import (
    Limit,
    Vocabulary,
    compared_parameters,
    interval_kinds,
    limits,
    modality_of_test,
    names,
    places_in_team,
    signal_classes,
    team_roles,
    vocabulary,
)

__all__ = [
    "Aspect",
    "Entry",
    "Limit",
    "Modality",
    "Muscle",
    "Parameter",
    "Vocabulary",
    "compared_parameters",
    "interval_kinds",
    "limits",
    "modality_of_test",
    "names",
    "places_in_team",
    "signal_classes",
    "team_roles",
    "vocabulary",
]
