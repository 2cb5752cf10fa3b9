#!/bin/sh
# Makes what compose.yaml needs in `secrets/` beside this script: passwords, RabbitMQ's users, and a TLS bundle.
#
#   generate-secrets.sh NAME...      names or addresses of the API, for the certificate
#
# Then put Tasker's token at ScanLedger into secrets/tasker.env. Nothing that is there already is changed.
set -eu
umask 077

if [ $# -lt 1 ]; then
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
folder=${SECRETS_DIRECTORY:-$here/secrets}
if [ -e "$folder" ]; then
    echo "$folder is there already" >&2
    exit 1
fi
mkdir -p "$folder"

password() { openssl rand -hex 24; }

# As RabbitMQ keeps passwords: base64 of four bytes of salt and the SHA-256 of salt and password.
password_hash() {
    salt=$(mktemp) && openssl rand -out "$salt" 4
    { cat "$salt"; { cat "$salt"; printf %s "$1"; } | openssl dgst -sha256 -binary; } | openssl base64 -A
    rm -f "$salt"
}

redis=$(password)
coordinator=$(password)
worker=$(password)
"$here/../generate-tls-bundle.sh" "$folder/bundle.pem" "$@"
printf 'requirepass %s\n' "$redis" >"$folder/redis-password.conf"
cat >"$folder/tasker.env" <<SETTINGS
REDIS_PASSWORD=$redis
RABBITMQ_USER=tasker
RABBITMQ_PASSWORD=$coordinator
TASKER_AUTH_TOKEN=
SETTINGS
cat >"$folder/worker.env" <<SETTINGS
RABBITMQ_HOST=rabbitmq
RABBITMQ_VHOST=tasker
RABBITMQ_USER=tasker-worker
RABBITMQ_PASSWORD=$worker
SETTINGS
sed -e "s|COORDINATOR_HASH|$(password_hash "$coordinator")|" -e "s|WORKER_HASH|$(password_hash "$worker")|" \
    "$here/rabbitmq-definitions.json" >"$folder/rabbitmq-definitions.json"
# Containers read these as other users. The folder, which no container sees, keeps them from other users of this host.
chmod 644 "$folder/bundle.pem" "$folder/redis-password.conf" "$folder/rabbitmq-definitions.json"
echo "$folder: now set TASKER_AUTH_TOKEN in tasker.env"
