# One static binary in an empty image, as a user without rights.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG VERSION=dev
ARG COMMIT=unknown
ARG BUILT=unknown
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath \
      -ldflags "-s -w -X parley/internal/build.version=$VERSION -X parley/internal/build.commit=$COMMIT -X parley/internal/build.built=$BUILT" \
      -o /out/parley ./cmd/parley \
    && mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/parley /parley
# The folder carries its owner into a new volume.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV PARLEY_STORE_DSN=sqlite:/data/parley.db \
    PARLEY_ADMIN_ADDR=0.0.0.0:9090 \
    PARLEY_LOG_FORMAT=json
VOLUME /data
# 8080: HTTP and WebSocket. 9090: metrics and health; keep it off the public network.
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=3 CMD ["/parley", "health"]
ENTRYPOINT ["/parley"]
CMD ["serve"]
