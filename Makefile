# `make run` to try Alur, `make test` before you hand anything in.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
CORES := $(shell getconf _NPROCESSORS_ONLN)

.PHONY: setup run test bench check words assets browser

setup: $(VENV)/.installed assets ## Install Alur into .venv and build what the browser gets

run: setup ## Serve the demo at http://127.0.0.1:8000
	$(BIN)/alur run --demo

test: setup $(VENV)/.test browser ## Every test
	$(BIN)/pytest --numprocesses $(CORES) --dist loadfile

check: $(VENV)/.installed $(VENV)/.check ## Linters and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

words: $(VENV)/.installed ## The English catalogue: what the code says anew, and what has no English yet
	$(BIN)/python tools/words.py

bench: setup $(VENV)/.test ## The measurements
	$(BIN)/python -m tests.bench $(PART)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Alur needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv is missing: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: setup.cfg pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.test $(VENV)/.check: $(VENV)/.%: setup.cfg | $(VENV)/.installed
	$(PIP) --editable '.[$*]'
	@touch $@

# Only a machine without node gets one, from PyPI, into .venv.
assets: $(VENV)/.installed
	@$(BIN)/python tools/assets.py requirements | xargs -r $(PIP)
	@$(BIN)/python tools/assets.py

# The browser tests drive Debian's Chromium.
APT := DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300
browser:
	@command -v chromium >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && $(APT) update && $(APT) install --no-install-recommends chromium >/dev/null; } \
	|| echo "The browser tests need Chromium: sudo apt install chromium"
