# One image for web, worker and beat (docker-compose.yml names the command of each). Debian 12, because the suite runs
# there: its Python 3.11 and its PostgreSQL 15 client belong together, and Debian keeps both secure.

FROM debian:12.12-slim AS packages
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/portal
COPY requirements/run.txt requirements/run.txt
# At the same path as in the image below: a virtual environment cannot move.
RUN python3 -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/run.txt

FROM debian:12.12-slim
# libpango*, fonts: PDF files. postgresql-client: pg_dump, pg_restore and psql for manage.py backup and restore.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get upgrade -y \
    && apt-get install -y --no-install-recommends ca-certificates fonts-dejavu-core libpango-1.0-0 libpangoft2-1.0-0 \
       postgresql-client python3 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --no-create-home --uid 10001 --user-group --home-dir /nonexistent --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0700 /srv/portal/data /srv/portal/backups
WORKDIR /srv/portal
# Two arenas for all threads: otherwise each keeps memory of its own that it once needed for a long list.
ENV PATH=/srv/portal/.venv/bin:$PATH \
    MALLOC_ARENA_MAX=2 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BIND=0.0.0.0:8000 \
    WEB_PROCESSES=2 \
    DATA_DIR=/srv/portal/data \
    STATIC_DIR=/srv/portal/static-built
COPY --from=packages /srv/portal/.venv .venv
COPY . .
# The code belongs to root: what the portal runs as cannot change it. The values are for this step alone.
RUN python -m compileall -q -j 0 .venv core users members meetings declarations mailings netzwerk \
    && SECRET_KEY=unused SITE_URL=https://localhost MAIL_FROM=unused@localhost EMAIL_URL=smtp://localhost \
       DATABASE_URL=sqlite:////tmp/unused CELERY_BROKER_URL=redis://localhost \
       python manage.py collectstatic --no-input --verbosity 0
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "bin/answers.py", "8000", "/healthz"]
CMD ["gunicorn"]
