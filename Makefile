# `make demo` and `make test` set up what they need; nothing has to be installed by hand but Python >= 3.11 and make.
PYTHON ?= python3
VENV ?= .venv
CONSTRAINTS ?= constraints.txt
BIN := $(VENV)/bin
# Workers of the tests; each takes about a gigabyte.
JOBS ?= 2
STAMP := $(VENV)/.installed
TRAIN_STAMP := $(VENV)/.installed-train

.PHONY: demo test test-fast lint serve model clean

demo: $(STAMP)
	$(BIN)/countervoice demo --out out

test: lint
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile
	$(BIN)/python -m pytest -m slow -n $(JOBS) --dist loadfile

test-fast: $(TRAIN_STAMP)
	$(BIN)/python -m pytest

lint: $(TRAIN_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

serve: $(STAMP)
	$(BIN)/countervoice serve --state out

# A checkpoint of the default kind, from the corpora to build/model: hours on two cores, resumable at every step.
CORPORA ?= ../corpora
model: $(TRAIN_STAMP)
	$(BIN)/countervoice pretrain --corpora $(CORPORA) --out build/encoder
	$(BIN)/countervoice graft --corpora $(CORPORA) --start build/encoder --out build/grafted
	$(BIN)/countervoice corpora --corpora $(CORPORA) --out build/labelled.parquet
	$(BIN)/countervoice train --data build/labelled.parquet --encoder build/grafted --to-teacher --contrast 1 --out build/model
	$(BIN)/countervoice evaluate --data build/labelled.parquet --model build/model --out build/scorecard.csv --card --retrieval build/encoder/retrieval.json

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed: make PYTHON=python3.12"'
	$(PYTHON) -m venv $(VENV)

$(STAMP): $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Setting up $(VENV): about 2 GB, a few minutes the first time."
	$(BIN)/python -m pip install --progress-bar on -c $(CONSTRAINTS) -e '.[torch]'
	touch $@

$(TRAIN_STAMP): $(STAMP)
	$(BIN)/python -m pip install --progress-bar on -c $(CONSTRAINTS) -e '.[train,lora,openvino,dev]'
	touch $@

clean:
	rm -rf out build .pytest_cache .mypy_cache .ruff_cache
