FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/crosspost
WORKDIR /build
COPY pyproject.toml constraints.txt README.md ./
COPY src src
RUN /opt/crosspost/bin/pip install --constraint constraints.txt . \
    # Google's library brings descriptions of several hundred services, 100 MB of them; only YouTube is used.
    && find /opt/crosspost -path '*/discovery_cache/documents/*.json' ! -name 'youtube.v3.json' -delete \
    && /opt/crosspost/bin/pip uninstall --yes pip

FROM python:3.13-slim
# With it the letters on drawn cards and films are kerned; Pillow brings the rest, and PyAV all that films need.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libfribidi0 \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 crosspost \
    && useradd --uid 10001 --gid crosspost --home-dir /app --no-create-home --shell /usr/sbin/nologin crosspost \
    && install --directory --owner crosspost --group crosspost --mode 0750 /app /app/data /app/config
COPY --from=build /opt/crosspost /opt/crosspost
ENV PATH=/opt/crosspost/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /app
USER crosspost
# The ledger lives in data: on a volume it survives the container, and with it the knowledge of what was sent.
VOLUME ["/app/data", "/app/config"]
HEALTHCHECK --interval=1m --timeout=15s --start-period=1m --retries=3 CMD ["crosspost", "status", "--health"]
ENTRYPOINT ["crosspost"]
CMD ["run"]
