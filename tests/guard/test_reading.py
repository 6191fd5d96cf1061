"""Sentences read into terms, numbers with units, times, masks, denials and unknown words."""

from __future__ import annotations

import pytest

from report_gen.guard.reading import Mask, concepts_of, hide, read


def _numbers(text):
    """The numbers of a sentence with their units."""
    return [token.value for token in read(text).tokens if token.kind == "number"]


def _kinds(text, *masks):
    """What each thing in a sentence is."""
    return [token.kind for token in read(text, masks).tokens]


def _says(text):
    """What the terms of a sentence say, in every sense."""
    return {name for token in read(text).tokens for meaning in token.meanings for name in meaning}


class TestNumbers:
    @pytest.mark.parametrize("text", ["17%", "17 %", "17 percent", "seventeen percent", "17.0%", "Seventeen %"])
    def test_a_percentage_in_every_form(self, text):
        """Digits or letters, sign or word."""
        assert _numbers(text) == ["17 %"]

    @pytest.mark.parametrize(
        "text",
        [
            "1 h 44 min",
            "104 minutes",
            "104 min",
            "one hour and 44 minutes",
            "1 hour 44 minutes",
            "1 hr and forty-four mins",
            "6240 seconds",
            "1 h 43 min 60 s",
        ],
    )
    def test_a_length_in_every_form(self, text):
        """One length, however it is parted."""
        assert _numbers(text) == ["6240 sec"]

    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("4 µg/min", ["4 µg/min"]),
            ("0.5 mg", ["0.5 mg"]),
            ("85 mmHg", ["85 mmhg"]),
            ("twenty-one", ["21"]),
            ("twenty", ["20"]),
            ("a single", ["1"]),
            ("1.50 ms", ["1.5 ms"]),
            ("ratio 4/4", ["4/4"]),
            ("−60%", ["-60 %"]),
            ("-60%", ["-60 %"]),
            ("+1.2 ms", ["1.2 ms"]),
            ("17 channels", ["17"]),
            ("1 h and 2 channels", ["3600 sec", "2"]),
            ("5 min and 1 h", ["300 sec", "3600 sec"]),
            ("no number", []),
        ],
    )
    def test_other_numbers(self, text, numbers):
        """Units stay with their numbers, signs too; a longer unit does not follow a shorter one."""
        assert _numbers(text) == numbers

    def test_a_sign_counts_and_a_range_does_not(self):
        """`5-7` is two numbers, not five and minus seven."""
        assert _numbers("5-7") == ["5", "7"]
        assert _numbers("fell by -7") == ["-7"]

    @pytest.mark.parametrize("text", ["11:28", "9:05", "11:28:30", "11h28"])
    def test_a_clock_time_is_no_number(self, text):
        """A time that is not masked is one that nobody recorded."""
        assert _kinds(text) == ["time"]


class TestTerms:
    @pytest.mark.parametrize(
        ("text", "concepts"),
        [
            ("L4-5", {"code.l4", "code.l5"}),
            ("L4-L5", {"code.l4", "code.l5"}),
            ("L4/5", {"code.l4", "code.l5"}),
            ("T9", {"code.t9"}),
            ("the N20 and the P37", {"code.n20", "code.p37"}),
            ("E12", {"code.e12"}),
        ],
    )
    def test_levels_peaks_and_events(self, text, concepts):
        """A range names both ends."""
        assert _says(text) == concepts

    @pytest.mark.parametrize(
        "text",
        ["tibialis anterior", "Tibialis Anterior", "tibialis anterior muscle", "TA"],
    )
    def test_a_muscle_by_every_name(self, text):
        """The longest name wins; the abbreviation counts in capitals."""
        assert "muscles.tibialis_anterior" in _says(text)

    def test_an_abbreviation_in_small_letters_is_no_muscle(self):
        """`ta` may be anything."""
        assert "muscles.tibialis_anterior" not in _says("ta")

    @pytest.mark.parametrize("text", ["posterior tibial nerve", "tibialis anterior"])
    def test_names_that_share_letters_stay_apart(self, text):
        """A tibial nerve is no tibialis."""
        names = {name.partition(".")[0] for name in _says(text)}
        assert len(names & {"muscles", "nerves"}) == 1

    @pytest.mark.parametrize(
        "text", ["both sides", "bilaterally", "left and right", "right and left", "on either side", "bilateral"]
    )
    def test_two_sides_are_one_concept(self, text):
        """However they are said."""
        assert "both" in _says(text)

    @pytest.mark.parametrize("text", ["both L TA and R TA", "were both absent"])
    def test_both_that_joins_names_no_side(self, text):
        """The word alone decides nothing."""
        assert "both" not in _says(text)

    def test_a_modality_says_its_family_and_its_limb(self):
        """Names that share words share concepts."""
        assert {"ssep", "limb_lower"} <= _says("lower-limb SSEP")
        assert {"free_run", "emg"} <= _says("free-run EMG")

    def test_words_of_a_value_say_themselves(self):
        """A cause has no entry of its own and must still be said."""
        assert concepts_of("derotation") == concepts_of("derotated")
        assert concepts_of("derotation") != concepts_of("distraction")
        assert concepts_of("") == frozenset()


