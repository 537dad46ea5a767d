#!/bin/sh
# The broker, its password read from a file: never in the environment or a process list.
set -eu
printf 'requirepass %s\n' "$(cat /run/secrets/broker_password)" | exec valkey-server - \
    --dir /data --appendonly yes --appendfsync everysec --save '' \
    --maxmemory 256mb --maxmemory-policy noeviction
