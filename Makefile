# Two commands on a fresh machine: `make report` and `make test`. Needs python3 (3.11 or newer), python3-venv, make, git.
PYTHON ?= python3
VENV ?= .venv
OUT ?= out
SAMPLE ?= samples/valid/published_c04_acdf.json
PYTEST_ARGS ?=
WORKERS ?= auto
BENCH_ARGS ?=
RATIOS ?= bench/ratios.json
FAX_ARGS ?=
FAITHFULNESS_ARGS ?=

BIN := $(VENV)/bin
READY := $(VENV)/.ready
LONG := not fresh_install and not verapdf

.DEFAULT_GOAL := report
.PHONY: report test test-all lint cov schemas goldens bench bench-gate bench-full bench-peers fax faithfulness clean

report: $(READY) ## write the report of a published case to $(OUT)
	mkdir -p $(OUT)
	$(BIN)/report-gen generate $(SAMPLE) -o $(OUT) --force --timings

test: $(READY) ## run the tests on all cores; PYTEST_ARGS reach pytest
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

test-all: $(READY) ## the same with whole tables and long properties
	REPORT_GEN_TESTS=all $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "$(LONG)" $(PYTEST_ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --explicit-package-bases bench trials

cov: $(READY)
	$(BIN)/python -m pytest --cov --cov-report=term $(PYTEST_ARGS)

schemas: $(READY) ## rewrite schemas/ from the models
	$(BIN)/report-gen schema --write

goldens: $(READY) ## rewrite the wording and the questions that tests/golden holds
	REPORT_GEN_WRITE_GOLDENS=1 $(BIN)/python -m pytest -q tests/draft/test_golden.py tests/llm/question/test_prompt.py

bench: $(READY) bench-peers ## measure everything in six minutes, to bench/results, and hold its ratios from now on
	$(BIN)/python -m bench run $(BENCH_ARGS)
	$(BIN)/python -m bench gate --renew --to $(RATIOS)

bench-gate: $(READY) ## a minute that fails when reports have become slower or come late
	$(BIN)/python -m bench gate

bench-full: $(READY) bench-peers ## the same, longer and steadier: half an hour
	$(BIN)/python -m bench run --full $(BENCH_ARGS)

# A peer that cannot be installed here is skipped by the bench, with the reason.
bench-peers: $(READY)
	install="$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt"; \
	$$install fpdf2 python-docx typst weasyprint || for peer in fpdf2 python-docx typst weasyprint; do \
	  $$install $$peer || echo "$$peer cannot be installed here; the bench says so"; \
	done

fax: $(READY) ## print what tesseract reads of faxed reports; FAX_ARGS reach the trial
	$(BIN)/python -m trials.fax $(FAX_ARGS)

faithfulness: $(READY) ## print what the guard catches and what it refuses without need; FAITHFULNESS_ARGS reach the trial
	$(BIN)/python -m trials.guard $(FAITHFULNESS_ARGS)

clean:
	rm -rf out build dist htmlcov .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The environment is rebuilt on top of itself whenever what it is made from changes.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	$(BIN)/python -m compileall -q report_gen
	touch $@
