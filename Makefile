# Das Portal in zwei Befehlen: "make run" startet es, "make test" prüft alles. "make help" nennt den Rest.
# Auf einer neuen Maschine genügen git, make und Python ab 3.11; alles andere holen die Ziele selbst.

PORT ?= 8000
PYTHON ?= python3
SECONDS ?= 3
export PORT PYTHON

.DEFAULT_GOAL := help
.PHONY: help run stop reset test proof bench check lock

help: ## Diese Übersicht
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s  %s\n", $$1, $$2 }' Makefile

run: ## Demonstration auf http://localhost:8000 starten (anderer Anschluss: make run PORT=8080)
	@bin/free-port
	@bin/prepare run
	@bin/run

stop: ## Eine laufende Demonstration beenden
	@bin/stop

reset: stop ## Alle Daten der Demonstration löschen; "make run" beginnt danach von vorn
	@rm -rf var
	@echo "Die Daten der Demonstration sind gelöscht. Mit \"make run\" beginnen Sie neu."

test: ## Alles prüfen: Regeln, Tests auf SQLite und auf PostgreSQL mit Redis, Wege im Browser
	@bin/prepare test
	@.venv/bin/python bin/test.py all

proof: ## Wie "make test", aber jede Seite in allen Darstellungen (hell, dunkel, breit, schmal) und alle Nachweise groß
	@bin/prepare test
	@FULL=1 .venv/bin/python bin/test.py all

bench: ## Geschwindigkeit messen, auf PostgreSQL und gunicorn (jede Messung länger: make bench SECONDS=10)
	@bin/prepare test
	@.venv/bin/python -m bin.bench $(SECONDS)
	@.venv/bin/python -m bin.bench.documentation

check: ## Nur die schnellen Prüfungen: Stil, Importe, Migrationen, Vorlagen, Typen
	@bin/prepare tools
	@.venv/bin/python bin/test.py checks

lock: ## requirements/*.txt aus pyproject.toml neu festschreiben (braucht uv; neuere Fassungen: make lock UPGRADE=--upgrade)
	@bin/lock $(UPGRADE)
