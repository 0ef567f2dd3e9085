# SPDX-License-Identifier: Apache-2.0
# Sluice on the CPU.
#   docker build -t sluice .
#   docker run --rm -p 8000-8002:8000-8002 sluice
#   docker run --rm -p 8000-8002:8000-8002 -v "$PWD/models:/models:ro" sluice \
#     serve --host 0.0.0.0 --model-repository /models

FROM eclipse-temurin:25-jdk-noble AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends maven \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# The tests have run before an image is made (.ci/run).
RUN --mount=type=cache,target=/m2 \
    mvn -B -ntp -Dmaven.repo.local=/m2 -DskipTests -pl '!clients' verify \
 && mv server/target/dist/sluice-* /sluice

FROM debian:bookworm-slim
# libgomp1, libstdc++6: ONNX Runtime, libtorch and the tokenizers.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 libstdc++6 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /home/sluice --create-home sluice \
 && install -d -o sluice -g sluice /var/cache/sluice
COPY --from=build /sluice /opt/sluice
ENV PATH=/opt/sluice/bin:$PATH \
    SLUICE_CACHE=/var/cache/sluice \
    LANG=C.UTF-8
USER 10001
VOLUME /var/cache/sluice
# HTTP, gRPC, admin and metrics.
EXPOSE 8000 8001 8002
# Drains: not ready at once, what was accepted is answered, then the end.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["sluice", "health"]
ENTRYPOINT ["sluice"]
# Only here, behind the container's own network, does Sluice listen on every address.
CMD ["serve", "--host", "0.0.0.0"]
