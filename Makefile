# Every target works on a bare machine with Python 3.11, pip, make and gcc.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
export UV_SYSTEM_CERTS := 1
export UV_LINK_MODE := copy
export UV_COMPILE_BYTECODE := 1
# Where it is set, each of a hundred processes of the tests would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install run test drill check bench lock clean

install: $(VENV)/.installed

.tools/bin/uv:
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools uv

$(VENV)/.installed: $(UV) requirements-dev.lock pyproject.toml
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

run: install
	@$(BIN)/oim up

test: install
	@$(BIN)/python -m pytest --numprocesses 2 --no-loadscope-reorder

drill: install
	@$(BIN)/python -m pytest --drills

check: install
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/ruff check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: install
	@$(BIN)/oim bench

lock: $(UV)
	@$(UV) pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' requirements.in -o requirements.lock
	@$(UV) pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' requirements-dev.in -o requirements-dev.lock

clean:
	@rm -rf $(VENV) .tools
