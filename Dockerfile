# The action's image: the program and the CA certificates, nothing else. The
# user is root, because the runner mounts files that only root may write.
FROM golang:1.26 AS build
ENV CGO_ENABLED=0
# The libraries that a run spends no time in aren't inlined: a tenth less to
# pull. .ci/build takes the flags from here.
ENV GOFLAGS="-trimpath -buildvcs=false -gcflags=all=-l -gcflags=github.com/zisdeploy/zis-deploy/internal/source= -gcflags=github.com/zisdeploy/zis-deploy/internal/expr/...= -gcflags=github.com/zisdeploy/zis-deploy/internal/lint= -gcflags=github.com/zisdeploy/zis-deploy/internal/flow= -gcflags=github.com/zisdeploy/zis-deploy/internal/zis= -gcflags=runtime/...= -gcflags=internal/...= -gcflags=strings= -gcflags=bytes= -gcflags=strconv= -gcflags=unicode/...= -gcflags=slices= -gcflags=github.com/itchyny/...= -gcflags=github.com/go-json-experiment/...="
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -ldflags '-s -w' -o /zis ./cmd/zis

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /zis /zis
ENTRYPOINT ["/zis"]
