"""The endpoint works with the older major version of the library too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MODULES = (
    "openai/test_wire",
    "test_config",
    "openai/test_adapter",
    "openai/test_adapter_privacy",
    "openai/test_probe",
    "openai/test_llmock",
    "openai/test_aimock",
)


@pytest.mark.fresh_install
class TestMajors:
    # 2.20 is the oldest that pyproject.toml admits; the newest 2.x is the last on the older HTTP library.
    @pytest.mark.parametrize("wanted", ["openai==2.20.0", "openai>=2.20,<3"])
    def test_the_tests_of_the_endpoint_pass_with_version_2(self, tmp_path, wanted):
        """In an environment of its own, without the mocker that only version 3 needs."""
        python = tmp_path / "venv" / "bin" / "python"
        bare = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}

        def run(*command: object) -> str:
            done = subprocess.run(
                list(map(str, command)), cwd=ROOT, env=bare, capture_output=True, text=True, timeout=900, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        run(sys.executable, "-m", "venv", tmp_path / "venv")
        run(python, "-m", "pip", "install", "--quiet", f"{ROOT}[llm]", wanted, "pytest", "respx", "llmock")
        assert run(python, "-c", "import openai; print(openai.VERSION)").startswith("2.")
        modules = [f"tests/llm/{name}.py" for name in MODULES]
        assert " passed" in run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *modules)
