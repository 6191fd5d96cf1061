"""A configuration that cannot be used, or must not be, is refused where it is written."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from report_gen.errors import ExitCode, FileAccessError, NarrationConfigError
from report_gen.llm.config import EndpointConfig, is_loopback

HERE = "http://127.0.0.1:8000/v1"


class TestWhere:
    @pytest.mark.parametrize(
        "base_url",
        [HERE, "http://127.9.9.9", "https://localhost:1/v1", "http://LOCALHOST", "http://[::1]:8000/v1"],
    )
    def test_on_this_machine(self, base_url):
        """Loopback addresses written out, and localhost."""
        assert is_loopback(base_url)
        assert EndpointConfig(model="m", base_url=base_url).loopback

    @pytest.mark.parametrize(
        "base_url",
        [
            None,
            "https://api.openai.com/v1",
            "http://192.168.0.7:8000",
            "http://0.0.0.0:8000",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://127.1",
            "http://2130706433",
            "http://[::ffff:192.0.2.1]",
        ],
    )
    def test_elsewhere_needs_permission(self, base_url):
        """Including what only looks like this machine; the message does not repeat the address."""
        with pytest.raises(ValueError, match="allow_remote = true") as caught:
            EndpointConfig(model="m", base_url=base_url)
        assert "192" not in str(caught.value)
        assert not EndpointConfig(model="m", base_url=base_url, allow_remote=True).loopback

    @pytest.mark.parametrize(
        "base_url",
        [
            "",
            "127.0.0.1:8000",
            "ftp://127.0.0.1",
            "http://",
            "http:///v1",
            "http://user:pass@127.0.0.1",
            "http://127.0.0.1@evil.example",
            "http://127.0.0.1\\@evil.example",
            "http://127.0.0.1:8000/v1?key=x",
            "http://127.0.0.1:8000/v1#x",
            "http://127.0.0.1:99999",
            "http://127.0.0.1:8000/ v1",
            "http://127.0.0.1\t/v1",
            "http://127.0.0.1\n",
            "http://lоcalhost",
            "http://[::1",
        ],
    )
    def test_an_address_that_two_readers_could_read_differently_is_refused(self, base_url):
        """Or that holds more than an address; it is not repeated, as it may hold a password."""
        with pytest.raises(ValueError, match="http:// or https://, a host and a path") as caught:
            EndpointConfig(model="m", base_url=base_url, allow_remote=True)
        assert "evil" not in str(caught.value)
        assert "pass@" not in str(caught.value)


class TestValues:
    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"model": ""}, "/model: expected a name without control characters"),
            ({"model": "a\nb"}, "/model: expected a name without control characters"),
            ({"model": None}, "/model: expected text"),
            ({"api": "completions"}, "/api: expected 'chat' or 'responses'"),
            ({"structured": "strict"}, "/structured: expected 'auto', 'json_schema'"),
            ({"token_cap": "n_predict"}, "/token_cap: expected 'auto'"),
            ({"reasoning_effort": " "}, "/reasoning_effort: expected a name"),
            ({"azure_api_version": "2026-01-01", "base_url": None}, "base_url beside azure_api_version"),
            ({"api_key_env": "sk-12"}, "/api_key_env: expected another form"),
            ({"allow_remote": "yes"}, "/allow_remote: expected true or false"),
            ({"allow_remote": 1}, "/allow_remote: expected true or false"),
            ({"hedge": "on"}, "/hedge: expected true or false"),
            ({"max_calls": True}, "/max_calls: expected a whole number"),
            ({"max_calls": 0}, "/max_calls: expected greater than or equal to 1"),
            ({"max_attempts": 11}, "/max_attempts: expected less than or equal to 10"),
            ({"deadline_s": 0}, "/deadline_s: expected greater than 0"),
            ({"deadline_s": float("nan")}, "/deadline_s: expected a finite number"),
            ({"deadline_s": 61}, "/deadline_s: expected less than or equal to 60"),
            ({"hedge_after_s": -1.0}, "/hedge_after_s: expected greater than 0"),
            ({"temperature": 2.1}, "/temperature: expected less than or equal to 2"),
            ({"temperature": float("nan")}, "/temperature: expected a finite number"),
        ],
    )
    def test_one_that_cannot_be_used_is_named(self, fields, message):
        """With what to write instead."""
        with pytest.raises(NarrationConfigError, match=message) as caught:
            EndpointConfig.from_toml(b"", {"model": "m", "base_url": HERE, **fields})
        assert (caught.value.code, caught.value.exit_code) == ("llm.invalid", ExitCode.USAGE)
        with pytest.raises(ValueError, match="validation error"):
            EndpointConfig(**{"model": "m", "base_url": HERE, **fields})

    def test_a_key_written_by_mistake_is_not_repeated(self):
        """Its place is the environment."""
        with pytest.raises(ValueError, match="api_key_env") as caught:
            EndpointConfig(model="m", base_url=HERE, api_key_env="sk-secret-1")
        assert "sk-secret" not in str(caught.value)

    def test_everything_that_is_wrong_is_told_at_once(self):
        """Each with its place, what is asked for and what the field is; no value."""
        text = f'modle = "m"\nbase_url = "{HERE}"\napi = "x"\ndeadline_s = 0\napi_key_env = "sk-secret-1"\n'
        with pytest.raises(NarrationConfigError, match="the model configuration: ") as caught:
            EndpointConfig.from_toml(text.encode())
        problems = {problem.pointer: problem for problem in caught.value.problems}
        assert {pointer: problem.code for pointer, problem in problems.items()} == {
            "/model": "llm.missing_key",
            "/modle": "llm.unknown_key",
            "/api": "llm.invalid_value",
            "/deadline_s": "llm.invalid_value",
            "/api_key_env": "llm.invalid_value",
        }
        assert problems["/deadline_s"].expected == "greater than 0 (Seconds for all questions of a report)"
        assert "sk-secret" not in str(caught.value)

    def test_it_cannot_be_changed(self):
        """One value for all threads."""
        with pytest.raises(ValidationError, match="frozen"):
            EndpointConfig(model="m", base_url=HERE).model = "other"

    @pytest.mark.parametrize(
        ("fields", "hosted"),
        [
            ({"base_url": None}, True),
            ({"base_url": "https://eu.api.openai.com/v1"}, True),
            ({"base_url": "https://r.openai.azure.com/openai/v1"}, True),
            ({"base_url": "https://gateway.example/azure", "azure_api_version": "2026-01-01"}, True),
            ({"base_url": "https://notopenai.com/v1"}, False),
            ({"base_url": HERE}, False),
        ],
    )
    def test_openai_and_azure_are_known_by_their_hosts(self, fields, hosted):
        """The whole name or a part of it after a dot."""
        assert EndpointConfig(model="m", allow_remote=True, **fields).hosted_by_openai is hosted

    def test_whether_a_key_is_there(self, monkeypatch):
        """Blank is not there."""
        config = EndpointConfig(model="m", base_url=HERE, api_key_env="SOME_KEY")
        for value, present in (("", False), (" ", False), ("k", True)):
            monkeypatch.setenv("SOME_KEY", value)
            assert config.key_present is present


class TestProvenance:
    def test_says_what_was_asked_without_secrets(self):
        """No address and no name of the key's variable."""
        config = EndpointConfig(
            model="m", base_url="https://gateway.example", allow_remote=True, api_key_env="SOME_KEY"
        )
        assert config.provenance() == {
            "endpoint": "remote",
            "allow_remote": True,
            "model": "m",
            "api": "chat",
            "structured": "auto",
        }
        assert EndpointConfig(model="m", base_url=HERE).provenance()["endpoint"] == "loopback"


