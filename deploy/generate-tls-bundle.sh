#!/bin/sh
# Makes a self-signed certificate with its key in one PEM file, for the settings tls_bundle and scanledger_ca_file.
#
#   generate-tls-bundle.sh FILE NAME...     names or addresses of the service, for example: tasker tasker.example 192.0.2.7
#
# Valid for DAYS days (825 if not set). For an authority's certificate, put the chain and the key into one file instead.
set -eu
umask 077

if [ $# -lt 2 ]; then
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
file=$1
shift
if [ -e "$file" ]; then
    echo "$file is there already" >&2
    exit 1
fi

subject=$1
names=
for name in "$@"; do
    case $name in
    *:*) kind=IP ;;
    *[!0-9.]*) kind=DNS ;;
    *) kind=IP ;;
    esac
    names=${names:+$names,}$kind:$name
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days "${DAYS:-825}" \
    -subj "/CN=$subject" -addext "subjectAltName=$names" \
    -keyout "$folder/key" -out "$folder/certificate" 2>"$folder/errors" || { cat "$folder/errors" >&2; exit 1; }
cat "$folder/certificate" "$folder/key" >"$file"
echo "$file: $names, $(openssl x509 -in "$file" -noout -enddate)"