class TestMasks:
    def _masked(self, text, kind, words):
        """Whether the words were found."""
        return any(token.kind == "mask" for token in read(text, [Mask(kind, words)]).tokens)

    @pytest.mark.parametrize("name", ["Person, A. B., MD", "王伟", "محمد علي", "O'Neil-Smith", "Left, Right"])
    def test_a_name_in_any_script(self, name):
        """What it says is never read."""
        reading = read(f"Told by {name} at once", [Mask("name", name)])
        assert not reading.strange
        assert [token.mask for token in reading.tokens if token.kind == "mask"] == [0]

    def test_a_name_without_its_mask_is_strange(self):
        """The same letters are look-alikes where no fact has them."""
        assert read("Told by 王伟").strange

    @pytest.mark.parametrize("text", ["it is “on hold”", 'it is "on hold"', "it is so (on hold)"])
    def test_a_quotation_that_is_marked(self, text):
        """By quotation marks, or set apart."""
        assert self._masked(text, "quote", "on hold")

    @pytest.mark.parametrize("text", ["On hold", "“ON HOLD”", "“on holding”", "“on  hold”", "nothing", "upon hold"])
    def test_a_quotation_changed_is_not_one(self, text):
        """A person's words stand as they were said."""
        assert not self._masked(text, "quote", "on hold")

    @pytest.mark.parametrize("text", ["Loss of the Response", "loss of the response", "“loss of the response”"])
    def test_verbatim_words_in_another_case(self, text):
        """At the head of a sentence they begin with a capital."""
        assert self._masked(text, "verbatim", "loss of the response")

    @pytest.mark.parametrize("text", ["amplitude −60%", "amplitude -60%"])
    def test_a_minus_in_verbatim_words_has_two_forms(self, text):
        """Typed as a hyphen it is the same sign."""
        assert self._masked(text, "verbatim", "amplitude −60%")

    @pytest.mark.parametrize(("text", "found"), [("at 11:28.", True), ("at 11:28:30.", False), ("at 111:28.", False)])
    def test_a_time_is_whole(self, text, found):
        """A minute is not found inside a second."""
        assert self._masked(text, "time", "11:28") is found

    def test_the_longer_mask_is_found_first(self):
        """A time with its day is not cut."""
        masks = [Mask("time", "00:10"), Mask("time", "00:10 (+1 day)")]
        found = [token.mask for token in read("at 00:10 (+1 day) and 00:10", masks).tokens if token.kind == "mask"]
        assert found == [1, 0]

    def test_letters_are_compared_as_they_look(self):
        """Composed and decomposed letters are the same."""
        assert self._masked("told Jose\u0301", "name", "Jos\u00e9")


