# The action's image: the program and the CA certificates, nothing else. The
# user is root, because the runner mounts files that only root may write.
FROM golang:1.26 AS build
ENV CGO_ENABLED=0 GOFLAGS=-buildvcs=false
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -trimpath -ldflags '-s -w' -o /zis ./cmd/zis

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /zis /zis
ENTRYPOINT ["/zis"]