class TestFile:
    def test_the_keys_are_the_fields(self, tmp_path):
        """From bytes or from a file."""
        text = f'model = "m"\nbase_url = "{HERE}"\nhedge = true\ndeadline_s = 3\n'
        (tmp_path / "model.toml").write_text(text)
        expected = EndpointConfig(model="m", base_url=HERE, hedge=True, deadline_s=3)
        assert EndpointConfig.from_toml(text.encode()) == expected
        assert EndpointConfig.from_toml(tmp_path / "model.toml") == expected

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                'modle = "m"\nkey = "x"\n',
                "/modle: expected one of the keys model, .*/key: expected one of the keys model",
            ),
            (f'base_url = "{HERE}"', "/model: expected this key"),
            ('model = "m"\napi = "x"', "/api: expected"),
            ('model = "m"', "allow_remote"),
            ('model = "m', "UTF-8 text in TOML"),
            ("model = 1979-05-27", "/model: expected text"),
        ],
    )
    def test_one_that_cannot_be_used(self, text, message):
        """All unknown keys are named at once."""
        with pytest.raises(NarrationConfigError, match=message):
            EndpointConfig.from_toml(text.encode())

    @pytest.mark.parametrize("data", [b"\xff", b"a = " + b"[" * 100_000])
    def test_bytes_that_are_no_toml(self, data):
        """No crash."""
        with pytest.raises(NarrationConfigError, match="UTF-8 text in TOML"):
            EndpointConfig.from_toml(data)

    def test_a_line_that_is_wrong_is_not_repeated(self):
        """It may hold the key."""
        with pytest.raises(NarrationConfigError, match="UTF-8 text in TOML") as caught:
            EndpointConfig.from_toml(b"api_key = sk-secret-1")
        assert "sk-secret" not in str(caught.value)
        assert caught.value.__context__ is None

    def test_a_file_that_cannot_be_read(self, tmp_path):
        """It is said."""
        with pytest.raises(FileAccessError, match="cannot be read"):
            EndpointConfig.from_toml(tmp_path / "missing.toml")