class TestStrange:
    @pytest.mark.parametrize(
        "text",
        [
            "The surge\u043en paused.",
            "The surgeon\u200b paused.",
            "The surgeon\u200d paused.",
            "The \u202esurgeon paused.",
            "The surgeon \u2066paused.",
            "The surgeon\x00 paused.",
            "The surgeon paused.\n",
            "The surgeon\tpaused.",
            "The surgeon\u00a0paused.",
            "<b>The surgeon paused.</b>",
            "The {t1} surgeon paused.",
            "The **surgeon** paused.",
            "The surgeon `paused`.",
            "The surgeon # paused.",
            "The surgeon paused = stopped.",
            "The surgeon \ue000 paused.",
            "The surgeon \uff50aused.",
            "The surgeon paused \u0665 times.",
            "The surgeon “paused”.",
            'The surgeon "paused".',
        ],
    )
    def test_a_sentence_with_other_signs_is_strange(self, text):
        """Look-alikes, hidden signs, markup, slots that were not filled, quotations of nobody."""
        assert read(text).strange

    @pytest.mark.parametrize(
        "text", ["Amplitude fell; 60% (of 2 µV), that's −1.5 ms: I–V/III.", "A “quotation”, at 3 °C ≥ 2 × 1"]
    )
    def test_signs_of_a_report_are_not(self, text):
        """What the template itself writes."""
        assert not read(text, [Mask("quote", "quotation")]).strange

    def test_a_micro_sign_has_two_letters(self):
        """The Greek letter is the same unit."""
        assert _numbers("4 \u03bcg") == _numbers("4 \u00b5g")
        assert hide("4 \u03bcg", ())[1] is False


class TestDenials:
    @pytest.mark.parametrize("word", ["not", "no", "never", "without", "cannot", "neither", "nor", "none", "unable"])
    def test_a_denial_is_one_wherever_it_stands(self, word):
        """Whether a frame explains it is for the facts to say."""
        denials = [token.raw for token in read(f"The surgeon {word} paused").tokens if token.kind == "denial"]
        assert denials == [word] or "denial" not in _kinds(f"The surgeon {word} paused")

    def test_a_denial_without_a_frame_is_explained_by_nothing(self):
        """`did not pause` reads as no absence that the facts know."""
        (denial,) = [token for token in read("The surgeon did not pause surgery").tokens if token.kind == "denial"]
        assert denial.denied == ()

    @pytest.mark.parametrize(
        ("text", "frame"),
        [
            ("The time is not recorded.", "not_recorded"),
            ("No interventions are documented.", "not_recorded"),
            ("It was not acknowledged.", "not_acknowledged"),
            ("It cannot be computed.", "not_computable"),
            ("The criterion was not met.", "none_met"),
            ("It didn't meet the criterion.", "none_met"),
        ],
    )
    def test_a_denial_inside_a_frame_names_it(self, text, frame):
        """Absences that a report has words for."""
        reading = read(text)
        assert frame in {row.name for row in reading.frames}
        assert any(frame in token.denied for token in reading.tokens if token.kind == "denial")

    @pytest.mark.parametrize("text", ["it failed", "it failed to return", "a lack of it", "he refused"])
    def test_denials_in_disguise_are_not_plain(self, text):
        """None is a word that says nothing."""
        assert set(_kinds(text)) & {"denial", "term", "claim"}


class TestWords:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [("the", "plain"), ("squiggle", "unknown"), (";", "stop"), ("because", "claim"), ("due to", "claim")],
    )
    def test_what_a_word_is(self, text, kind):
        """Plain, forbidden, or not known at all."""
        assert _kinds(text) == [kind]

    @pytest.mark.parametrize(
        ("word", "reason"),
        [
            ("caused", "cause"),
            ("secondary to", "cause"),
            ("deficit", "prognosis"),
            ("successfully", "cause"),
            ("normal", "judgement"),
            ("always", "absolute"),
            ("continuous", "claim"),
            ("probably", "hedge"),
            ("error", "blame"),
        ],
    )
    def test_a_claim_says_its_kind(self, word, reason):
        """So that a refusal can say why."""
        (token,) = read(word).tokens
        assert (token.kind, token.value) == ("claim", reason) or token.value in ("judgement", "prognosis")

    def test_words_between_two_places(self):
        """As many as begin there."""
        reading = read("one two three")
        assert [token.raw for token in reading.words(4, 9)] == ["two", "three"]
        assert reading.words(0, 0) == ()
