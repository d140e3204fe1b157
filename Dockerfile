# The portal: one image for the web process, the worker and the commands. docs/operations.md, "With containers".
# The second stage has no compiler, no package cache and nothing that the running portal may change.

FROM python:3.12-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8 PATH=/srv/portal/venv/bin:$PATH
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-noto-cjk libharfbuzz-subset0 libmagic1 libpango-1.0-0 libpangoft2-1.0-0 postgresql-client \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/portal

FROM base AS build
RUN apt-get update && apt-get install -y --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
RUN python -m venv venv && pip install --no-cache-dir --quiet uv
COPY requirements.lock .
RUN VIRTUAL_ENV=/srv/portal/venv UV_LINK_MODE=copy uv pip sync --no-cache --require-hashes --compile-bytecode requirements.lock
COPY manage.py pyproject.toml ./
COPY accounts accounts
COPY cms cms
COPY locale locale
COPY portal portal
COPY progress progress
COPY templates templates
RUN find locale -name '*.po' | while read -r file; do msgfmt --output-file="${file%.po}.mo" "$file" || exit 1; done \
    && python -m compileall -q accounts cms portal progress \
    && PORTAL_MODE=production SECRET_KEY=none-is-needed-for-this ALLOWED_HOSTS=localhost \
       DATABASE_URL=sqlite://:memory: PORTAL_DATA=/tmp/data STATIC_ROOT=/srv/portal/static \
       python manage.py collectstatic --no-input --verbosity 0

FROM base
# Its number is that of the folder's files, wherever that is mounted.
RUN groupadd --gid 10001 portal && useradd --uid 10001 --gid portal --home-dir /var/lib/portal --no-log-init portal \
    && install -d -o portal -g portal -m 0750 /var/lib/portal /var/backups/portal
COPY --from=build /srv/portal /srv/portal
ENV PORTAL_DATA=/var/lib/portal STATIC_ROOT=/srv/portal/static BIND=0.0.0.0 PORT=8000 WEB_WORKERS=2 WEB_THREADS=4
USER 10001:10001
VOLUME ["/var/lib/portal"]
EXPOSE 8000
# exec: the process that is signalled is gunicorn's or the cluster's parent, which lets its children finish.
ENTRYPOINT ["/bin/sh", "-c", "umask 027; exec \"$@\"", "portal"]
CMD ["/bin/sh", "-c", "exec gunicorn portal.wsgi --worker-class gthread --workers $WEB_WORKERS --threads $WEB_THREADS --no-control-socket --bind $BIND:$PORT --graceful-timeout 20 --max-requests 5000 --max-requests-jitter 500 --worker-tmp-dir /dev/shm"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:' + os.environ['PORT'] + '/health/live', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}), timeout=8)"]
