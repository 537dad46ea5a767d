#!/bin/sh
set -eu
REDISCLI_AUTH=$(cat /run/secrets/broker_password)
export REDISCLI_AUTH
test "$(valkey-cli ping)" = PONG
