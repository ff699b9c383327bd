# The image is one binary on Debian, run by a user without rights. Its build lines are targets of the Makefile,
# so that they are exercised without Docker too.

FROM rust:1.96-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# What changes seldom comes first: the tools stay in a layer of their own while only our sources change.
COPY Makefile Cargo.toml ./
COPY .ci .ci
COPY style/package.json style/package-lock.json style/
RUN .ci/toolchain build
COPY . .
RUN make build

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin connections
COPY --from=build /source/target/release/connections /usr/local/bin/connections
USER connections
# All interfaces of the container; what reaches them is decided where the container is started.
ENV CONNECTIONS_LISTEN=0.0.0.0:3000
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT ["connections"]
CMD ["serve"]
