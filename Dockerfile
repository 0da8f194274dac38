# Matinee as an image: docs/deploy.md says how to build, run and update it.
# It is built from wheels alone, which exist for amd64 and arm64 (make check-constraints).
ARG PYTHON=3.13
ARG BASE=docker.io/library/python:${PYTHON}-slim-bookworm

FROM ${BASE} AS build
COPY constraints.txt pyproject.toml README.md LICENSE /src/
COPY bot /src/bot
COPY recommender /src/recommender
COPY storage /src/storage
RUN python -m venv /opt/matinee \
    && /opt/matinee/bin/pip install --no-cache-dir --disable-pip-version-check \
        --only-binary=:all: -c /src/constraints.txt '/src[postgres]' \
    && /opt/matinee/bin/pip uninstall --yes --quiet pip

FROM ${BASE}
RUN useradd --system --user-group --uid 10001 --home-dir /data --shell /usr/sbin/nologin matinee \
    && install -d -m 0700 -o matinee -g matinee /data
COPY --from=build /opt/matinee /opt/matinee
ENV PATH=/opt/matinee/bin:$PATH \
    MATINEE_DATA=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
# While the bot starts, a failed check does not count for two minutes.
HEALTHCHECK --interval=30s --timeout=15s --start-period=120s --retries=3 CMD ["matinee", "healthcheck"]
ENTRYPOINT ["matinee"]
CMD ["run"]
