# The commands of Whatnow. `make help` lists them.
SHELL := /bin/bash
PY := .venv/bin/python
export HF_HUB_OFFLINE := 1
export ORT_DISABLE_TELEMETRY := 1
export RASA_TELEMETRY_ENABLED := false
export Q CODE PERSON FOLDER
export TOKENIZERS_PARALLELISM := false
.DEFAULT_GOAL := help
.PHONY: help install build train run replicas renew chat ask ask-lines test evaluate errors bench bench-ack bench-replicas bench-scale bench-intents bench-encoders curve data-check lint format types tune encoder head masking faults chaos hostile soak fuzz erase export pictures slack-manifest teams-package training-verify training-report training-export training-erase backup restore

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: ## make both Python environments where they are missing
	@bot/install.sh

build: install ## build the index and the trained head where their sources have changed
	@$(PY) -m knowledge.cli build

train: install ## train the dialogue model where its sources have changed
	@.venv-rasa/bin/python -W ignore -m bot.train

run: install ## install, build, train, start everything; Ctrl-C stops it
	@exec $(PY) -m bot.run

replicas: install ## several of each part behind nginx (needs PostgreSQL and Redis: docs/deploy.md)
	@exec $(PY) -m bot.replicas

renew: install ## have running replicas take over an edited policy, with no turn lost
	@$(PY) -m bot.renewal

chat: install ## a conversation in the terminal (starts Whatnow where it is not running)
	@$(PY) -m bot.chat

ask: install ## one answer: make ask Q="a parent added me on Facebook"
	@$(PY) -m knowledge.cli ask -- "$$Q"

ask-lines: install ## one message a line in, one reply object a line out (use make -s)
	@$(PY) -m knowledge.cli ask-lines

test: install ## install what is missing and run every test
	@tests/install.sh
	@$(PY) -m pytest

pictures: install ## draw the page and the widget anew for the docs
	@tests/install.sh
	@WHATNOW_KEEP_PICTURES=1 $(PY) -m pytest -q tests/browser/test_pictures.py tests/browser/test_training_page.py tests/browser/test_slack_page.py tests/browser/test_playground.py

evaluate: install ## score the frozen test set, the engine alone and through Rasa, beside the baselines
	@$(PY) -m bot.evaluate

errors: install ## class every miss on the tuning set
	@$(PY) -m knowledge.study

bench: install ## time the engine and the whole reply, as ratios in one run
	@$(PY) -m bot.bench

bench-ack: install ## how soon Slack and Teams are thanked while an answer takes seconds
	@$(PY) -m bot.bench_ack

bench-replicas: install ## one of each part against two, behind the proxy
	@$(PY) -m bot.bench_replicas

bench-scale: install ## build and time indexes of a thousand to a million clauses
	@$(PY) -m knowledge.bench_scale

bench-intents: install ## the engine's classifier on public benchmarks, beside published figures
	@$(PY) -m knowledge.bench_intents

bench-encoders: install ## other sentence encoders beside ours: make bench-encoders FOLDERS="folder ..."
	@$(PY) -m knowledge.bench_encoders $(FOLDERS)

curve: install ## how accuracy grows with the number of wordings
	@$(PY) -m knowledge.curve

training-verify: install ## say whether the training record is intact; CODE=... what a certificate proves
	@$(PY) -m knowledge.training.cli verify --code "$$CODE"

training-report: install ## write training-report/: who is complete, due, overdue, and what is got wrong
	@$(PY) -m knowledge.training.cli report

training-export: install ## all that the record holds of a person: make training-export PERSON="..."
	@$(PY) -m knowledge.training.cli export -- "$$PERSON"

training-erase: install ## erase who a person was in the record: make training-erase PERSON="..."
	@$(PY) -m knowledge.training.cli erase -- "$$PERSON"

backup: install ## copy all that must not be lost, while it runs: make backup FOLDER=/backup/today
	@$(PY) -m bot.backup save -- "$$FOLDER"

restore: install ## put a back-up in its place, with Whatnow stopped: make restore FOLDER=... (REPLACE=1 over another state)
	@$(PY) -m bot.backup restore $(if $(REPLACE),--replace) -- "$$FOLDER"

slack-manifest: install ## print the manifest of the Slack app (set WHATNOW_HOME first)
	@$(PY) -m bot.gateway.slack_manifest

teams-package: install ## write the package of the Teams app (set WHATNOW_HOME and WHATNOW_TEAMS_... first)
	@$(PY) -m bot.gateway.teams_package

data-check: install ## check clauses, procedures and wordings
	@$(PY) -m knowledge.cli data-check

lint: install ## ruff and the import rules
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/lint-imports --no-cache

format: install ## let ruff write the code as the house has it
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

types: install ## mypy, strict
	@.venv/bin/mypy

tune: install ## choose weights and thresholds on the tuning set
	@$(PY) -m knowledge.tune

encoder: install ## train the encoder's upper layers and the head anew (an hour on two cores)
	@$(PY) -m knowledge.finetune

masking: install ## fit the tagger of names anew (minutes)
	@$(PY) -m bot.masking.fit

faults: install ## break one part at a time, and each database: what staff get, and how soon
	@$(PY) -m bot.faults

chaos: install ## kill parts at random, 200 times, while people talk and practise (half an hour)
	@$(PY) -m bot.chaos

hostile: install ## throw 10,000 hostile messages at the real servers: N=... for another number
	@$(PY) -m bot.hostile $(N)

soak: install ## 10,000 turns: does the memory of any process grow? N=... for another number
	@$(PY) -m bot.soak $(N)

fuzz: install ## a minute of bytes that look for ever more of the readers' code
	@$(PY) -m bot.fuzz -max_total_time=60

erase: install ## erase all that is held of a person: make erase PERSON="slack:TEAM:USER, teams:TENANT:ID or a name"
	@$(PY) -m bot.person erase -- "$$PERSON"

export: install ## print all that is held of a person: make export PERSON="..."
	@$(PY) -m bot.person export -- "$$PERSON"

head: install ## fit the committed head on the present wordings (minutes)
	@$(PY) -m knowledge.build
