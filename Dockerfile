# Small, without root, without an open port. Build: docker build -t tocsin .
# Run: docker run -d --name tocsin -e TELEGRAM_TOKEN=… -v tocsin-data:/app/data tocsin
# Own config: -v ./tocsin.yaml:/app/config/tocsin.yaml:ro. Other commands: docker exec tocsin tocsin status ru
#
# The base is plain Debian, not a Node image: package-lock.json brings the exact Node that Tocsin is tested with, and one is enough.
# A release names it by digest: --build-arg BASE=debian:trixie-slim@sha256:…
# `.ci/prove-dockerfile` builds this without a Docker engine, and runs what comes of it.

ARG BASE=debian:trixie-slim

FROM ${BASE} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libatomic1 nodejs npm
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY vendor ./vendor
# No --omit=optional: Node itself and other native parts are optional dependencies, one for each system.
RUN npm ci --omit=dev --no-audit --no-fund --no-update-notifier
COPY src ./src
COPY config ./config
COPY docs ./docs
COPY .ci/release ./.ci/release
COPY LICENSE README.md CHANGELOG.md ./
# What the npm package and the .deb hold, too; a release hands that in instead of this stage (.ci/release/make.ts).
RUN node src/launch.mjs .ci/release/tree.ts . && rm -rf .ci

FROM ${BASE}
ARG BASE
LABEL org.opencontainers.image.title="Tocsin" org.opencontainers.image.licenses="MIT" org.opencontainers.image.base.name="${BASE}"
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libatomic1 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin \
 && useradd --system --uid 10001 --home-dir /app/data --no-create-home --shell /usr/sbin/nologin tocsin
COPY --from=build /app /app
RUN install -d -o tocsin -g tocsin -m 700 /app/data \
 && printf '#!/bin/sh\nexec /app/node_modules/node-linux-*/bin/node /app/src/tocsin.mjs "$@"\n' > /usr/local/bin/tocsin \
 && chmod 755 /usr/local/bin/tocsin
WORKDIR /app
# The last word of `setup`, which runs in a container of docs/deploy/compose.yaml.
ENV TOCSIN_STARTS_BY="docker compose --profile one up -d"
USER tocsin
VOLUME /app/data
# The running bot writes a heartbeat into its database; this reads how old it is.
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 CMD ["tocsin", "check", "--alive"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["tocsin"]
CMD ["start"]
